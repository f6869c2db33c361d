"""A browser that works for its text, as `frontend/islands/proof.ts` does."""

from __future__ import annotations

import altcha
from django.test import Client


def worked(client: Client) -> dict[str, str]:
    """The field of a form that makes us text somebody, filled in: a fresh challenge, solved."""
    return {"altcha": solved(altcha.Challenge.from_dict(client.get("/bang-chung/").json()))}


def solved(challenge: altcha.Challenge) -> str:
    solution = altcha.solve_challenge(challenge)
    assert solution
    return altcha.Payload(challenge, solution).to_base64()
