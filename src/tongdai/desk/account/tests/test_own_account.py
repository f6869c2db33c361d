"""One's own account: password, sessions, and the session that ends by itself."""

from __future__ import annotations

import re
import time

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.city import City
from tongdai.accounts.models import User
from tongdai.accounts.sign_in import sessions
from tongdai.channels.voice.agents.lines import line_of
from tongdai.channels.voice.models import Agent

PASSWORD = "mật khẩu thử 1022"


def come_in(person: User, **headers: str) -> Client:
    client = Client(headers=headers)
    assert client.post("/ban/vao/", {"username": person.username, "password": PASSWORD}).status_code == 302
    return client


def grow_old(client: Client, *, name: str = sessions.SEEN, by: int = 31 * 60) -> None:
    """Nobody has touched it for so many seconds."""
    session = client.session
    session[name] = int(time.time()) - by
    session.save()


def test_ones_own_password_is_changed_and_the_other_sessions_end(city: City) -> None:
    here, there = come_in(city.leader), come_in(city.leader)
    form = {"oldpassword": PASSWORD, "password1": "ghế tre phơi nắng"}
    assert here.post("/ban/tai-khoan/mat-khau/", form).status_code == 302
    assert here.get("/ban/").status_code == 200 and there.get("/ban/").status_code == 302


def test_the_password_in_use_is_asked_for_and_guesses_are_counted(city: City) -> None:
    client = come_in(city.leader)
    form = {"oldpassword": "sai", "password1": "ghế tre phơi nắng"}
    said = [client.post("/ban/tai-khoan/mat-khau/", form).content.decode() for _ in range(6)]
    assert "chưa đúng" in said[0] and "quá nhiều lần" in said[5]
    form["oldpassword"] = PASSWORD
    assert client.post("/ban/tai-khoan/mat-khau/", form).status_code == 200
    city.leader.refresh_from_db()
    assert city.leader.check_password(PASSWORD)


def test_a_guessable_new_password_is_refused(city: City) -> None:
    form = {"oldpassword": PASSWORD, "password1": "HaiPhong@1022"}
    assert "dễ đoán" in come_in(city.leader).post("/ban/tai-khoan/mat-khau/", form).content.decode()


def test_sessions_are_listed_and_each_can_be_ended(city: City) -> None:
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    here, there = come_in(city.leader), come_in(city.leader, user_agent=firefox)
    page = here.get("/ban/tai-khoan/").content.decode()
    assert "Firefox, Windows" in page and "phiên này" in page
    end = re.search(r'action="(/ban/tai-khoan/phien/\d+/ra/)"', page)
    assert end
    assert here.post(end[1]).status_code == 302
    assert there.get("/ban/").status_code == 302 and here.get("/ban/").status_code == 200


def test_nobody_ends_anothers_session(city: City) -> None:
    theirs = come_in(city.leader)
    row = UserSession.objects.get(user=city.leader)
    assert come_in(city.coordinator).post(f"/ban/tai-khoan/phien/{row.pk}/ra/").status_code == 404
    assert theirs.get("/ban/").status_code == 200


def test_every_other_session_ends_at_one_press(city: City) -> None:
    here, *others = (come_in(city.leader) for _ in range(3))
    here.post("/ban/tai-khoan/phien/ra/")
    assert [each.get("/ban/").status_code for each in (here, *others)] == [200, 302, 302]


def test_half_an_hour_without_a_hand_on_the_keys_ends_a_session(city: City) -> None:
    client = come_in(city.leader)
    grow_old(client, by=29 * 60)
    assert client.get("/ban/").status_code == 200
    grow_old(client)
    led = client.get("/ban/?khung=late")
    assert led.headers["Location"] == "/ban/vao/?next=%2Fban%2F%3Fkhung%3Dlate&het=1"
    assert "30 phút không ai dùng" in client.get(led.headers["Location"]).content.decode()
    assert UserSession.objects.exclude(session_key=client.session.session_key).count() <= 1


def test_what_a_page_asks_by_itself_is_no_hand_on_the_keys(city: City) -> None:
    client = come_in(city.leader)
    grow_old(client, by=20 * 60)
    before = client.session[sessions.SEEN]
    client.get("/ban/danh-sach/", headers={"HX-Request": "true", "X-By-Itself": "1"})
    assert client.session[sessions.SEEN] == before
    client.get("/ban/con-day/")
    assert client.session[sessions.SEEN] > before


def test_a_list_that_asks_by_itself_after_it_ended_covers_the_page(city: City) -> None:
    client = come_in(city.leader)
    grow_old(client)
    answer = client.get("/ban/danh-sach/", headers={"HX-Request": "true", "X-By-Itself": "1"})
    assert answer.status_code == 401 and "desk:signed-out" in answer.headers["HX-Trigger"]
    assert client.get("/ban/con-day/").status_code == 401


def test_what_was_typed_meanwhile_is_kept_through_signing_in_again(city: City) -> None:
    case = city.case("Rác tràn ra hè phố")
    client = come_in(city.coordinator)
    grow_old(client)
    path = f"/ban/phieu/{case.code}/tu-choi/"
    asked = client.post(path, {"reason": "Ngoài phạm vi của tổng đài"})
    kept = re.search(r'name="kept" value="([^"]+)"', asked.content.decode())
    assert asked.status_code == 401 and kept
    form = {"username": city.coordinator.username, "password": PASSWORD, "next": path, "kept": kept[1]}
    assert client.post("/ban/vao/", form).headers["Location"] == path
    assert "Ngoài phạm vi của tổng đài" in client.get(path).content.decode()


def test_who_stands_ready_at_the_telephone_is_at_work(city: City) -> None:
    client = come_in(city.call_taker)
    line_of(city.call_taker)
    at = city.at("2022-02-14 08:00")
    agent = Agent.objects.create(user=city.call_taker, state=Agent.State.READY, online=True, since=at, idle_since=at)
    grow_old(client)
    assert client.get("/ban/goi/").status_code == 200
    agent.state = Agent.State.PAUSED  # a call was not taken
    agent.save()
    grow_old(client)
    assert client.get("/ban/goi/").status_code == 302


def test_the_board_on_the_wall_stays(city: City) -> None:
    client = come_in(city.leader)
    grow_old(client, by=29 * 60)
    assert client.get("/ban/phong/so/", headers={"HX-Request": "true"}).status_code == 200
    assert int(time.time()) - client.session[sessions.SEEN] < 60


def test_a_session_is_no_older_than_a_shift(city: City, settings) -> None:
    client = come_in(city.leader)
    client.get("/ban/")
    grow_old(client, name=sessions.BEGAN, by=settings.SESSION_COOKIE_AGE + 60)
    assert client.get("/ban/").status_code == 302


def test_a_tab_that_comes_back_gets_the_token_of_now(city: City) -> None:
    said = come_in(city.leader).get("/ban/con-day/").json()
    assert said["user"] == city.leader.pk and len(said["token"]) == 64


@pytest.mark.parametrize("path", ["/", "/phan-anh/", "/tra-cuu/", "/tra-loi/"])
def test_citizens_pages_ask_for_no_session(city: City, settings, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200 and settings.SESSION_COOKIE_NAME not in answer.cookies
