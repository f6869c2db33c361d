"""The files of this folder: abbreviations and everyday words with what they mean, and what people call the procedures.

`english/` has the same in English, and what the shipped answers say in it.
"""

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
def everyday_phrases(name: str = "aliases.txt") -> dict[str, list[str]]:
    """Procedure code → what people call it, from the lines `1.001193: làm giấy khai sinh | khai sinh cho con`."""
    found: dict[str, list[str]] = {}
    for line in lines_of(name):
        code, phrases = line.split(": ", 1)
        found.setdefault(code.strip(), []).extend(filter(None, map(str.strip, phrases.split("|"))))
    return {code: list(dict.fromkeys(phrases)) for code, phrases in found.items()}


@dataclass(frozen=True)
class Elsewhere:
    """What people ask for and no procedure here is about: words of its official name, who knows, what people call it."""

    official: str
    who: str
    phrases: tuple[str, ...]


@cache
def asked_elsewhere() -> tuple[Elsewhere, ...]:
    """From the lines `giấy phép lao động @ Sở Nội vụ: giấy phép lao động cho người nước ngoài | …`."""
    found = []
    for line in lines_of("elsewhere.txt"):
        named, phrases = line.split(": ", 1)
        official, who = named.split(" @ ")
        found.append(Elsewhere(official, who, tuple(filter(None, map(str.strip, phrases.split("|"))))))
    return tuple(found)


def read_expressions(name: str) -> list[Expression]:
    """Lines `written | written = meaning | meaning`."""
    found = []
    for line in lines_of(name):
        left, right = line.split(" = ", 1)
        meanings = tuple(filter(None, map(str.strip, right.split("|"))))
        found += [Expression(each.strip(), meanings) for each in left.split("|") if each.strip()]
    return found


def english_phrases() -> dict[str, list[str]]:
    """Procedure code, or key of an article → what people call it in English."""
    return everyday_phrases("english/aliases.txt")


def english_texts() -> dict[str, str]:
    """A line in Vietnamese, word for word → the same in English; of each pair of lines the second begins with `= `."""
    lines = lines_of("english/texts.txt")
    return {first: second.removeprefix("= ") for first, second in zip(lines[::2], lines[1::2], strict=True)}


@cache
def english_families() -> list[list[str]]:
    """Words and phrases that say the same, family by family."""
    return [[each.strip() for each in line.split("|")] for line in lines_of("english/synonyms.txt")]


def lines_of(name: str) -> list[str]:
    """The lines of a file the product ships, without blanks and remarks (`#`)."""
    lines = (STARTER / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
