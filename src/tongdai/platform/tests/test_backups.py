"""A city saved and brought back is the same city, row by row and file by file."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.city import City
from tests.house import open_folder
from tongdai.platform import postgres


def tongdai(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TONGDAI_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "tongdai", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def rows_of(link: psycopg.Connection[tuple[object, ...]]) -> dict[str, str]:
    """Every table, as the digest of its rows in order."""
    tables = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return {
        str(name): str(
            link.execute(
                f"SELECT md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{name}\" t"
            ).fetchone()
        )  # type: ignore[arg-type]
        for (name,) in tables
    }


@pytest.mark.django_db(transaction=True)
def test_a_restored_city_is_the_same_row_by_row_and_file_by_file() -> None:
    city = City()
    city.answered("Rác tràn ra hè phố", name="Phạm Văn Lực")
    city.case("Tôi tố cáo", topic="denunciation")
    home, other, file = Path(os.environ["TONGDAI_HOME"]), open_folder(), open_folder() / "city.tar"
    stored = home / "files" / "2022" / "ảnh.jpg"
    stored.parent.mkdir(parents=True, exist_ok=True)
    stored.write_bytes(os.urandom(5000))

    saved = tongdai(home, "backup", str(file))
    assert saved.returncode == 0, saved.stderr
    assert file.stat().st_mode & 0o077 == 0
    with postgres.cluster().connect() as link:
        before = rows_of(link)

    restored = tongdai(other, "restore", str(file))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    os.environ["TONGDAI_HOME"] = str(other)
    try:
        with postgres.running() as it, it.connect() as link:
            after = rows_of(link)
    finally:
        os.environ["TONGDAI_HOME"] = str(home)
    assert after == before and len(before) > 20
    copy = other / "files" / "2022" / "ảnh.jpg"
    assert hashlib.sha256(copy.read_bytes()).digest() == hashlib.sha256(stored.read_bytes()).digest()
    assert (other / "secrets" / "key").read_text() == (home / "secrets" / "key").read_text()

    again = tongdai(other, "restore", str(file))
    assert again.returncode != 0 and "a city here already" in (again.stdout + again.stderr).replace("\n", " ")
