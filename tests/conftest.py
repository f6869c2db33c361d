"""A story that fails says what its house said last, and where its telephones stood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house import House

LINES = 60
STOOD = """
from tongdai.channels.voice.models import Agent, Call, Order
for each in Agent.objects.select_related("user"):
    print(each.user.username, each.state, each.reason, "online" if each.online else "offline", each.since, each.call_id)
for each in Call.objects.order_by("-pk")[:4]: print(each.pk, each.number, each.state, each.outcome, each.agent_id)
for each in Order.objects.order_by("-pk")[:4]: print(each.kind, each.call_id, each.by_id, each.asked_at, each.done_at, each.refused)
"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[Any]:
    report = yield
    if report.when == "call" and report.failed:
        for name, house in getattr(item, "funcargs", {}).items():
            if not isinstance(house, House):
                continue
            report.sections.append((f"{name}: last lines", "\n".join(house.printed().splitlines()[-LINES:])))
            try:
                report.sections.append((f"{name}: telephones", house.told(STOOD)))
            except Exception as gone:  # noqa: BLE001 -- a house that has gone can't say
                report.sections.append((f"{name}: telephones", repr(gone)))
    return report
