"""A carrier's line as carriers are: late offers, odd codecs and numbers, registration; and those who only scan it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from tests.house import House
from tongdai.peers.sip.crowd import Call, Crowd

from .hearing import wait_until
from .line import NEEDS_EXCHANGE, heard, told
from .wire import Registrar, Wire

pytestmark = NEEDS_EXCHANGE

NUMBERS = """
from tongdai.channels.voice.models import Call
print([c.number for c in Call.objects.order_by("-pk")[:1]])
"""
CLAIMED = """
from tongdai.channels.voice.models import Call
call = Call.objects.latest("pk")
print(call.hidden, call.claimed)
"""
UNREADABLE = """
from tongdai.channels.voice.models import Refusal
print(sum(each.times for each in Refusal.objects.filter(reason="garbled")))
"""
PATHS = """
from tongdai.channels.voice.models import Call
print([(c.outcome, c.path) for c in Call.objects.filter(number="{number}").order_by("pk")])
"""
REGISTERED = """
from tongdai.channels.voice.status import telephone
from tongdai.platform.clock import now
print([way.name for way in telephone(at=now()).ways if way.registered])
"""
MENU = """
from tongdai.channels.voice.models import Prompt, Step
from tongdai.platform import wake
{change}
wake.wake("menu", [1])
"""


def change_the_menu(house: House, change: str) -> None:
    told(house, MENU.format(change=change))
    heard(house)


def sip(house: House) -> tuple[str, int]:
    return "127.0.0.1", int(house.environment["TONGDAI_SIP_PORT"])


def on_the_line(house: House, number: str, do: Callable[[Call], Awaitable[None]], *, keys: bool = True) -> None:
    """Dial as a telephone of our own does, hear the first sound, do it, hang up."""

    async def whole() -> None:
        crowd = await Crowd(sip(house)).open()
        call = await Call(crowd, number, keys=keys).dial()
        async with asyncio.timeout(15):
            await call.heard.wait()
        await do(call)
        call.hang_up()
        await asyncio.sleep(0.5)
        crowd.close()

    asyncio.run(whole())


def path_of(house: House, number: str) -> str:
    wait_until(lambda: "('" in told(house, PATHS.format(number=number)).replace("('',", ""))
    return told(house, PATHS.format(number=number))


def path_of_a_short_call(house: House) -> str:
    """Where somebody comes to who hangs up in the midst of the first words."""
    number = f"09121{random.randrange(100_000):05}"
    on_the_line(house, number, lambda call: asyncio.sleep(12))
    return path_of(house, f"+84{number[1:]}")


def test_a_late_offer_is_answered_with_ours(house: House) -> None:
    wire = Wire(sip(house))
    call = wire.ask("INVITE", sender="0912000061")
    offered = wire.take_up(call, answer="8")
    assert "m=audio" in offered and " 8" in offered.partition("m=audio")[2].splitlines()[0]
    wire.hang_up(call)
    assert "greeting" in path_of(house, "+84912000061")


def test_opus_is_spoken_where_it_is_all_that_is_offered(house: House) -> None:
    wire = Wire(sip(house))
    call = wire.ask("INVITE", sender="0912000062", sdp="107\r\na=rtpmap:107 opus/48000/2")
    assert "opus/48000" in wire.take_up(call)
    wire.hang_up(call)


def test_a_codec_we_lack_is_refused_as_such(house: House) -> None:
    wire = Wire(sip(house))
    assert wire.status(wire.ask("INVITE", sender="0912000063", sdp="18")) == 488
    assert told(house, PATHS.format(number="+84912000063")) == "[]"


BOTH = "P-Asserted-Identity: <sip:+842253842123@carrier>\r\nP-Asserted-Identity: <tel:+84912000072>\r\n"


@pytest.mark.parametrize(
    ("sender", "more", "number", "claimed"),
    [
        ("anonymous", "P-Asserted-Identity: <sip:+84912000064@carrier>\r\n", "+84912000064", "False []"),
        ("anonymous", "P-Asserted-Identity: <sip:+84912000065@carrier>\r\nPrivacy: id\r\n", "", "True []"),
        ("anonymous", "", "", "True []"),
        ("02253842123", "", "+842253842123", "False []"),
        ("84912000066", "", "+84912000066", "False []"),
        ("kh-7", "", "", "False ['kh-7']"),
        ("0" * 79, "", "", f"False ['{'0' * 79}']"),
        ("0912000098", BOTH, "+842253842123", "False ['+842253842123', '+84912000072']"),
        (
            "0912000098",
            BOTH.replace("\r\nP-Asserted-Identity:", ","),
            "+842253842123",
            "False ['+842253842123', '+84912000072']",
        ),
        ("0912000098", BOTH.replace("+842253842123", "pbx"), "+84912000072", "False ['pbx', '+84912000072']"),
    ],
)
def test_whose_number_it_is(house: House, sender: str, more: str, number: str, claimed: str) -> None:
    before = told(house, "from tongdai.channels.voice.models import Call; print(Call.objects.count())")
    wire = Wire(sip(house))
    call = wire.ask("INVITE", sender=sender, more=more, sdp="8")
    wire.take_up(call)
    wire.hang_up(call)
    after = "from tongdai.channels.voice.models import Call; print(Call.objects.count())"
    wait_until(lambda: told(house, after) != before)
    assert told(house, NUMBERS) == str([number])
    assert told(house, CLAIMED) == claimed


def test_what_no_sip_stack_can_read_is_told_to_the_operator(house: House) -> None:
    """pjproject drops it: the carrier hears nothing, and who looks at the gateway's page does."""
    for number, who in enumerate(("<sip:0225 3842 123@127.0.0.1>", "<>", "<sip:0912000098 @127.0.0.1>"), start=1):
        wire = Wire(sip(house))
        assert wire.answers(wire.ask("INVITE", who=who, sdp="8"), within=0.5) == []
        wait_until(lambda number=number: told(house, UNREADABLE) == str(number))


