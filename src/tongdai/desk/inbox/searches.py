"""What was searched for, kept in the session under a number: names and telephone numbers stand in no address and no log."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from tongdai.shell.staff import StaffRequest

SEARCHES, MOST = "searches", 10  # the last ten of a session: as many tabs and steps back
NUMBER = "lan"
LONGEST = 200


def save(request: StaffRequest, words: str) -> str:
    """Save `words` in the session, and return the number under which they are found again.

    It is this person's: in an address that was sent to a colleague it finds nothing of what that one searched for.
    """
    words = words[:LONGEST]
    number = salted_hmac("desk.search", f"{request.user.pk}:{words}").hexdigest()[:10]
    saved = {name: each for name, each in request.session.get(SEARCHES, {}).items() if name != number}
    request.session[SEARCHES] = dict([*saved.items(), (number, words)][-MOST:])
    return number


def words(request: StaffRequest) -> str:
    """Return what this page was asked for; empty once it has been forgotten."""
    number = request.GET.get("lan", "")
    found = request.session.get(SEARCHES, {}).get(number, "") if number else request.GET.get("q", "")
    return str(found)[:LONGEST]
