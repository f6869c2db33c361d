"""A supervisor says who takes which queue; the room shows places that are kept."""

from __future__ import annotations

from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.audit.models import Entry
from tongdai.channels.voice.agents import skills
from tongdai.channels.voice.menu.menu import write_the_usual_one
from tongdai.channels.voice.models import Call, Queue
from tongdai.channels.voice.queues import kept_places
from tongdai.channels.voice.records import call_records


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(city: City, **levels: str) -> dict[str, object]:
    asked = {f"q{queue.pk}": levels.get(queue.code, "") for queue in Queue.objects.all()}
    return {"person": city.call_taker.pk, "language": "en", **asked}


def test_a_supervisor_sets_queues_levels_and_languages_of_one(city: City) -> None:
    write_the_usual_one()
    client = signed_in(city.staff(Role.SUPERVISOR, "Trưởng ca"))
    assert "mọi hàng" in client.get("/ban/phong/hang-cho/").content.decode()
    page = client.post("/ban/phong/hang-cho/", form(city, general="1", danger="3"), follow=True).content.decode()
    assert f"Đã lưu hàng chờ của {city.call_taker.full_name}" in page
    able = skills.of_all()[city.call_taker.pk]
    assert able.levels == {Queue.objects.get(code="general").pk: 1, Queue.objects.get(code="danger").pk: 3}
    assert able.speaks("en")
    entry = Entry.objects.get(action="skills")
    assert entry.subject == city.call_taker.pk and entry.detail["levels"]["general"] == 1


def test_whoever_takes_nothing_is_not_saved_and_all_as_usual_is_nothing_set(city: City) -> None:
    write_the_usual_one()
    client = signed_in(city.staff(Role.SUPERVISOR, "Trưởng ca"))
    page = client.post("/ban/phong/hang-cho/", form(city), follow=True).content.decode()
    assert "ít nhất một hàng chờ" in page and skills.of_all() == {}
    usual = form(city, **dict.fromkeys(Queue.objects.values_list("code", flat=True), "2")) | {"language": []}
    client.post("/ban/phong/hang-cho/", usual)
    assert skills.of_all() == {}


def test_a_call_taker_sets_nobodys(city: City) -> None:
    assert signed_in(city.call_taker).get("/ban/phong/hang-cho/").status_code == 403
    supervisor = signed_in(city.staff(Role.SUPERVISOR, "Trưởng ca"))
    assert supervisor.post("/ban/phong/hang-cho/", {"person": "²"}).status_code == 404


def test_the_board_counts_places_that_are_kept_among_those_who_wait(city: City) -> None:
    write_the_usual_one()
    call = call_records.came(channel="1.1", number="+84912345678", dialled="1022")
    call_records.waits(call.pk, queue=Queue.objects.get(code="general").pk, path=["person"])
    kept_places.keep(call.pk, number="+84912345678", rank=50, language="vi")
    call_records.ended(call.pk, path=["person", "kept"], outcome=Call.Outcome.KEPT)
    board = signed_in(city.staff(Role.SUPERVISOR, "Trưởng ca")).get("/ban/phong/").content.decode()
    assert ">1</p>" in board and "trong đó 1 người giữ chỗ" in board
