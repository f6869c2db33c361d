"""Proof of work: a browser computes for a second before a form of ours texts anybody, so that thousands of texts cost.

ALTCHA's own format, asked of nobody outside. The challenge is signed and stored nowhere; a proof that was used is.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongdai.people.models import SpentProof
from tongdai.platform import jobs

FIELD = "altcha"
ALGORITHM = "SHA-256"
GOOD_FOR = timedelta(hours=1)  # seconds are enough to solve it; whoever writes slowly gets another
LONGEST = 2000  # characters of a payload; ours has some 500


@never_cache
@require_GET
def challenge(request: HttpRequest) -> JsonResponse:
    """A new one, for `frontend/islands/proof.ts`."""
    return JsonResponse(new_challenge().to_dict())


def new_challenge(*, good_for: timedelta = GOOD_FOR) -> altcha.Challenge:
    """Between half and one and a half times PROOF_OF_WORK hashes, so that the second is never ten."""
    work = settings.PROOF_OF_WORK
    return altcha.create_challenge(
        ALGORITHM,
        cost=1,
        counter=work // 2 + secrets.randbelow(work + 1),
        expires_at=int(time.time() + good_for.total_seconds()),
        hmac_secret=_secret(),
    )


def spend(payload: str) -> bool:
    """Whether this is a proof of ours, solved, in time, and used for the first time: from now on it is used."""
    if not payload or len(payload) > LONGEST or not altcha.verify_solution(payload, _secret()).verified:
        return False
    solved = altcha.Payload.from_base64(payload).challenge
    expires: Any = solved.parameters.expires_at
    _row, new = SpentProof.objects.get_or_create(
        digest=hashlib.sha256(str(solved.signature).encode()).hexdigest(),
        defaults={"expires_at": datetime.fromtimestamp(expires, UTC)},
    )
    return new


@jobs.periodic(name="shell.proof.forget", queue="proof", cron="53 18 * * *")
def forget(timestamp: int) -> None:
    """Once a night: those whose challenge is over anyway. By the computer's own clock, as challenges are."""
    SpentProof.objects.filter(expires_at__lt=datetime.now(UTC)).delete()


def _secret() -> str:
    return salted_hmac("tongdai.shell.proof", "altcha", algorithm="sha256").hexdigest()
