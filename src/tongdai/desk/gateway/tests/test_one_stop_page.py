"""An administrator connects the one-stop system: tried first, saved only when it is asked for, never whose dossier it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.models import DossierSource
from tongdai.peers.one_stop.peer import EXAMPLE, MAPPING, PATTERN, Peer, start

pytestmark = pytest.mark.django_db
PAGE = "/ban/cong-ket-noi/mot-cua/"


@pytest.fixture
def form(settings: Any) -> Iterator[dict[str, str]]:
    """What fits the stand-in system."""
    server = start()
    settings.OUTGOING_INSIDE = [f"127.0.0.1:{server.server_port}", "127.0.0.1:9"]
    one_stop.forget()
    yield {
        "url": f"http://127.0.0.1:{server.server_port}/ho-so/{{code}}", "pattern": PATTERN, "example": EXAMPLE.lower(),
        "states": "DANG_XU_LY = đang giải quyết", "milliseconds": "1000", "cached_for": "60",
    } | {f"path_{name}": path for name, path in MAPPING.items()}  # fmt: skip
    server.shutdown()
    server.server_close()
    one_stop.forget()


@pytest.fixture
def admin(city: City) -> Client:
    client = Client()
    client.force_login(city.staff(Role.ADMIN, "Trần Văn Quản"))
    return client


def test_it_is_tried_first_and_nothing_is_saved(admin: Client, form: dict[str, str]) -> None:
    page = admin.post(PAGE, form | {"action": "try"}).content.decode()

    assert "đang giải quyết" in page and "UBND phường Hồng Bàng" in page and "30.11.2026" in page
    assert "hoSo.nguoiNop" in page and "Nhạn" not in page  # where it is, not whose
    assert not DossierSource.objects.exists()


def test_saved_it_answers_citizens_and_switched_off_it_says_so(admin: Client, form: dict[str, str]) -> None:
    admin.post(PAGE, form | {"action": "save"})
    assert "đang giải quyết" in Client().get("/ho-so/", {"ma": EXAMPLE}).content.decode()

    admin.post(PAGE, {"action": "off"})

    assert "đang giải quyết" not in Client().get("/ho-so/", {"ma": EXAMPLE}).content.decode()
    assert EXAMPLE in admin.get(PAGE).content.decode()  # what was told of it stays


def test_it_is_saved_again_and_connected_again_after_it_was_switched_off(admin: Client, form: dict[str, str]) -> None:
    for action in ("save", "save", "off", "save"):
        assert admin.post(PAGE, form | {"action": action}).status_code == 302

    assert DossierSource.objects.get().active
    assert "đang giải quyết" in Client().get("/ho-so/", {"ma": EXAMPLE}).content.decode()


@pytest.mark.parametrize(
    ("mode", "change", "said"),
    [
        ("broken", {}, "trả lời lỗi 500"),
        ("sign-in", {}, "không thấy tình trạng"),
        ("slow", {"milliseconds": "300"}, "không trả lời trong thời gian chờ"),
        ("well", {"path_state": "hoSo.khac"}, "không thấy tình trạng"),
        ("well", {"example": "H24.99-261101-9999"}, "không có hồ sơ mang mã này"),
        ("well", {"url": "http://127.0.0.1:9/{code}"}, "Không tới được hệ thống"),
    ],
)
def test_what_is_wrong_with_it_is_said(
    admin: Client, form: dict[str, str], mode: str, change: dict[str, str], said: str
) -> None:
    Peer.mode = mode
    assert said in admin.post(PAGE, form | change | {"action": "try"}).content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "http://motcua.example.vn/{code}"}, "phải bắt đầu bằng https://"),
        ({"url": "https://motcua.example.vn/"}, "cần có {code}"),
        ({"url": "https://{code}.example.vn/"}, "cần có {code}"),
        ({"url": "http://[::1/{code}"}, "viết sai ở phần tên máy"),
        ({"url": "https://motcua.example.vn:cong/{code}"}, "viết sai ở phần tên máy"),
        ({"pattern": "("}, "Biểu thức không đọc được"),
        ({"pattern": "(?=H)H.+"}, "cú pháp RE2"),
        ({"example": "abc"}, "không đúng với dạng"),
        ({"secret": "TONGDAI_SECRET_KEY"}, "TONGDAI_ONE_STOP_"),
        ({"states": "DANG_XU_LY"}, "Dòng 1: viết như"),
        ({"path_due": "ho so"}, "cách nhau bằng dấu chấm"),
    ],
)
def test_a_wrong_field_is_told_and_what_was_typed_stays(
    admin: Client, form: dict[str, str], change: dict[str, str], said: str
) -> None:
    answer = admin.post(PAGE, form | change | {"action": "save"})

    assert answer.status_code == 422
    assert said in answer.content.decode() and "hoSo.trangThai" in answer.content.decode()
    assert not DossierSource.objects.exists()


def test_it_is_set_by_those_who_answer_for_the_system(city: City) -> None:
    client = Client()
    client.force_login(city.call_taker)
    assert client.get(PAGE).status_code == 403
