"""The second factor: demanded of whoever reads citizens' data, set up at the first sign-in, good once."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.city import HONG_BANG, City
from tongdai.accounts import people
from tongdai.accounts.models import Role, User
from tongdai.accounts.rights import HAS_CASES, HEARS_RECORDINGS, KEEPS_PEOPLE, NEEDS_SECOND_FACTOR
from tongdai.accounts.sign_in import second_factor, sessions
from tongdai.audit.models import Entry, Kind

PASSWORD = "mật khẩu thử 1022"
DATA = '{"id": "eA", "rawId": "eA", "type": "public-key", "response": %s}'
FORGED = (
    "9" * 5000, "[" * 100_000,
    "", "{}", "[1]", "null", '{"id": "x"}', '{"response": {"userHandle": "MQ"}}', DATA % "{}", DATA % '{"userHandle": "MQ"}',
    DATA % '{"clientDataJSON": "e30", "authenticatorData": "eA", "signature": "eA", "userHandle": "MQ"}',
    DATA % '{"clientDataJSON": "e30", "attestationObject": "oA"}',
)  # fmt: skip


@pytest.fixture(autouse=True)
def _demanded(settings) -> None:
    settings.SECOND_FACTOR = True


def come_in(person: User, client: Client | None = None, **more: str) -> Client:
    client = client or Client()
    client.post("/ban/vao/", {"username": person.username, "password": PASSWORD, **more})
    return client


def code(secret: str, *, later: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + later))


def set_up(client: Client) -> tuple[str, list[str]]:
    """An application of codes: its secret, and the recovery codes shown once."""
    page = client.get("/ban/tai-khoan/ung-dung/").content.decode()
    secret = re.search(r'class="secret">(\w+)', page)
    assert secret
    done = client.post("/ban/tai-khoan/ung-dung/", {"code": code(secret[1])}, follow=True)
    return secret[1], re.findall(r"<code>(\d{4}) (\d{4})</code>", done.content.decode())  # type: ignore[return-value]


def test_it_is_demanded_of_every_role_that_reads_personal_data() -> None:
    assert HAS_CASES | HEARS_RECORDINGS | KEEPS_PEOPLE <= NEEDS_SECOND_FACTOR


@pytest.fixture
def asked_anew() -> Iterator[None]:
    """Whether this is a demo; a process asks once."""
    second_factor._is_demo.cache_clear()
    yield
    second_factor._is_demo.cache_clear()


def test_it_is_off_in_a_demo_unless_set(city: City, settings, asked_anew: None) -> None:
    settings.SECOND_FACTOR = None
    assert not second_factor.demanded_of(city.coordinator)
    settings.SECOND_FACTOR = True
    assert second_factor.demanded_of(city.coordinator)


def test_it_is_on_in_a_city_unless_set(city: City, settings, real_city: None, asked_anew: None) -> None:
    settings.SECOND_FACTOR = None
    assert second_factor.demanded_of(city.coordinator)
    settings.SECOND_FACTOR = False
    assert not second_factor.demanded_of(city.coordinator)


@pytest.mark.parametrize(
    "path", ["/ban/", "/ban/goi/", "/ban/tim/?q=rac", "/bao-cao/", "/ban/can-bo/", "/ban/vai-tro/"]
)
def test_without_one_no_page_opens_but_where_it_is_set_up(city: City, path: str) -> None:
    for person in (city.coordinator, city.admin, city.leader):
        assert come_in(person).get(path).headers["Location"] == "/ban/tai-khoan/"


def test_the_page_where_it_is_set_up_shows_no_bar_and_no_telephone(city: City) -> None:
    page = come_in(city.coordinator).get("/ban/tai-khoan/").content.decode()
    assert "Thêm lớp bảo vệ thứ hai" in page and 'class="bar"' not in page and 'id="strip"' not in page


def test_no_live_stream_is_opened_without_one(city: City) -> None:
    client = come_in(city.coordinator)
    request = client.get("/ban/tai-khoan/").wsgi_request
    assert not sessions.still_viewer(request, city.coordinator)


def test_set_up_at_the_first_sign_in_then_asked_for_at_each(city: City) -> None:
    client = come_in(city.coordinator)
    secret, codes = set_up(client)
    assert len(codes) == 10
    assert client.get("/ban/").status_code == 200
    later = Client()
    asked = later.post(
        "/ban/vao/", {"username": city.coordinator.username, "password": PASSWORD, "next": "/ban/?khung=late"}
    )
    assert asked.headers["Location"] == "/ban/vao/ma/"
    assert later.get("/ban/").status_code == 302
    assert later.post("/ban/vao/ma/", {"code": "000000"}).status_code == 422
    done = later.post("/ban/vao/ma/", {"code": code(secret, later=1)})
    assert done.headers["Location"] == "/ban/?khung=late" and later.get("/ban/").status_code == 200


def test_a_code_opens_once_in_whichever_process(city: City) -> None:
    secret, _codes = set_up(come_in(city.coordinator))
    shown = code(secret, later=1)
    assert come_in(city.coordinator).post("/ban/vao/ma/", {"code": shown}).status_code == 302
    from django.core.cache import cache

    cache.clear()  # as another process, which has seen nothing
    answer = come_in(city.coordinator).post("/ban/vao/ma/", {"code": shown})
    assert answer.status_code == 422 and "đã dùng rồi" in answer.content.decode()


def test_a_recovery_code_opens_once(city: City) -> None:
    _secret, codes = set_up(come_in(city.coordinator))
    one = "".join(codes[3])
    assert come_in(city.coordinator).post("/ban/vao/ma/", {"code": one}).status_code == 302
    assert come_in(city.coordinator).post("/ban/vao/ma/", {"code": one}).status_code == 422


def test_recovery_codes_are_shown_once(city: City) -> None:
    client = come_in(city.coordinator)
    _secret, codes = set_up(client)
    again = client.get("/ban/tai-khoan/du-phong/").content.decode()
    assert "".join(codes[0]) not in again and " ".join(codes[0]) not in again


def test_guesses_at_the_code_are_counted(city: City) -> None:
    secret, _codes = set_up(come_in(city.coordinator))
    client = come_in(city.coordinator)
    answers = [client.post("/ban/vao/ma/", {"code": f"{n:06}"}).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    tried = Entry.objects.filter(kind=Kind.SIGN_IN, action="factor_refused")
    assert list(tried.values_list("subject", "who")) == [(city.coordinator.pk, "stranger")] * 6
    assert client.post("/ban/vao/ma/", {"code": code(secret, later=1)}).status_code == 429


def test_the_secret_is_nowhere_in_the_database_as_it_is(city: City) -> None:
    secret, _codes = set_up(come_in(city.coordinator))
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_the_last_one_stays_where_it_is_demanded(city: City) -> None:
    client = come_in(city.coordinator)
    set_up(client)
    page = client.post("/ban/tai-khoan/ung-dung/bo/")
    assert "phải có lớp bảo vệ thứ hai" in page.content.decode()
    assert second_factor.has_one(city.coordinator)


def test_who_lost_the_telephone_sets_it_up_anew_after_an_administrator(city: City) -> None:
    client = come_in(city.coordinator)
    set_up(client)
    people.forget_second_factor(city.coordinator)
    assert client.get("/ban/").status_code == 302
    assert come_in(city.coordinator).get("/ban/").headers["Location"] == "/ban/tai-khoan/"


def test_a_new_link_sets_a_password_and_still_asks_for_the_code(city: City) -> None:
    from tongdai.accounts import invitations
    from tongdai.platform.clock import now

    secret, _codes = set_up(come_in(city.coordinator))
    token = invitations.invite(city.coordinator, at=now())
    stranger = Client()
    done = stranger.post(f"/ban/khoi-dau/{token}/", {"password": "ghế tre phơi nắng"})
    assert done.headers["Location"] == "/ban/vao/ma/" and stranger.get("/ban/").status_code == 302
    assert stranger.post("/ban/vao/ma/", {"code": code(secret, later=1)}).status_code == 302


def test_what_was_typed_comes_through_both_proofs(city: City) -> None:
    case = city.case("Rác tràn ra hè phố")
    client = come_in(city.coordinator)
    secret, _codes = set_up(client)
    client.post("/ban/ra/")
    path = f"/ban/phieu/{case.code}/tu-choi/"
    asked = client.post(path, {"reason": "Ngoài phạm vi của tổng đài"})
    kept = re.search(r'name="kept" value="([^"]+)"', asked.content.decode())
    assert asked.status_code == 401 and kept
    come_in(city.coordinator, client, next=path, kept=kept[1])
    assert client.post("/ban/vao/ma/", {"code": code(secret, later=1)}).headers["Location"] == path
    assert "Ngoài phạm vi của tổng đài" in client.get(path).content.decode()


def test_changing_the_door_asks_again_who_it_is_after_a_while(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = come_in(city.coordinator)
    set_up(client)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 600)
    assert client.get("/ban/tai-khoan/khoa/them/").headers["Location"].startswith("/ban/tai-khoan/xac-nhan/")
    wrong = client.post("/ban/tai-khoan/xac-nhan/?next=/ban/tai-khoan/khoa/them/", {"password": "sai"})
    assert "Mật khẩu chưa đúng" in wrong.content.decode()
    right = client.post("/ban/tai-khoan/xac-nhan/?next=/ban/tai-khoan/khoa/them/", {"password": PASSWORD})
    assert right.headers["Location"] == "/ban/tai-khoan/khoa/them/"
    assert client.get("/ban/tai-khoan/khoa/them/").status_code == 200


def test_a_forged_passkey_opens_nothing(city: City) -> None:
    client = Client()
    options = client.get("/ban/vao/khoa/", HTTP_ACCEPT="application/json").json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    for credential in FORGED:
        answer = client.post("/ban/vao/khoa/", {"credential": credential})
        assert answer.headers["Location"] == "/ban/vao/", credential
    assert client.get("/ban/").status_code == 302


def test_a_forged_passkey_is_neither_the_second_proof_nor_added(city: City) -> None:
    owner = come_in(city.coordinator)
    set_up(owner)
    for credential in FORGED:
        answer = owner.post("/ban/tai-khoan/khoa/them/", {"name": "x", "credential": credential, "passwordless": "on"})
        assert answer.status_code == 422, credential
    half_way = come_in(city.coordinator)
    tried = [half_way.post("/ban/vao/ma/", {"credential": credential}).status_code for credential in FORGED]
    assert tried == [422] * len(FORGED)
    assert half_way.get("/ban/").status_code == 302


def test_an_officer_is_led_to_it_too(city: City) -> None:
    assert come_in(city.officer(HONG_BANG)).get("/ban/").headers["Location"] == "/ban/tai-khoan/"
    assert Role.OFFICER in NEEDS_SECOND_FACTOR


# the door itself, and where the second factor is set up
OPEN = re.compile(r"/ban/(vao/|ra/|ngon-ngu/|con-day/|khoi-dau/|tai-khoan/(?!phien))")


def addresses() -> list[str]:
    """Every address of the staff's, with something in the place of what it asks for."""

    def below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for each in patterns:
            path = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from below(each.url_patterns, path)
            else:
                yield re.sub(r"<(int):\w+>", "1", re.sub(r"<(?!int)\w+:\w+>", "x", path))

    found = below(get_resolver().url_patterns, "/")
    return sorted(
        path for path in found if path.startswith(("/ban/", "/bao-cao/")) and not OPEN.match(path) and "(" not in path
    )


def test_no_page_of_the_staffs_opens_to_a_stranger_or_before_the_second_factor(city: City) -> None:
    half_way, stranger = come_in(city.admin), Client()
    paths = addresses()
    assert len(paths) > 60
    for path in paths:
        known = {method: set[int]() for method in ("get", "post")}
        for method in known:
            answer = getattr(stranger, method)(path)
            known[method].add(answer.status_code)
            assert answer.status_code in (302, 401, 405), (method, path)
            assert answer.status_code != 302 or answer.headers["Location"].startswith("/ban/vao/"), (method, path)
            answer = getattr(half_way, method)(path)
            assert answer.status_code in (302, 405), (method, path)
            assert answer.status_code != 302 or answer.headers["Location"] == "/ban/tai-khoan/", (method, path)
            known[method].add(answer.status_code)
        assert 302 in known["get"] | known["post"], path  # by one of the two it would have opened
