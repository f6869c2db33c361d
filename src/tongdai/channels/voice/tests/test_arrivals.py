"""How a channel came in is read as the exchange's own plan writes it, whatever the carrier asserts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from ..asterisk import arrivals
from ..asterisk.arrivals import Arrival
from ..asterisk.configuration import CONF

SHAPES = re.findall(r"Stasis\(\{\{ application \}\},(.*)\)", (CONF / "extensions.conf").read_text())
AT = datetime(2025, 11, 29, 12, 5, 37, 250_000, UTC)
FILLED = {
    "EXTEN": "1022",
    "CALLERID(num-pres)": "allowed_not_screened",
    "CHANNEL(endpoint)": "trunk-1",
    "STRFTIME(,UTC,%Y-%m-%dT%H:%M:%S.%3qZ)": "2025-11-29T12:05:37.250Z",
}


def as_the_plan_fills(shape: str, *, asserted: str) -> str:
    filled = {**FILLED, "ASSERTED": quote(asserted, safe="")}
    return re.sub(r"\$\{(.+?)\}", lambda found: filled[found[1]], shape)


@pytest.mark.parametrize("asserted", [",", "<sip:+84912345678@carrier>,<tel:0912345678>", ""])
def test_every_way_into_our_application_is_read_by_its_places(asserted: str) -> None:
    sent = quote(asserted, safe="")
    found = {
        read.kind: read
        for shape in SHAPES
        for read in [arrivals.read(as_the_plan_fills(shape, asserted=asserted).split(","))]
    }
    assert found == {
        "in": Arrival("in", dialled="1022", shown="allowed_not_screened", asserted=sent),
        "back": Arrival("back", shown="allowed_not_screened", asserted=sent, at=AT),
        "ours": Arrival("ours"),
    }


@pytest.mark.parametrize(
    ("data", "arrival"),
    [
        ("tongdai,back,allowed,2025-11-29T12:05:37.250Z,%2C", Arrival("back", shown="allowed", asserted="%2C", at=AT)),
        ("tongdai,back,allowed,2025-11-29T12:05:37.250,%2C", Arrival("back", shown="allowed", asserted="%2C")),
        ("tongdai,back,allowed", Arrival("back", shown="allowed")),
        ("tongdai,back,allowed,2025-11-29T12:05:37.%3qZ,%2C", Arrival("back", shown="allowed", asserted="%2C")),
        ("tongdai,back,allowed,soon,%2C", Arrival("back", shown="allowed", asserted="%2C")),
        ("tongdai,in,1022", Arrival("in", dialled="1022")),
        ("another,in,1022,allowed", Arrival()),
        ("", Arrival()),
    ],
)
def test_how_a_channel_came_is_told_by_the_exchanges_list(data: str, arrival: Arrival) -> None:
    assert arrivals.of({"dialplan": {"app_name": "Stasis", "app_data": data}}) == arrival
