"""What the rooms above tell the live process: who may know of which rows, and which sockets are theirs."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Any

from ..registry import Hook, Hooks
from .sockets import Asker, Receive, Send

# by channel: of these rows (ids) those that this member of staff may know of
known_to: Hooks[[Any, Iterable[int]], Iterable[int]] = Hooks("rows that a channel may name")
# by path: carry this WebSocket to its end
sockets: Hooks[[dict[str, Any], Receive, Send, Asker], Awaitable[None]] = Hooks("WebSockets")
# whether the one whose session this is (request, user) may be told anything
may_listen: Hook[[Any, Any], bool] = Hook("whether a stream goes on")
