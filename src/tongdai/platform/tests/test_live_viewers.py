"""A live stream ends within a second of its viewer being out, and follows what they may see."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from tests.city import City
from tongdai.accounts import people
from tongdai.accounts.models import Role, User
from tongdai.accounts.sign_in import sessions
from tongdai.platform.live import server

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "mật khẩu thử 1022"


def viewer() -> tuple[User, Client]:
    person = User.objects.create_user("hang", PASSWORD, full_name="Hằng", role=Role.COORDINATOR)
    client = Client()
    client.post("/ban/vao/", {"username": "hang", "password": PASSWORD})
    return person, client


async def stream(client: Client, then: Callable[[], object]) -> tuple[list[str], float]:
    """What a stream said after `then` was done, until it ended; and how long that took."""
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    scope = {"type": "http", "path": "/live", "headers": [(b"cookie", cookie), (b"host", b"127.0.0.1")]}
    said: list[str] = []
    opened = asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        said.append((message.get("body") or b"").decode())
        opened.set()

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(3600)
        return {"type": "http.disconnect"}

    listening = asyncio.create_task(server._listen_for_ever())
    task = asyncio.create_task(server.application(scope, receive, send))
    try:
        async with asyncio.timeout(5):
            await opened.wait()
        while not server._listening:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)  # the first news, of whatever happened before
        said.clear()
        await sync_to_async(then)()
        begun = asyncio.get_running_loop().time()
        done, _ = await asyncio.wait({task}, timeout=3)
        took = asyncio.get_running_loop().time() - begun
        return said, took if done else float("inf")
    finally:
        task.cancel()
        listening.cancel()


def test_it_ends_within_a_second_when_the_viewer_is_out() -> None:
    person, client = viewer()
    said, took = asyncio.run(stream(client, lambda: people.deactivate(person, by=None)))
    assert took < 1 and "event: signed-out" in "".join(said)


def test_it_ends_within_a_second_when_this_session_is_ended_and_no_other() -> None:
    person, client = viewer()
    other = Client()
    other.post("/ban/vao/", {"username": "hang", "password": PASSWORD})
    key = client.session.session_key
    _said, took = asyncio.run(stream(other, lambda: sessions.end_all(person, but=other.session.session_key or "")))
    assert took == float("inf") and key
    said, took = asyncio.run(stream(other, lambda: sessions.end_all(person)))
    assert took < 1 and "event: signed-out" in "".join(said)


def test_who_moves_is_told_by_the_rights_of_now() -> None:
    person, client = viewer()
    said, took = asyncio.run(stream(client, lambda: people.change(person, role=Role.LEADER)))
    assert took == float("inf")
    assert any(each.startswith("event: cases\ndata: ") and json.loads(each.split("data: ")[1]) is None for each in said)


def test_news_that_comes_with_the_word_that_one_is_out_is_told_to_nobody() -> None:
    """Both in one breath: first whether they may be told."""
    person, client = viewer()

    def both() -> None:
        people.deactivate(person, by=None)
        server._send_to_all({"cases": "many", "viewers": [person.pk]})

    said, took = asyncio.run(stream(client, both))
    assert took < 1 and "event: cases" not in "".join(said)


def test_what_came_between_a_page_and_its_stream_is_told() -> None:
    person, client = viewer()
    case = City().case("Rác ở chợ")
    server._recent.clear()
    drawn = time.time()
    server._recent.extend([(drawn - 30, {"cases": [10**6]}), (drawn + 0.1, {"cases": [case.pk]})])
    assert asyncio.run(first_words(client, f"since={drawn:.1f}".encode())) == [f"event: cases\ndata: [{case.pk}]\n\n"]
    for unsaid in (b"", b"since=", b"since=x", b"since=nan"):
        assert asyncio.run(first_words(client, unsaid)) == []


async def first_words(client: Client, query: bytes) -> list[str]:
    """What a stream says within a second of being opened, without anything that happens meanwhile."""
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    headers = [(b"cookie", cookie), (b"host", b"127.0.0.1")]
    said: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        said.append((message.get("body") or b"").decode())

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    task = asyncio.create_task(
        server.application({"type": "http", "path": "/live", "headers": headers, "query_string": query}, receive, send)
    )
    await asyncio.wait({task}, timeout=1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return [each for each in said if each.startswith("event:")]


def test_one_person_has_so_many_streams_and_the_oldest_ends_for_the_next() -> None:
    _person, client = viewer()
    assert asyncio.run(crowd(client, server.OF_ONE_PERSON + 5)) == [True] * 5 + [False] * server.OF_ONE_PERSON
    assert not server._streams


async def crowd(client: Client, count: int) -> list[bool]:
    """Whether each of so many streams, opened one after the other, has ended."""
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    scope = {"type": "http", "path": "/live", "headers": [(b"cookie", cookie), (b"host", b"127.0.0.1")]}

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def one() -> asyncio.Task[None]:
        opened = asyncio.Event()

        async def send(_message: dict[str, Any]) -> None:
            opened.set()

        task = asyncio.create_task(server.application(scope, receive, send))
        async with asyncio.timeout(10):
            await opened.wait()
        return task

    tasks = [await one() for _ in range(count)]
    await asyncio.wait(tasks, timeout=10, return_when=asyncio.FIRST_COMPLETED)
    for _ in range(200):
        if sum(task.done() for task in tasks) == count - server.OF_ONE_PERSON:
            break
        await asyncio.sleep(0.05)
    ended = [task.done() for task in tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return ended
