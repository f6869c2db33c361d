"""A dossier's state from the one-stop system: told, cached, and told honestly when the system is down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.city import City
from tongdai.cases.models import Case
from tongdai.channels.sms.conversation.answers import answer_dossier
from tongdai.channels.sms.tests.network import LAN, Network
from tongdai.knowledge.dossiers import code_pattern, one_stop
from tongdai.knowledge.models import DossierSource, Inquiry
from tongdai.peers.one_stop.peer import EXAMPLE, MAPPING, PATTERN, STATES, Peer, start
from tongdai.people.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(city: City, settings: Any) -> Iterator[type[Peer]]:
    server = start()
    settings.OUTGOING_INSIDE = [f"127.0.0.1:{server.server_port}"]
    DossierSource.objects.create(
        url=f"http://127.0.0.1:{server.server_port}/ho-so/{{code}}", mapping=MAPPING, states=STATES, pattern=PATTERN,
        example=EXAMPLE, timeout=8.0,
    )  # fmt: skip
    one_stop.forget()
    yield Peer
    server.shutdown()
    server.server_close()
    one_stop.forget()


def test_the_code_from_the_receipt_tells_state_agency_and_day_and_never_whose(
    system: type[Peer], client: Client
) -> None:
    page = client.get("/ho-so/", {"ma": EXAMPLE.lower()}).content.decode()

    assert "đang giải quyết" in page and "UBND phường Hồng Bàng" in page and "30.11.2026" in page
    assert "Nhạn" not in page
    assert Inquiry.objects.get().opened == "dossier"  # the code is somebody's


def test_no_expression_that_staff_type_and_no_line_of_a_citizen_stops_a_process() -> None:
    """Python's own took 8.5 s for 28 letters of it, and twice as long for each more."""
    begun = time.monotonic()
    assert not code_pattern.fits(r"(A+)+B", "A" * 59)
    assert not code_pattern.fits(r"(A|A)*(A|AA)+$B", "A" * 60)
    assert not code_pattern.fits(r"A+", "A" * 61)  # no code is that long
    assert code_pattern.fits(r"(A+)+B", "A" * 59 + "B")
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("pattern", ["(", r"(?=A)B", r"(A)\1", "((A{100}){100}){100}"])
def test_an_expression_that_cannot_run_in_linear_time_is_refused_and_one_kept_from_before_fits_nothing(
    pattern: str,
) -> None:
    with pytest.raises(code_pattern.NoPattern, match=r"\S"):
        code_pattern.check(pattern)
    assert not code_pattern.fits(pattern, "AB")


def test_typed_into_the_box_it_leads_there(system: type[Peer], client: Client) -> None:
    assert client.post("/tim/", {"q": f" {EXAMPLE} "}).headers["Location"] == f"/ho-so/?ma={EXAMPLE}"


def test_the_same_code_is_asked_once_within_its_minute(system: type[Peer], client: Client) -> None:
    for _again in range(4):
        client.get("/ho-so/", {"ma": EXAMPLE})

    assert system.asked == 1


@pytest.mark.parametrize("mode", ["broken", "slow", "sign-in"])
def test_a_system_that_is_down_is_said_to_be_and_after_five_failures_left_alone(
    system: type[Peer], client: Client, mode: str
) -> None:
    system.mode = mode
    if mode == "slow":
        DossierSource.objects.update(timeout=0.5)
    for number in range(8):
        answer = client.get("/ho-so/", {"ma": f"H24.01-261101-{number:04d}"})
        assert answer.status_code == 503
        assert "đang không trả lời, không phải mã của bạn sai" in answer.content.decode()
    assert system.asked == one_stop.MOST_FAILURES


def test_an_unknown_code_and_a_wrong_one_are_told_apart(system: type[Peer], client: Client) -> None:
    assert "không có hồ sơ mang mã này" in client.get("/ho-so/", {"ma": "H24.99-261101-9999"}).content.decode()
    wrong = client.get("/ho-so/", {"ma": "<b>12"})
    said = wrong.content.decode()
    assert wrong.status_code == 422 and EXAMPLE in said.split("Mã viết như")[1].split("</p>")[0]
    assert system.asked == 1


@pytest.mark.parametrize("asked", [f"HS {EXAMPLE}", EXAMPLE, f"ho so: {EXAMPLE.lower()}"])
def test_by_text_it_is_answered_by_a_job_and_no_case_is_opened(system: type[Peer], city: City, asked: str) -> None:
    network = Network()
    network.texts(LAN, asked)
    for _twice in range(2):
        answer_dossier(code=EXAMPLE, piece=1, phone=f"+{LAN}")

    told = Interaction.objects.get(direction="out").body
    assert told == f"Hồ sơ {EXAMPLE}: đang giải quyết. Nơi giải quyết: UBND phường Hồng Bàng. Hẹn trả ngày 30.11.2026."
    assert Case.objects.count() == 0


def test_a_city_without_such_a_system_has_no_such_page(city: City, client: Client) -> None:
    one_stop.forget()
    assert client.get("/ho-so/").status_code == 404
