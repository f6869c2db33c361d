"""The real peers: each is started once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.city import forget_snapshots
from tests.house import House, free_port
from tongdai.peers.smsc.peer import Control, Peer, start_peer

from .line import CITY, told
from .smsc import GENTLE, STARTS_WITHIN, SmsProcess, until


@pytest.fixture(scope="session")
def smsc_peer() -> Iterator[Peer]:
    peer = start_peer()
    yield peer
    peer.stop()


@pytest.fixture
def smsc(smsc_peer: Peer) -> Iterator[Control]:
    """The SMSC in a good mood, with nothing left of the test before."""
    smsc_peer.control.behave(**GENTLE)
    smsc_peer.control.forget()
    yield smsc_peer.control
    smsc_peer.control.behave(**GENTLE)


@pytest.fixture
def sms(transactional_db: None, smsc: Control, smsc_peer: Peer) -> Iterator[SmsProcess]:
    """The sms process, started by the test that wants it, stopped before its database is emptied."""
    forget_snapshots()
    process = SmsProcess(smsc_peer.url)
    yield process
    process.end()
    until(lambda: smsc.counts()["links"] == 0)


@pytest.fixture
def line(sms: SmsProcess, smsc: Control) -> SmsProcess:
    """The sms process, bound."""
    sms.start()
    until(lambda: smsc.counts()["links"] == 1, within=STARTS_WITHIN)
    return sms


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    names = ("TONGDAI_SIP_PORT", "TONGDAI_PHONES_PORT", "TONGDAI_EXCHANGE_PORT")
    ports = {name: str(free_port()) for name in names}
    with House(**ports, TONGDAI_RTP_PORTS="42000-42999") as house:
        assert told(house, CITY) == "ok"
        assert house.run("exchange", "configure").returncode == 0
        yield house
