"""Nobody is taken for the carrier, for an agent or for a citizen: foreign INVITEs over every way there is to the exchange."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from tests.house import House
from tongdai.channels.voice.asterisk.softphones import BURST
from tongdai.peers.sip.desks import proof

from .hearing import wait_until
from .line import NEEDS_EXCHANGE, heard, told
from .wire import Page, Wire

pytestmark = NEEDS_EXCHANGE

CITIZEN = "+84912000081"
AS_HER = f"P-Asserted-Identity: <sip:{CITIZEN}@carrier>\r\nRemote-Party-ID: <sip:{CITIZEN}@carrier>;party=calling\r\n"
CALLS = """
from tongdai.channels.voice.models import Call
from tongdai.people.models import Channel, Contact, Interaction
her = Contact.objects.filter(phone="+84912000081").count()
print(Call.objects.count(), her, Interaction.objects.filter(channel=Channel.VOICE).count())
"""
AGENTS = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tongdai.accounts.models import User
from tongdai.channels.voice.models import Line
from tongdai.platform import wake
for name, kind in (("trong-trang", "webrtc"), ("may-ban", "sip")):
    user = User.objects.create_user(username=name, password="nghe máy thử 1022", full_name=name, role="call_taker")
    line = Line.objects.create(user=user, kind=kind)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    print(line.endpoint, line.secret, session.session_key)
wake.wake("lines", [1])
"""
REFUSED = """
from tongdai.channels.voice.models import Refusal
print(sorted(set(Refusal.objects.values_list("door", "reason", "network"))))
"""
SIGNED_OUT = """
from django.contrib.sessions.models import Session
from tongdai.platform import wake
Session.objects.filter(pk="{session}").delete()
wake.wake("viewers", [1])
"""
ONE_WITH_DIGEST = """
from tongdai.channels.voice.trunks.joining import join
proves = {"username": "nha-mang", "secret": "mật khẩu", "digest": True}
join("nhà mạng ba", host="127.0.0.6:9", addresses=["127.0.0.6/32"], codecs="alaw", **proves)
"""


@dataclass(frozen=True)
class Agent:
    endpoint: str
    secret: str
    session: str


@pytest.fixture(scope="module")
def agents(house: House) -> list[Agent]:
    """One who answers in the page, one with a SIP telephone."""
    made = told(house, AGENTS)
    heard(house)
    return [Agent(*row.split()) for row in made.splitlines()]


def carriers(house: House) -> tuple[str, int]:
    return "127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"])


def phones(house: House) -> tuple[str, int]:
    return "127.0.0.1", int(house.environment["TONGDAI_PHONES_PORT"])


@asynccontextmanager
async def page(house: House, *, session: str = "", origin: str = "", url: str = "") -> AsyncIterator[Page]:
    """Raises WSServerHandshakeError where the door stays shut."""
    url = url or f"http://127.0.0.1:{house.environment['TONGDAI_LIVE_PORT']}/ws"
    async with (
        aiohttp.ClientSession(headers={"Cookie": f"sessionid={session}"} if session else {}) as http,
        http.ws_connect(url, protocols=("sip",), origin=origin or None) as opened,
    ):
        yield Page(opened)


def status(answer: str) -> int:
    return int(answer.split()[1]) if answer else 0


def test_over_udp_no_name_and_no_asserted_identity_makes_a_carrier_of_a_stranger(house: House) -> None:
    before = told(house, CALLS)
    for door in (carriers(house), phones(house)):
        for name in ("trunk-1", "trunk-2", "0912000081", "nobody", "1022", "anonymous"):
            wire = Wire(door, host="127.0.0.2")
            assert wire.status(wire.ask("INVITE", sender=name, more=AS_HER, sdp="8")) == 401, (door, name)
    assert told(house, CALLS) == before


def test_the_carriers_own_address_is_worth_nothing_at_another_door(house: House) -> None:
    before = told(house, CALLS)
    wire = Wire(phones(house), host="127.0.0.1")
    assert wire.status(wire.ask("INVITE", sender="0912000081", more=AS_HER, sdp="8")) == 403
    assert told(house, CALLS) == before


def test_an_agents_telephone_calls_nobody_whatever_password_it_has(house: House, agents: list[Agent]) -> None:
    before, uri = told(house, CALLS), "sip:1022@127.0.0.1:{}"
    for door in (carriers(house), phones(house)):
        for agent in agents:
            for password, expected in (("sai", 401), (agent.secret, 403)):
                wire, to = Wire(door, host="127.0.0.2"), uri.format(door[1])
                challenged = wire.answers(wire.ask("INVITE", sender=agent.endpoint, more=AS_HER, sdp="8"))[-1]
                assert status(challenged) == 401
                proven = proof(challenged, username=agent.endpoint, password=password, method="INVITE", uri=to)
                call = wire.ask("INVITE", sender=agent.endpoint, more=AS_HER + proven, sdp="8", number=2)
                assert wire.status(call) == expected, (door, agent.endpoint, password)
    assert told(house, CALLS) == before


