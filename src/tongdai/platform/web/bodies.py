"""Bodies on their way in: none takes a thread, none may dawdle, and all of them together have a bound.

A body rests in memory, past 256 kB in a nameless file. When the disk is full the small ones go on in memory, so that
the words somebody typed still arrive and can be handed back.
"""

from __future__ import annotations

import asyncio
import io
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import IO, Literal

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

IN_MEMORY = 256 * 1024  # bytes of one body
GRACE, SLOWEST = 20.0, 1024  # seconds before a body must have come at this many bytes a second
THROWN_AWAY, THROWN_FOR = 256 * 1024 * 1024, 10.0  # bytes, seconds: read on, so that the browser hears why
OF_ONE_NETWORK, AT_ONCE = 40, 400  # bodies under way in one process
ON_DISK = 1024 * 1024 * 1024  # bytes of all bodies of one process
LEFT_FREE = 256 * 1024 * 1024  # bytes of the disk that no body takes
IN_NEED, MOST_IN_NEED = 4, 16 * 1024 * 1024  # bodies, and bytes of each, that memory takes while the disk is full

Why = Literal["too_large", "too_slow", "busy", "disk_full"]


class Refused(Exception):
    """The body isn't taken; `why` says what stands in its way."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class CutShort(Exception):
    """Whoever sent it is gone before its end: there is nobody to answer, and what came of it means nothing."""


@dataclass(eq=False)
class _Coming:
    """A body under way."""

    whose: Callable[[], str]
    timeout: asyncio.Timeout
    received: int = 0
    file: IO[bytes] = field(default_factory=io.BytesIO)
    spooled: int = 0
    in_need: bool = False
    ended: bool = False

    @cached_property
    def network(self) -> str:
        """Whose it is; asked only when very many are under way."""
        return self.whose()


_under_way: dict[_Coming, None] = {}  # the oldest first


async def read_whole(body: Awaitable[bytes], *, length: int, whose: Callable[[], str]) -> IO[bytes]:
    """A body that says it is small (`IN_MEMORY`), as most do.

    Raises:
        Refused: slower than 1 kB/s, or too many are under way.
        CutShort
    """
    timeout = asyncio.timeout(GRACE + length / SLOWEST)
    with _under(timeout, whose):
        async with timeout:
            try:
                whole = await body
            except ProtocolClosed:
                raise CutShort from None
            if len(whole) < length:
                raise CutShort
            return io.BytesIO(whole)


async def read(chunks: AsyncIterator[bytes], *, most: int, whose: Callable[[], str], length: int = 0) -> IO[bytes]:
    """The whole body, to be read from its beginning; close it. `whose`: says the network it comes from; `length`: as it was

    announced, if it was.

    Raises:
        Refused: larger than `most`, slower than 1 kB/s, or there is no room for it.
        CutShort
    """
    started = asyncio.get_running_loop().time()
    timeout = asyncio.timeout_at(started + GRACE)
    with _under(timeout, whose) as coming:
        async with timeout:
            async for chunk in chunks:
                coming.received += len(chunk)
                if coming.received > most:
                    raise Refused("too_large")
                if coming.ended:
                    raise Refused("too_slow")
                await _spool(coming, chunk)
                timeout.reschedule(started + GRACE + coming.received / SLOWEST)
        if coming.received < length:  # a connection that is lost ends the chunks like a whole body does
            raise CutShort
        coming.file.seek(0)
        return coming.file


@contextmanager
def _under(timeout: asyncio.Timeout, whose: Callable[[], str]) -> Iterator[_Coming]:
    """A body's turn: it counts as long as it is under way, and leaves nothing if it doesn't arrive."""
    if len(_under_way) >= AT_ONCE:
        raise Refused("busy")
    coming = _Coming(whose, timeout)
    if len(_under_way) >= OF_ONE_NETWORK:
        _make_room(coming.network)
    _under_way[coming] = None
    try:
        yield coming
    except TimeoutError:
        coming.file.close()
        raise Refused("too_slow") from None
    except BaseException:
        coming.file.close()
        raise
    finally:
        del _under_way[coming]


async def throw_away(chunks: AsyncIterator[bytes]) -> None:
    """Read on for a while and keep nothing: a browser listens for the answer only when it has sent what it can."""
    thrown = 0
    try:
        async with asyncio.timeout(THROWN_FOR):
            async for chunk in chunks:
                thrown += len(chunk)
                if thrown > THROWN_AWAY:
                    return
    except (TimeoutError, OSError, RuntimeError):
        return


def _make_room(network: str) -> None:
    """Of a network that sends very many at once, the one that has taken longest ends."""
    of_it = [each for each in _under_way if each.network == network and not each.ended]
    if len(of_it) >= OF_ONE_NETWORK:
        of_it[0].ended = True
        of_it[0].timeout.reschedule(asyncio.get_running_loop().time())


async def _spool(coming: _Coming, chunk: bytes) -> None:
    on_disk = not isinstance(coming.file, io.BytesIO)
    if not on_disk and not coming.in_need and coming.received > IN_MEMORY:
        on_disk = await _to_disk(coming)
    if not on_disk:
        if coming.in_need and coming.received > MOST_IN_NEED:
            raise Refused("disk_full")
        coming.file.write(chunk)
        return
    if sum(each.spooled for each in _under_way) + len(chunk) > ON_DISK:
        raise Refused("busy")
    try:
        await asyncio.to_thread(coming.file.write, chunk)
        coming.spooled = coming.received
    except OSError:
        raise Refused("disk_full") from None


async def _to_disk(coming: _Coming) -> bool:
    """Whether the body lies on the disk from now on; where that is full, memory takes a few."""
    try:
        coming.file = await asyncio.to_thread(_on_disk, coming.file)
    except OSError:
        if sum(each.in_need for each in _under_way) >= IN_NEED:
            raise Refused("disk_full") from None
        coming.in_need = True
        return False
    return True


def _on_disk(begun: IO[bytes]) -> IO[bytes]:
    if shutil.disk_usage(tempfile.gettempdir()).free < LEFT_FREE:
        raise OSError("too little room on the disk")
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - whoever reads the body closes it
    begun.seek(0)
    shutil.copyfileobj(begun, file)
    return file
