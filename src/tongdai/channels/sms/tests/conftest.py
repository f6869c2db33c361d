import pytest

from tests.city import forget_snapshots

from .network import Network


@pytest.fixture
def network(db: None) -> Network:
    forget_snapshots()  # topics of another test's city
    return Network()
