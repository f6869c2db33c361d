"""The abbreviations of chats and offices that mean one thing alone: `ubnd`, `ko`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files


def unambiguous() -> Iterator[tuple[str, str]]:
    """(abbreviation, what it stands for), the likelier meaning first; those of several meanings or forms are left out."""
    lines = files("tongdai.language").joinpath("abbreviations.jsonl").read_text(encoding="utf-8").splitlines()
    for entry in map(json.loads, lines):
        if not set("/(") & set(entry["expansion"] + entry["abbr"]):
            yield entry["abbr"], entry["expansion"]
