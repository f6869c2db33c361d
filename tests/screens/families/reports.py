"""The leader's page, and the cases behind a figure."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from tests.city import forget_snapshots
from tests.screens.states import There, state
from tongdai.cases.models import Case
from tongdai.channels.voice.models import Call
from tongdai.directory.models import Agency, Place
from tongdai.people.models import Channel, Interaction

FEBRUARY = "tu=1.2.2022&den=28.2.2022"


@state("reports:summary", "empty", empty=True, printed=True)
@state("reports:summary", "full", printed=True)
def summary(there: There) -> str:
    there.sign_in("leader")
    return f"{reverse('reports:summary')}?{FEBRUARY}"


@state("reports:summary", "with a map", words="Bản đồ phường, xã", printed=True)
def with_a_map(there: There) -> str:
    """The wards of the filled city as a row of squares, one of them far out at sea."""
    for number, place in enumerate(there.city.places.values()):
        west, south = (106.6 + number / 10, 20.8) if number < len(there.city.places) - 1 else (107.7, 20.1)
        ring = [(west, south), (west + 0.1, south), (west + 0.1, south + 0.1), (west, south + 0.1), (west, south)]
        Place.objects.filter(pk=place.pk).update(boundary={"type": "Polygon", "coordinates": [ring]})
    forget_snapshots()
    there.sign_in("leader")
    return f"{reverse('reports:summary')}?{FEBRUARY}"


@state("reports:summary", "every agency, and calls", printed=True, words="Mức phục vụ")
def every_agency(there: There) -> str:
    there.sign_in("leader")
    kind = Agency.Kind.LOCAL
    names = [f"UBND phường Hưng Đạo {number}" for number in range(1, 61)]
    agencies = [Agency.objects.create(code=f"a-{name}", name=name, kind=kind) for name in names]
    for number, agency in enumerate(agencies):
        case = there.city.report(f"Rác ở ngõ {number}", topic="waste", place="Hồng Bàng", received="2022-02-14 08:00")
        Case.objects.filter(code=case.code).update(lead=agency)
    at = there.city.at("2022-02-14 08:00")
    for number in range(13):
        rung = {"happened_at": at, "direction": "in", "channel": Channel.VOICE, "state": "received"}
        Call.objects.create(
            channel=f"PJSIP/{number}", interaction=Interaction.objects.create(key=f"in:{number}", **rung), came_at=at,
            state=Call.State.ENDED, waited_from=at, ended_at=at + timedelta(minutes=2),
            answered_at=at + timedelta(seconds=4 * number) if number < 10 else None,
            outcome=Call.Outcome.ANSWERED if number < 10 else Call.Outcome.ABANDONED,
        )  # fmt: skip
    return f"{reverse('reports:summary')}?{FEBRUARY}"


@state("reports:summary", "no such day", status=422)
def no_such_day(there: There) -> str:
    there.sign_in("leader")
    return f"{reverse('reports:summary')}?tu=30.2.2022&den=x"


@state("reports:behind", "full", printed=True)
def behind(there: There) -> str:
    there.sign_in("leader")
    return f"{reverse('reports:behind')}?{FEBRUARY}&so=nhan"
