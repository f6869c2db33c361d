"""What a carrier is told of a citizen whom we hand on to a number outside: whose call it is, and that 1022 sends it on.

How much of it a carrier takes is its own affair, so each trunk says it (`Trunk.shows`, `Trunk.diversion`).
"""

from __future__ import annotations

from ..models import Trunk

OURS = "1022"
REASON = "deflection"  # RFC 5806 section 4: sent on by whoever was called
CAUSE = 487  # the same, RFC 4458 section 2: deflection, immediate response


def shown(trunk: Trunk, caller: str) -> str:
    """The number this carrier is told that we call from. `caller`: who is handed on (E.164); empty: nobody, or hidden."""
    return caller if caller and trunk.shows != Trunk.Shows.OURS else OURS


def headers(trunk: Trunk, number: str, *, caller: str) -> dict[str, str]:
    """Headers of the INVITE to that number, by name; none where nobody is handed on, or the carrier wants none."""
    if not caller:
        return {}
    host = trunk.known_by_name
    found = {}
    if trunk.diversion in (Trunk.Diversion.DIVERSION, Trunk.Diversion.BOTH):
        found["Diversion"] = f"<sip:{OURS}@{host}>;reason={REASON};counter=1"
    if trunk.diversion in (Trunk.Diversion.HISTORY, Trunk.Diversion.BOTH):
        first, then = f"<sip:{OURS}@{host}>;index=1", f"<sip:{number}@{host};cause={CAUSE}>;index=1.1;mp=1"
        found["History-Info"] = f"{first}, {then}"
    return found
