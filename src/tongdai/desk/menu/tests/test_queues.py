"""A supervisor says where a queue leads on to, and is told why a rule can't be."""

from __future__ import annotations

from tests.city import City
from tongdai.accounts.models import Role
from tongdai.audit.models import Entry
from tongdai.channels.voice.menu.menu import write_the_usual_one
from tongdai.channels.voice.models import Overflow, Queue

from .test_menu import signed_in


def test_a_rule_is_added_shown_put_on_record_and_removed(city: City) -> None:
    write_the_usual_one()
    client, queue = signed_in(city.coordinator), Queue.objects.get(code="general")
    form = {"when": "after", "limit": "45", "to": "number", "number": "0225 3842 005"}
    page = client.post(f"/ban/loi-may/hang-cho/{queue.pk}/them/", form, follow=True).content.decode()
    assert "Chờ quá 45 giây" in page and "nối máy tới" in page
    assert client.post(f"/ban/loi-may/hang-cho/bo/{Overflow.objects.get().pk}/", follow=True).status_code == 200
    assert not Overflow.objects.exists()
    acts = Entry.objects.filter(what="general").order_by("pk").values_list("action", "detail__when", "detail__limit")
    assert list(acts) == [("overflow_added", "after", 45), ("overflow_removed", "after", 45)]


def test_a_circle_is_refused_with_what_was_typed_still_there(city: City) -> None:
    write_the_usual_one()
    client, one, other = signed_in(city.coordinator), *Queue.objects.filter(code__in=["general", "procedures"])
    Overflow.objects.create(queue=other, when="nobody", to="queue", to_queue=one)
    form = {"when": "length", "limit": "7", "to": "queue", "to_queue": str(other.pk)}
    page = client.post(f"/ban/loi-may/hang-cho/{one.pk}/them/", form)
    words = page.content.decode()
    assert page.status_code == 422 and "đi vòng" in words and 'value="7"' in words
    assert Overflow.objects.count() == 1


def test_odd_values_are_refused_in_words_and_a_call_taker_sets_none(city: City) -> None:
    write_the_usual_one()
    queue = Queue.objects.get(code="general")
    address = f"/ban/loi-may/hang-cho/{queue.pk}/them/"
    for form in (
        {},
        {"when": "after", "limit": "²", "to": "message"},
        {"when": "nobody", "to": "queue", "to_queue": "x"},
    ):
        assert signed_in(city.coordinator).post(address, form).status_code == 422
    taker = signed_in(city.staff(Role.CALL_TAKER, "Ai đó"))
    assert taker.get("/ban/loi-may/hang-cho/").status_code == 403
    assert taker.post(address, {"when": "nobody", "to": "message"}).status_code == 403
