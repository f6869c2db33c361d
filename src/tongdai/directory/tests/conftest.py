"""The tests' data lies beside the repository; a clone alone has none."""

import os
from pathlib import Path

import pytest

from tongdai.directory import snapshot
from tongdai.directory.places.loading import load_hai_phong_2022, load_province

HERE = Path(__file__).resolve()


@pytest.fixture
def boundaries_file() -> Path:
    folder = Path(os.environ.get("TONGDAI_TEST_DATA") or HERE.parents[5] / "shared" / "data")
    file = folder / "haiphong-wards-2025.geojson"
    if not file.exists():
        pytest.skip(f"{file} is not here: the boundaries are test data kept beside the repository (TONGDAI_TEST_DATA)")
    return file


@pytest.fixture
def hai_phong(db: None) -> None:
    load_province("31")
    snapshot.forget()


@pytest.fixture
def hai_phong_2022(db: None) -> None:
    load_hai_phong_2022()
    snapshot.forget()
