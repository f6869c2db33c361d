"""What every story may ask for."""

import pytest

from tests.city import City
from tongdai.platform.tests.server import django_db_setup

__all__ = ["django_db_setup"]  # ours, in place of pytest-django's


@pytest.fixture
def city(db: None) -> City:
    """A small city, made for this test alone."""
    return City()
