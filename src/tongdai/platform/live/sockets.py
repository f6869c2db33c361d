"""What the live process knows of whoever opens a WebSocket, handed to the room whose path it is (`registry.sockets`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(eq=False)
class Asker:
    """`ours`: a page of our own asks, by its Origin; `viewer`: who is signed in, asked anew each time (raises django.db.Error).

    `doubted` is set as soon as somebody's rights or session have changed. `client`: the address asked from.
    """

    ours: bool
    viewer: Callable[[], Awaitable[Any]]
    client: str
    doubted: asyncio.Event = field(default_factory=asyncio.Event)