def test_over_tcp_nobody_listens(house: House) -> None:
    for door in (carriers(house), phones(house)):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(door, timeout=5)


def test_a_carrier_with_a_password_proves_each_call(house: House) -> None:
    told(house, ONE_WITH_DIGEST)
    heard(house)
    uri = "sip:1022@{}:{}".format(*carriers(house))
    for password, expected in (("sai", 401), ("mật khẩu", 200)):
        wire = Wire(carriers(house), host="127.0.0.6")
        challenged = wire.answers(wire.ask("INVITE", sender="0912000083", sdp="8"))[-1]
        proven = proof(challenged, username="nha-mang", password=password, method="INVITE", uri=uri)
        call = wire.ask("INVITE", sender="0912000083", more=proven, sdp="8", number=2)
        assert wire.status(call) == expected, password
    told(house, "from tongdai.channels.voice.models import Trunk; Trunk.objects.filter(kind='digest').delete()")


def test_the_exchanges_own_websocket_is_found_by_nobody(house: House) -> None:
    async def knock() -> None:
        for path in ("ws", "ari/ws", "ari/channels"):
            with pytest.raises(aiohttp.WSServerHandshakeError) as shut:
                async with page(house, url=f"http://127.0.0.1:{house.environment['TONGDAI_EXCHANGE_PORT']}/{path}"):
                    pass
            assert shut.value.status == 404

    asyncio.run(knock())


@pytest.mark.parametrize("origin", ["https://ke-la.example", "", "null", "http://127.0.0.1:1"])
def test_over_a_websocket_a_foreign_page_comes_in_with_no_session(
    house: House, agents: list[Agent], origin: str
) -> None:
    async def knock() -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as shut:
            async with page(house, session=agents[0].session, origin=origin):
                pass
        assert shut.value.status == 403

    asyncio.run(knock())


def test_over_a_websocket_our_page_comes_in_signed_in_and_with_a_telephone_alone(
    house: House, agents: list[Agent]
) -> None:
    async def knock() -> None:
        for session in (
            "",
            "khongcophien",
            agents[1].session,
        ):  # nobody, nobody known, one with a telephone on the table
            with pytest.raises(aiohttp.WSServerHandshakeError) as shut:
                async with page(house, session=session, origin=house.url):
                    pass
            assert shut.value.status == 403

    asyncio.run(knock())


def test_over_a_websocket_no_name_makes_a_carrier_of_who_is_signed_in(house: House, agents: list[Agent]) -> None:
    """The live process asks from loopback, as the carrier of this house does."""
    before, agent, other = told(house, CALLS), *agents

    async def knock() -> None:
        async with page(house, session=agent.session, origin=house.url) as opened:
            registers = await opened.prove(
                "REGISTER", sender=agent.endpoint, password=agent.secret, uri="sip:here.invalid"
            )
            assert status(registers) == 200
            for name in ("trunk-1", "trunk-2", "0912000081"):
                assert status(await opened.ask("INVITE", sender=name, more=AS_HER)) in (401, 403), name
            for name, password, expected in (
                (agent.endpoint, agent.secret, 403), (agent.endpoint, "sai", 401), (other.endpoint, agent.secret, 401),
            ):  # fmt: skip
                answer = await opened.prove("INVITE", sender=name, password=password, more=AS_HER)
                assert status(answer) == expected, (name, password)

    asyncio.run(knock())
    assert told(house, CALLS) == before


def test_who_floods_the_websocket_is_cut_off(house: House, agents: list[Agent]) -> None:
    async def flood() -> None:
        async with page(house, session=agents[0].session, origin=house.url) as opened:
            with contextlib.suppress(ConnectionError):  # cut off while it still sends
                for _ in range(int(BURST) + 40):
                    await opened._socket.send_str("\r\n\r\n")
            closed = await opened._socket.receive(timeout=5)
            assert closed.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), closed

    asyncio.run(flood())


def test_who_was_turned_away_is_counted_by_door_and_network(house: House, agents: list[Agent]) -> None:
    expected = [
        "('browsers', 'flood', '127.0.0.1')", "('browsers', 'page', '127.0.0.1')", "('carriers', 'unknown', '127.0.0.2')",
        "('phones', 'door', '127.0.0.1')", "('phones', 'door', '127.0.0.2')", "('phones', 'password', '127.0.0.2')",
        "('phones', 'unknown', '127.0.0.2')",
    ]  # fmt: skip
    wait_until(lambda: all(each in told(house, REFUSED) for each in expected))
    log = house.folder / "var" / "exchange" / "log" / "strangers"
    wait_until(lambda: log.stat().st_size < 2_000)  # read and emptied: no flood fills the disk


def test_who_is_signed_out_has_no_telephone(house: House, agents: list[Agent]) -> None:
    async def stay() -> None:
        async with page(house, session=agents[0].session, origin=house.url) as opened:
            await asyncio.to_thread(told, house, SIGNED_OUT, session=agents[0].session)
            closed = await opened._socket.receive(timeout=15)
            assert closed.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED), closed

    asyncio.run(stay())
