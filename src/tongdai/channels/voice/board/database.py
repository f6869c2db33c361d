"""How the database is asked by what must not know who asks it in which thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")


class Database(Protocol):
    """Call it with a function of ours and what that is given: what the function returns, once the database has said it."""

    async def __call__(self, function: Callable[..., Result], *given: Any, **named: Any) -> Result: ...
