"""Who is on duty for urgent cases, and whom it rings now."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from tests.screens.states import There, state
from tests.screens.world import LONG_NAME
from tongdai.accounts.models import DutyShift
from tongdai.channels.duty import alarms
from tongdai.platform.clock import now


@state("desk:duty", "empty", empty=True)
def empty(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:duty")


@state("desk:duty", "a roster with a gap")
def roster(there: There) -> str:
    _shifts(there)
    there.sign_in("supervisor")
    return reverse("desk:duty")


@state("desk:duty", "it rings now")
def rings(there: There) -> str:
    _shifts(there)
    for number in range(2):
        case = there.city.case(
            f"Cháy nhà {number}, có người kẹt bên trong", place="Hồng Bàng", received="2022-02-16 11:58"
        )
        found = alarms.raise_alarm(case.pk, at=now())
    assert found
    for after in range(2):
        found.rings.update(until=now() - timedelta(minutes=2))
        alarms.ring_next(found.pk, after=after, at=now())
    there.sign_in("supervisor")
    return reverse("desk:duty")


@state("desk:duty_add", "empty")
def add(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:duty_add")


@state("desk:duty_add", "no day chosen", status=422)
def add_wrong(there: There) -> HttpResponse:
    return there.client.post(add(there), {"name": LONG_NAME, "phones": "12"})


@state("desk:duty_add_once", "empty")
def add_once(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:duty_add_once")


@state("desk:duty_change", "open")
def change(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:duty_change", args=[_shifts(there).pk])


@state("desk:duty_swap", "open")
def swap(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:duty_swap", args=[_shifts(there).pk])


def _shift(rank: int, name: str, *phones: str, **more: Any) -> DutyShift:
    how = {"weekdays": list(range(7)), "starts": time(0), "ends": time(0), "valid_from": date(2020, 1, 1)}
    return DutyShift.objects.create(rank=rank, name=name, phones=list(phones), changed_at=now(), **how | more)


def _shifts(there: There) -> DutyShift:
    _shift(1, "Phạm Minh Đức", "+84912000205", kinds=["fire", "gas"]).places.add(there.city.places["Lê Chân"])
    _shift(2, LONG_NAME, "+84912000203", "+842253842123", weekdays=[0, 1, 2, 3, 4])
    _shift(
        1,
        "Trực thay",
        "+84912000208",
        weekdays=[],
        starts=None,
        ends=None,
        from_at=now(),
        to_at=now() + timedelta(days=2),
        reason="nghỉ bão",
    )
    return _shift(1, "Vũ Thanh Bình", "+84912000207")
