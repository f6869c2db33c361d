"""What was searched for, kept in the session under a small number: names and telephone numbers stand in no address and no log."""

from __future__ import annotations

from django.http import HttpRequest

SEARCHES, MOST = "searches", 10  # the last ten of a session: as many tabs and steps back
NUMBER = "lan"
LONGEST = 200


def save(request: HttpRequest, words: str) -> int:
    """Save `words` in the session, and return the number under which they are found again."""
    saved = dict(request.session.get(SEARCHES, {}))
    number = 1 + max(map(int, saved), default=0)
    saved[str(number)] = words[:LONGEST]
    request.session[SEARCHES] = {name: saved[name] for name in sorted(saved, key=int)[-MOST:]}
    return number


def words(request: HttpRequest) -> str:
    """Return what this page was asked for; empty once it has been forgotten."""
    number = request.GET.get(NUMBER, "")
    found = request.session.get(SEARCHES, {}).get(number, "") if number else request.GET.get("q", "")
    return str(found)[:LONGEST]
