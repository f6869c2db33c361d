"""How a room below calls what only a room above can say: the upper one registers a function in its app's `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Hook(Generic[P, R]):
    """Calls the one function that was registered. `name`: what it decides, for whoever forgot to register it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._function: Callable[P, R] | None = None

    def register(self, function: Callable[P, R]) -> None:
        if self._function not in (None, function):
            raise LookupError(f"{self._name}: somebody has registered already")
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._function is None:
            raise LookupError(f"{self._name}: nobody has registered")
        return self._function(*args, **kwargs)

    @contextmanager
    def replaced(self, function: Callable[P, R]) -> Iterator[None]:
        """Inside, this function answers: for tests."""
        before, self._function = self._function, function
        try:
            yield
        finally:
            self._function = before


class Hooks(Generic[P, R]):
    """Any number of functions, each by its name, in the order in which they were registered."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._functions: dict[str, Callable[P, R]] = {}

    def register(self, name: str, function: Callable[P, R]) -> None:
        if self._functions.get(name, function) != function:
            raise LookupError(f"{self._name}: {name} is registered already")
        self._functions[name] = function

    def get(self, name: str) -> Callable[P, R] | None:
        return self._functions.get(name)

    def items(self) -> list[tuple[str, Callable[P, R]]]:
        return list(self._functions.items())

    def all(self) -> list[Callable[P, R]]:
        return list(self._functions.values())

    @contextmanager
    def replaced(self, functions: Mapping[str, Callable[P, R]]) -> Iterator[None]:
        """Inside, these alone are there: for tests."""
        before, self._functions = self._functions, dict(functions)
        try:
            yield
        finally:
            self._functions = before
