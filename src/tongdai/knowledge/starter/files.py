"""The files of this folder: abbreviations and everyday words with what they mean, and what people call the procedures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

STARTER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Expression:
    """What people write, and what it means: the likeliest first."""

    written: str
    meanings: tuple[str, ...]


@cache
def everyday_phrases() -> dict[str, list[str]]:
    """Procedure code → what people call it, from the lines `1.001193: làm giấy khai sinh | khai sinh cho con`."""
    found: dict[str, list[str]] = {}
    for line in lines_of("aliases.txt"):
        code, phrases = line.split(": ", 1)
        found.setdefault(code.strip(), []).extend(filter(None, map(str.strip, phrases.split("|"))))
    return {code: list(dict.fromkeys(phrases)) for code, phrases in found.items()}


def read_expressions(name: str) -> list[Expression]:
    """Lines `written | written = meaning | meaning`."""
    found = []
    for line in lines_of(name):
        left, right = line.split(" = ", 1)
        meanings = tuple(filter(None, map(str.strip, right.split("|"))))
        found += [Expression(each.strip(), meanings) for each in left.split("|") if each.strip()]
    return found


def lines_of(name: str) -> list[str]:
    """The lines of a file the product ships, without blanks and remarks (`#`)."""
    lines = (STARTER / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
