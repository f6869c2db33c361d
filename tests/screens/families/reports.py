"""The leader's page, and the cases behind a figure."""

from __future__ import annotations

from django.urls import reverse

from tests.screens.states import There, state

FEBRUARY = "tu=1.2.2022&den=28.2.2022"


@state("reports:summary", "empty", empty=True, printed=True)
@state("reports:summary", "full", printed=True)
def summary(there: There) -> str:
    there.sign_in("leader")
    return f"{reverse('reports:summary')}?{FEBRUARY}"


@state("reports:summary", "no such day", status=422)
def no_such_day(there: There) -> str:
    there.sign_in("leader")
    return f"{reverse('reports:summary')}?tu=30.2.2022&den=x"


@state("reports:behind", "full", printed=True)
def behind(there: There) -> str:
    there.sign_in("leader")
    return f"{reverse('reports:behind')}?{FEBRUARY}&so=nhan"
