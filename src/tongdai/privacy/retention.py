"""How long what is kept, and the night's job that lets go of it. Figures stay as they are: events and dates are kept.

A rule for a topic goes before the general one. The city sets its own periods by the archives law (Luật Lưu trữ 33/2024/QH15);
without rows these hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import DateTimeField, Max, OuterRef, Q, Subquery

from tongdai.accounts.models import SignInTry
from tongdai.cases.models import Attachment, Case, CaseLink, CodeTry, Event, OneTimeCode
from tongdai.cases.states import State
from tongdai.channels.sms.models import Part
from tongdai.channels.voice.models import Call, Callback
from tongdai.channels.voice.recordings import intake
from tongdai.directory.models import Topic
from tongdai.knowledge.models import Inquiry
from tongdai.people.models import Contact, Interaction
from tongdai.platform import jobs
from tongdai.platform.clock import now

from .erasure import erase, erase_photos, forget_contact
from .models import RetentionRule

log = structlog.get_logger(__name__)
Kind = RetentionRule.Kind
BY_TOPIC = (Kind.CASE, Kind.PHOTO)
OVER = (State.ANSWERED, State.REJECTED, State.CLOSED)
BATCH = 500


def usual_days(kind: RetentionRule.Kind) -> int:
    """What holds where the city has written nothing."""
    return {
        Kind.CASE: 5 * 365,
        Kind.PHOTO: 2 * 365,
        Kind.MESSAGE: 365,
        Kind.RECORDING: settings.RECORDING_DAYS,
        Kind.QUESTION: 30,
        Kind.TRY: 30,
    }[kind]


def days_of() -> dict[tuple[str, int | None], int]:
    """(kind, topic or None) → days, the general ones complete."""
    usual: dict[tuple[str, int | None], int] = {(kind.value, None): usual_days(kind) for kind in Kind}
    return usual | {(rule.kind, rule.topic_id): rule.days for rule in RetentionRule.objects.all()}


def set_days(kind: RetentionRule.Kind, days: int, *, topic: Topic | None = None) -> None:
    """Write a rule; a topic's own only for what is kept by topic.

    Raises:
        ValueError: not a number of days that can be, or this kind knows no topics.
    """
    if not 1 <= days <= 36500 or (topic is not None and kind not in BY_TOPIC):
        raise ValueError(f"{kind} {days}")
    RetentionRule.objects.update_or_create(kind=kind, topic=topic, defaults={"days": days})


@jobs.periodic(name="privacy.retention.nightly", queue="retention", cron="47 18 * * *")
def nightly(timestamp: int) -> None:
    """At 1:47 in Vietnam."""
    log.info("retention", **let_go(at=now()))


def let_go(*, at: datetime) -> dict[str, int]:
    """Let go of everything whose time is over; how much of each kind. Done again, there is nothing left to do."""
    days = days_of()

    def before(kind: RetentionRule.Kind) -> datetime:
        return at - timedelta(days=days[kind, None])

    return {
        "photo": sum(erase_photos(case) for case in _over(Kind.PHOTO, days, at=at)),
        "case": sum(erase(case, because="retention", at=at) for case in _over(Kind.CASE, days, at=at)),
        "recording": intake.forget(before=before(Kind.RECORDING), at=at),
        "message": _messages(before(Kind.MESSAGE)),
        "question": Inquiry.objects.filter(at__lt=before(Kind.QUESTION))
        .exclude(question="")
        .update(question="", session=""),
        "try": _tries(before(Kind.TRY)),
    }


def _over(kind: RetentionRule.Kind, days: dict[tuple[str, int | None], int], *, at: datetime) -> Iterator[Case]:
    """Ended cases in which nothing has happened for as long as their topic's rule says, in batches."""
    own = {topic: length for (named, topic), length in days.items() if named == kind and topic is not None}
    general = at - timedelta(days=days[kind, None])
    over = Q(received_at__lt=general, last__lt=general) & ~Q(topic__in=list(own))
    for topic, length in own.items():
        cutoff = at - timedelta(days=length)
        over |= Q(topic=topic, received_at__lt=cutoff, last__lt=cutoff)
    ended = Case.objects.filter(state__in=OVER, erased_at=None)
    if kind == Kind.PHOTO:
        ended = ended.filter(pk__in=Attachment.objects.exclude(kind=Attachment.Kind.DOCUMENT).values("case"))
    events = Event.objects.filter(case=OuterRef("pk")).exclude(action__in=["recalculate", "erase"]).order_by()
    last = events.values("case").annotate(at=Max("happened_at")).values("at")
    after = 0
    while cases := list(
        ended.filter(pk__gt=after)
        .annotate(last=Subquery(last, output_field=DateTimeField()))
        .filter(over)
        .select_related("contact")
        .order_by("pk")[:BATCH]
    ):
        yield from cases
        after = cases[-1].pk


def _messages(before: datetime) -> int:
    """Texts and calls that never became a case: words, numbers and who it was."""
    old = Interaction.objects.filter(happened_at__lt=before, case_link=None)
    old = old.exclude(body="", address="", contact=None)
    contacts: set[int] = set()
    done = 0
    while rows := list(old.order_by("pk").values_list("pk", "contact_id")[:BATCH]):
        ids = [pk for pk, _contact in rows]
        contacts |= {contact for _pk, contact in rows if contact}
        Call.objects.filter(interaction__in=ids).update(number="", claimed=[], contact=None)
        Callback.objects.filter(call__interaction__in=ids).exclude(state=Callback.State.WAITING).update(words="")
        Part.objects.filter(interaction__in=ids).update(sender="", octets=b"")
        done += Interaction.objects.filter(pk__in=ids).update(body="", address="", digest="", detail={}, contact=None)
    Part.objects.filter(interaction=None, received_at__lt=before).exclude(sender="").update(sender="", octets=b"")
    for contact in Contact.objects.filter(pk__in=contacts):
        forget_contact(contact)
    return done


def _tries(before: datetime) -> int:
    codes, _each = CodeTry.objects.filter(tried_at__lt=before).delete()
    names, _each = SignInTry.objects.filter(tried_at__lt=before).delete()
    once, _each = OneTimeCode.objects.filter(made_at__lt=before).delete()
    links, _each = CaseLink.objects.filter(expires_at__lt=before).delete()
    return codes + names + once + links
