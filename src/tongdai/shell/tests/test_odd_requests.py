"""No address answers odd values with a fault of ours: every route, as a stranger and as each of the staff.

Odd in the path, the query, the form, the headers and the cookies: NUL, half of a letter, digits of other scripts, numbers
beyond any column, days that never were, markup. The names of parameters are read off the code, so that a new one is tried the
day it is made. TONGDAI_ODD_EXAMPLES=20000 tries for longer.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tongdai
from tests import starter
from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.cases.models import Case
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.desk.tests.walking import World, addresses, client_of, routes, undone
from tongdai.shell.renamed_cookies import RENAMED

pytestmark = [pytest.mark.django_db, pytest.mark.long(seconds=150)]
ROOMS = Path(tongdai.__file__).parent
FORM = "application/x-www-form-urlencoded"
EXAMPLES = int(os.environ.get("TONGDAI_ODD_EXAMPLES", "150"))
ODD = [
    "\0", "a\0b", "\ud800", "²", "٣", "９" * 11, "9" * 40, "-1", "0", "1" * 5000, "1e309", "NaN", "inf", "0001-01-01",
    "9999-12-31", "0001-01-01T00:00", "9999-12-31T23:59", "0001-01-01T00:00+14:00",
    "9999-12-31T23:59:59.999999-12:00", "31.12.9999", "-0001-01-01", "infinity", "2022-02-30",
    "2022-02-16T25:61", "%00", "%", "'\"><script>", "{{7*7}}", "\r\nX: y", "../../etc/passwd",
    "\u202e\u200b", "🔥" * 300, "http://[::1", "file:///etc/passwd", "(" * 50, "[" * 200, "{" * 200, "", " ", "\x7f",
    "article:99999999999999999999", "procedure:²", "row:-1", "None", "true",
]  # fmt: skip
NAME = re.compile(
    r"""(?:GET|POST|FILES)(?:\.get(?:list)?\(|\[)["'](\w+)["']|name="([\w-]+)"|(\w+) = (?:forms\.\w+|\w+)Field\("""
)


@cache
def names() -> tuple[str, ...]:
    """Every name of a parameter or a field that stands in the code or in a template."""
    files = [file for kind in ("*.py", "*.html") for file in ROOMS.rglob(kind) if "tests" not in file.parts]
    found = {name for file in files for groups in NAME.findall(file.read_text()) for name in groups if name}
    assert {"back", "phone", "q", "khung", "so", "action", "cuoc", "tu", "phieu"} <= found
    return tuple(sorted(found - {"csrfmiddlewaretoken"}))


@cache
def choices() -> tuple[str, ...]:
    """What buttons and lists of ours send."""
    found = {value for file in ROOMS.rglob("*.html") for value in re.findall(r'value="(\w+)"', file.read_text())}
    assert {"consult", "publish", "write"} <= found
    return tuple(sorted(found))


def usual() -> tuple[str, ...]:
    """What a right form might hold, beside one odd field."""
    return (
        *choices(),
        "1",
        "2022-02-16",
        "0912 345 678",
        "Rác ở chợ",
        *Case.objects.order_by("pk").values_list("code", flat=True),
    )


@pytest.fixture
def everybody(city: City) -> dict[str, User | None]:
    """A city with something of everything, and one of each who may come."""
    usual_or_own()
    starter.begin(city.at("2022-02-01 08:00"))
    city.answered()
    city.case("Đèn đường ngõ 47 hỏng", lead="UBND phường Lê Chân", accepted=True)
    agency = {
        Role.OFFICER: "UBND phường Hồng Bàng",
        Role.APPROVER: "UBND phường Hồng Bàng",
        Role.INSPECTOR: "Thanh tra",
    }
    staff = {str(role): city.staff(role, f"Cán bộ {role}", agency=agency.get(role, "")) for role in Role}
    return {"stranger": None, **staff}


def asked(client: Client, method: str, address: str, *, said: dict[str, Any], headers: dict[str, str]) -> int:
    """The status that came; an exception of ours is a 500. Method `FORM`: a POST as a form without a file sends it."""
    with undone():
        if method == "GET":
            response = client.get(address, said, headers=headers)
        elif method == "POST":
            response = client.post(address, said, headers=headers)
        else:
            response = client.post(address, urlencode(said, errors="replace"), content_type=FORM, headers=headers)
        if response.streaming:
            b"".join(response.streaming_content)
    return int(response.status_code)


AT_ONCE = ("9" * 40, "²", "9" * 5000, "0001-01-01", "9999-12-31", "0001-01-01T00:00")
WHO = ("stranger", "coordinator", "inspector", "admin")
# Whoever tries for longer gives everybody every value of every parameter; else each gets another part of them.
TURNS = (
    [(who, turn) for turn in range(len(AT_ONCE)) for who in WHO]
    if EXAMPLES > 150
    else [*zip(WHO, range(4), strict=True)]
)


@pytest.mark.parametrize(("who", "turn"), TURNS)
def test_each_route_with_every_parameter_odd_at_once(everybody: dict[str, User | None], who: str, turn: int) -> None:
    broken = []
    client = client_of(everybody[who], raises=False)
    for at, (name, address) in enumerate(addresses(World.read(), but={"desk:sign_out", "handset"})):
        if who != "stranger" and name.startswith("portal:"):
            continue
        said = {each: AT_ONCE[(n + at + turn) % len(AT_ONCE)] for n, each in enumerate(names())}
        for method in ("GET", "POST"):
            if asked(client, method, address, said=said, headers={}) == 500:
                broken.append(f"{who}: {method} {address}")
    assert not broken, "\n".join(broken)


def test_a_nul_is_told_in_words_and_nothing_is_written(city: City) -> None:
    for response in (
        Client().get("/tra-cuu/", {"ma": "1\0"}),
        Client().post("/phan-anh/", "text=R%C3%A1c%00&key=k", content_type="application/x-www-form-urlencoded"),
        Client().get("/thu-tuc/1%00/"),
        Client().get("/tim/", {"q\0": "x"}),
    ):
        assert response.status_code == 400
        page = response.content.decode()
        assert "ký tự lạ" in page and "Chưa có gì được ghi" in page


odd = st.sampled_from(ODD) | st.text(max_size=40) | st.integers().map(str)
headers = st.dictionaries(
    st.sampled_from(
        ["HX-Request", "HX-Current-URL", "HX-Target", "Referer", "Origin", "Accept-Language", "X-Forwarded-For", "Range",
         "If-Modified-Since", "If-None-Match", "X-Forwarded-Proto", "Forwarded", "User-Agent", "Accept"]
    ),
    st.sampled_from(["true", "\0", "²", "http://[::1", "bytes=9-1", "bytes=0-99999999999999999999", "x" * 9000, "'", "é"]),
    max_size=4,
)  # fmt: skip
cookies = st.dictionaries(
    st.sampled_from(
        ["sessionid", "csrftoken", "cases", "language", "device", *(each.old for each in RENAMED), "messages", "x"]
    ),
    st.sampled_from(["x", "²", "%00", '"\\000"', "a" * 300, "73041859261-1:x", "=;"]),
    max_size=2,
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_sent_no_route_breaks(everybody: dict[str, User | None], data: st.DataObject) -> None:
    with transaction.atomic():
        route, _name = data.draw(st.sampled_from(_all_routes()))
        who = data.draw(st.sampled_from(sorted(everybody)))
        address = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: _path_value(data, part[1] or "str"), route)
        said = data.draw(st.dictionaries(st.sampled_from(names()), odd | st.sampled_from(usual()), max_size=8))
        said |= data.draw(
            st.dictionaries(st.sampled_from(("kind", "action", "do")), st.sampled_from(choices()), max_size=2)
        )
        client = client_of(everybody[who], raises=False)
        for name, value in data.draw(cookies).items():
            if name != "sessionid" or who == "stranger":
                client.cookies[name] = value
        method = data.draw(st.sampled_from(["GET", "POST", "FORM"]))
        try:
            status = asked(client, method, address, said=said, headers=data.draw(headers))
        except UnicodeEncodeError:  # the test's own client can't send half of a letter
            return
        finally:
            transaction.set_rollback(True)
        assert status != 500, (who, method, address, said)


@cache
def _all_routes() -> tuple[tuple[str, str], ...]:
    return tuple(routes(get_resolver().url_patterns, but={"desk:sign_out", "handset"}))


def _path_value(data: st.DataObject, kind: str) -> str:
    if kind == "int":
        return data.draw(st.sampled_from(["0", "1", "7", "9" * 18, "9" * 40, "00"]))
    if kind == "slug":
        return data.draw(st.sampled_from(["article", "procedure", "x", "-", "_" * 200, "table", "a-1"]))
    return str(data.draw(odd)).replace("/", "").replace("?", "").replace("#", "") or "x"
