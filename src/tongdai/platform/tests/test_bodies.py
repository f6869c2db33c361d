"""A body on its way in: what is too slow, too large, or too much for the disk, and what must not suffer by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from typing import IO

import pytest
from granian.rsgi import ProtocolClosed

from tongdai.platform.web import bodies
from tongdai.platform.web.bodies import CutShort, Refused, read, read_whole


def here() -> str:
    return "203.0.113.7"


def there() -> str:
    return "203.0.113.8"


async def whole(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def without_end() -> AsyncIterator[bytes]:
    yield b"t"
    await asyncio.Event().wait()


async def never() -> bytes:
    return await asyncio.Event().wait() and b""


def run(reading: Awaitable[IO[bytes]]) -> bytes:
    async def take() -> bytes:
        with await reading as body:
            return body.read()

    return asyncio.run(take())


def test_a_body_arrives_as_it_was_sent_from_memory_and_from_the_disk() -> None:
    large = [bytes([number]) * 100_000 for number in range(9)]
    assert run(read(whole(b"text=", b"abc"), most=100, whose=here)) == b"text=abc"
    assert run(read(whole(*large), most=1_000_000, whose=here)) == b"".join(large)


def test_a_body_that_dawdles_is_given_up_and_one_that_goes_on_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "GRACE", 0.05)

    async def steady() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b"x" * 2000  # at a thousand a second that is worth two seconds
            await asyncio.sleep(0.04)

    assert len(run(read(steady(), most=10_000, whose=here))) == 8000
    with pytest.raises(Refused, match="too_slow"):
        run(read(without_end(), most=100, whose=here))
    with pytest.raises(Refused, match="too_slow"):
        run(read_whole(never(), length=10, whose=here))
    assert not bodies._under_way


def test_a_body_that_did_not_say_its_length_ends_at_the_limit() -> None:
    with pytest.raises(Refused, match="too_large"):
        run(read(whole(b"x" * 60, b"x" * 60), most=100, whose=here))


def test_whoever_sends_very_many_at_once_loses_the_slowest_and_keeps_nobody_else_out() -> None:
    async def crowd() -> list[str]:
        slow = [asyncio.create_task(read(without_end(), most=100, whose=here)) for _ in range(bodies.OF_ONE_NETWORK)]
        await asyncio.sleep(0)
        (await read(whole(b"of the same network"), most=100, whose=here)).close()
        (await read(whole(b"of another"), most=100, whose=there)).close()
        await asyncio.sleep(0.01)
        ended = ["" if not each.done() else str(each.exception()) for each in slow]
        for each in slow:
            each.cancel()
            with suppress(asyncio.CancelledError, Refused):
                await each
        return ended

    assert asyncio.run(crowd()) == ["too_slow"] + [""] * (bodies.OF_ONE_NETWORK - 1)


def test_a_full_disk_still_lets_the_words_of_a_form_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LEFT_FREE", 2**62)
    form = b"text=" + b"x" * (2 * bodies.IN_MEMORY)
    assert run(read(whole(form[:300_000], form[300_000:]), most=2**30, whose=here)) == form
    monkeypatch.setattr(bodies, "MOST_IN_NEED", 400_000)
    with pytest.raises(Refused, match="disk_full"):
        run(read(whole(form[:300_000], form[300_000:]), most=2**30, whose=here))


def test_all_bodies_together_take_no_more_of_the_disk_than_their_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "ON_DISK", 500_000)
    with pytest.raises(Refused, match="busy"):
        run(read(whole(b"x" * 300_000, b"x" * 300_000), most=2**30, whose=here))


async def lost() -> bytes:
    raise ProtocolClosed("RSGI transport is closed")


def test_whoever_hangs_up_amid_a_body_is_answered_by_nobody_and_half_a_form_is_no_form() -> None:
    with pytest.raises(CutShort):
        run(read_whole(lost(), length=100, whose=here))
    with pytest.raises(CutShort):
        run(read(whole(b"x" * 300_000), most=2**30, whose=here, length=1_000_000))
    assert run(read(whole(b"x" * 300_000), most=2**30, whose=here, length=300_000)) == b"x" * 300_000
    assert not bodies._under_way
