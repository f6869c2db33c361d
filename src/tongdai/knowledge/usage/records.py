"""Each question to what the city knows is counted: what was asked and answered, without a name or a number."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F

from ..answer_key import AnswerKey, Kind
from ..ask import Reply
from ..models import Article, Inquiry, LookupTable, Procedure
from ..search.certainty.result import Certainty
from .questions import without_names

SALT = "tongdai.knowledge.use"  # in tokens and digests that are out: never changes
FOLLOWS_WITHIN = timedelta(hours=1)
DOSSIER_ASKED, DOSSIER_FOUND = "hs", "dossier"  # a look-up at the one-stop system, as it is counted
_COUNTED: dict[Kind, type[Procedure] | type[Article] | type[LookupTable]] = {
    Kind.PROCEDURE: Procedure,
    Kind.ARTICLE: Article,
    Kind.TABLE: LookupTable,
}


def record_question(
    reply: Reply, typed: str, *, channel: str, at: datetime, session: str = "", opened: AnswerKey | None = None
) -> Inquiry:
    """Count a question and its reply. `session`: what tells this caller, phone or browser apart; only its digest is kept.

    `opened`: the answer that was given at once.
    """
    inquiry = Inquiry.objects.create(
        channel=channel,
        question=without_names(typed),
        certainty=reply.certainty,
        found=str(reply.answers[0].key) if reply.answers else "",
        part=reply.part or "",
        session=digest(session) if session else "",
        at=at,
    )
    if opened:
        record_opened(inquiry, opened)
    return inquiry


def record_lookup(
    words: str, *, channel: str, at: datetime, session: str = "", opened: AnswerKey | None = None
) -> Inquiry:
    """Count a question put to the tables alone."""
    return _record_lookup(words, str(opened or ""), channel=channel, at=at, session=session)


def record_dossier_lookup(*, found: bool, channel: str, at: datetime, session: str = "") -> Inquiry:
    """Count a question put to the one-stop system; its code is not kept."""
    return _record_lookup(DOSSIER_ASKED, DOSSIER_FOUND if found else "", channel=channel, at=at, session=session)


@transaction.atomic
def record_opened(inquiry: Inquiry, key: AnswerKey) -> None:
    """The answer was given or opened for this inquiry; the first time, it counts as chosen."""
    if inquiry.opened == str(key):
        return
    inquiry.opened = str(key)
    inquiry.save(update_fields=["opened"])
    if key.kind in _COUNTED:
        _COUNTED[key.kind]._default_manager.filter(pk=key.id).update(chosen=F("chosen") + 1)


def record_led_to_a_person(inquiry: Inquiry) -> None:
    """The answer wasn't enough: a person or a case followed."""
    Inquiry.objects.filter(pk=inquiry.pk).update(to_person=True)


def record_case_followed(session: str, *, at: datetime) -> None:
    """Somebody who asked within the last hour opened a case after all."""
    since = at - FOLLOWS_WITHIN
    Inquiry.objects.filter(session=digest(session), at__gte=since, at__lte=at).update(to_person=True)


def record_feedback(inquiry: Inquiry, *, useful: bool) -> None:
    """The citizen's one word on it."""
    Inquiry.objects.filter(pk=inquiry.pk).update(useful=useful)


def record_feedback_on(key: AnswerKey, *, useful: bool, channel: str, at: datetime) -> Inquiry:
    """The citizen's one word on an answer that was opened without a search; it answered only if it was of use."""
    opened = str(key) if useful else ""
    return Inquiry.objects.create(
        channel=channel, question="", certainty=Certainty.FOUND, found=str(key), opened=opened, useful=useful, at=at
    )


def token_of(inquiry: Inquiry) -> str:
    """Names an inquiry in an address; nobody can make one up."""
    return signing.Signer(salt=SALT).sign(str(inquiry.pk))


def inquiry_of(token: str) -> Inquiry | None:
    """The inquiry that a token names; None where it was made up."""
    try:
        return Inquiry.objects.filter(pk=signing.Signer(salt=SALT).unsign(token)).first()
    except signing.BadSignature:
        return None


def digest(session: str) -> str:
    """A session's name that can't be turned back into a number."""
    return hashlib.sha256(signing.Signer(salt=SALT).signature(session).encode()).hexdigest()[:32]


def _record_lookup(words: str, opened: str, *, channel: str, at: datetime, session: str) -> Inquiry:
    return Inquiry.objects.create(
        channel=channel,
        question=without_names(words),
        certainty=Certainty.FOUND if opened else Certainty.NOT_FOUND,
        found=opened,
        opened=opened,
        session=digest(session) if session else "",
        at=at,
    )
