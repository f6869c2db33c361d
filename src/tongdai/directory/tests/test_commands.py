"""`tongdai places`, as an administrator runs it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.house import open_folder


def tongdai(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TONGDAI_HOME": str(home)}
    return subprocess.run(
        [sys.executable, "-m", "tongdai", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def test_places_are_loaded_once_and_a_wrong_file_or_code_is_told() -> None:
    home = open_folder()
    assert tongdai(home, "migrate").returncode == 0
    assert "31  Thành phố Hải Phòng" in tongdai(home, "places", "list").stdout
    first, second = tongdai(home, "places", "load", "31"), tongdai(home, "places", "load", "31")
    assert first.returncode == 0, first.stderr
    assert " 0 mới" in " " + second.stdout.strip()
    assert tongdai(home, "places", "load", "00").returncode == 2
    wrong = home / "wrong.geojson"
    wrong.write_text("xin chào")
    refused = tongdai(home, "places", "boundaries", str(wrong))
    assert refused.returncode == 2 and "GeoJSON" in refused.stdout
