"""Who calls, as the carrier says it: a number, a number that is hidden, or something that is none.

`P-Asserted-Identity` may name one twice, by `sip:` and by `tel:`, in one line or two (RFC 3325, section 9.1); Asterisk reads the
first alone. Where there is none it is Remote-Party-ID or From, which Asterisk has read for us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from tongdai.people.phones import normalise

HIDDEN = frozenset({"anonymous", "restricted", "unavailable", "unknown"})  # RFC 3323, and what carriers write beside it
VIETNAM = "+84"
MOST, LONGEST = 4, 80  # identities that are kept, and characters of each
_URI = re.compile(r"<\s*(sips?|tel):([^>]*)>|(?:^|,)\s*(sips?|tel):([^,<>\s]+)", re.IGNORECASE)


@dataclass(frozen=True)
class CallerId:
    """`number`: E.164, or empty. `claimed`: what the carrier says, as it came, where that is more or other than the number."""

    number: str = ""
    hidden: bool = False
    claimed: tuple[str, ...] = ()


def read(number: str, *, shown: str, asserted: str = "") -> CallerId:
    """`number`: as Asterisk reads it; `shown`: its presentation, `prohib…` where Privacy asks for it; `asserted`: the values

    of P-Asserted-Identity, percent-encoded. Of a hidden number nothing is kept.
    """
    given = [each for each in _identities(unquote(asserted, errors="replace")) if each]
    given = given or ([number] if number else [])
    given = [each for each in given if each.strip().lower() not in HIDDEN]
    if shown.startswith("prohib") or not given:
        return CallerId(hidden=True)
    valid = [found for each in given if (found := normalise(each))]
    first = next((each for each in valid if each.startswith(VIETNAM)), valid[0] if valid else "")
    claimed = tuple(each.replace("\0", "\ufffd")[:LONGEST] for each in given[:MOST])
    return CallerId(first, claimed=claimed if len(given) > 1 or not first else ())


def _identities(value: str) -> list[str]:
    """The user of each URI in it: what stands before the @, or a tel: number without its parameters."""
    found = []
    for scheme, uri, bare_scheme, bare in _URI.findall(value):
        user = uri or bare
        if (scheme or bare_scheme).lower() != "tel":
            user = user.rpartition("@")[0]
        found.append(unquote(user.partition(";")[0], errors="replace").strip())
    return list(dict.fromkeys(found))
