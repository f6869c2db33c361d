"""Whether what a stranger sends by a form may make us text somebody now."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest

from tongdai.people import limits
from tongdai.platform.clock import now
from tongdai.platform.web.client_network import neighbourhood_of

from . import proof

Why = Literal["", "proof", "network"]


def why_no_text(request: HttpRequest) -> Why:
    """`proof`: no work was done for it (a browser without JavaScript). `network`: its network has had its texts of the hour.

    Empty: it may, and is counted. Call it once, for a form that is right in all else: the proof is spent.
    """
    if not proof.spend(request.POST.get(proof.FIELD, "")):
        return "proof"
    going = limits.from_network(neighbourhood_of(request))
    return "" if all(limits.let_out(limits.What.TEXT, [going], at=now())) else "network"