def test_scanners_learn_nothing_and_the_line_stays_free(house: House) -> None:
    """A thousand requests from an address nobody joined; whoever calls by the carrier meanwhile is greeted."""
    scanner = Wire(sip(house), host="127.0.0.9")
    asked = [
        scanner.ask(method, sender=str(100 + n), to=f"{n}")
        for n in range(340)
        for method in ("OPTIONS", "REGISTER", "INVITE")
    ]
    on_the_line(house, "0912000067", lambda call: asyncio.sleep(0.5))
    assert "greeting" in path_of(house, "+84912000067")
    scanner.socket.settimeout(1)
    heard = set()
    try:
        while True:
            heard.add(scanner.socket.recv(65_535).decode(errors="replace").split()[1])
    except TimeoutError:
        pass
    assert heard <= {"401", "403"}, (len(asked), heard)


def test_a_key_is_heard_while_she_speaks(house: House) -> None:
    async def speak_and_press(call: Call) -> None:
        speaking = asyncio.ensure_future(call.speak(4))
        await asyncio.sleep(1.5)
        await call.press("1")
        await speaking

    on_the_line(house, "0912000068", speak_and_press)
    assert "'epidemic'" in path_of(house, "+84912000068")


def test_an_old_telephones_tones_are_heard(house: House) -> None:
    async def tones(call: Call) -> None:
        await call.speak(1.0)
        await call.tones("1")
        await call.speak(2.0)

    on_the_line(house, "0912000069", tones, keys=False)
    assert "'epidemic'" in path_of(house, "+84912000069")


def test_who_stays_silent_is_led_to_a_person(house: House) -> None:
    parts = "Prompt.objects.filter(code__in=['language', 'greeting', 'recorded', 'choices'], language='vi')"
    texts = told(
        house, f"from tongdai.channels.voice.models import Prompt; print(dict({parts}.values_list('code', 'text')))"
    )
    change_the_menu(house, f"{parts}.update(text='Một.')")
    try:
        on_the_line(house, "0912000070", lambda call: asyncio.sleep(32))
        assert "'person'" in path_of(house, "+84912000070")
    finally:
        put_back = (
            f"for code, text in {texts}.items(): Prompt.objects.filter(code=code, language='vi').update(text=text)"
        )
        change_the_menu(house, put_back)


def test_an_announcement_and_the_hours_stand_before_the_menu(house: House) -> None:
    on = """
from tongdai.directory.calendar.versions import save_version
from tongdai.directory.models import Holiday
from tongdai.platform.clock import CITY_TZ, now
Holiday.objects.get_or_create(day=now().astimezone(CITY_TZ).date(), defaults={"name": "thử"})
save_version(at=now())
Step.objects.filter(code__in=["notice", "hours"]).update(active=True)
Prompt.objects.filter(code="notice").update(text="Chú ý.")
Prompt.objects.filter(code="closed").update(text="Ngoài giờ.")
"""
    off = """
from tongdai.directory.models import Holiday
from tongdai.directory.calendar.versions import save_version
from tongdai.platform.clock import now
Holiday.objects.filter(name="thử").delete()
save_version(at=now())
Step.objects.filter(code__in=["notice", "hours"]).update(active=False)
"""
    change_the_menu(house, on)
    try:
        wait_until(
            lambda: "'closed'" in path_of_a_short_call(house)
        )  # nobody is told of a day off: it is read now and then
        on_the_line(house, "0912000071", lambda call: asyncio.sleep(40))
        assert "['notice', 'hours', 'closed', 'message']" in path_of(house, "+84912000071")
    finally:
        change_the_menu(house, off)


def test_a_carrier_that_wants_us_to_register_has_us_and_is_told_of(house: House) -> None:
    carrier = Registrar("1022-hp", "bí mật")
    carrier.start()
    joined = f"""
from tongdai.channels.voice.models import Trunk
from tongdai.platform import wake
Trunk.objects.create(
    name="nhà mạng hai", kind="registration", host="127.0.0.1:{carrier.port}", addresses=["127.0.0.8/32"],
    username="1022-hp", secret="bí mật")
wake.wake("lines", [1])
"""
    told(house, joined)
    wait_until(lambda: carrier.contact != "", within=30)
    assert carrier.refused == 0
    wait_until(lambda: told(house, REGISTERED) == "['nhà mạng hai']", within=30)
    contact = carrier.contact.partition(">")[0].strip("<")
    stranger = Wire(sip(house), host="127.0.0.7")  # what the carrier was given at registration opens nothing
    assert stranger.status(stranger.ask("INVITE", to="1022-hp", sdp="8", uri=contact)) == 401
    elsewhere = Wire(sip(house), host="127.0.0.8")
    call = elsewhere.ask("INVITE", sender="0912000072", to="1022-hp", sdp="8", uri=contact)
    elsewhere.take_up(call, to="1022-hp")
    elsewhere.hang_up(call, to="1022-hp")
    assert "greeting" in path_of(house, "+84912000072")
    told(house, "from tongdai.channels.voice.models import Trunk; Trunk.objects.filter(name='nhà mạng hai').delete()")
