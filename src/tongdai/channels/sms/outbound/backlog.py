"""Many texts waited when a carrier was joined: whether they still go is a person's decision, on the gateway's page.

What is urgent goes meanwhile, and so does whatever is written from now on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Now

from tongdai.accounts.models import User
from tongdai.channels import outbound
from tongdai.people.models import Channel, Interaction

from ..models import Backlog, HeldBack, Link
from . import expiry
from .routes import URGENT

log = structlog.get_logger()
AWAY = timedelta(hours=1)  # without any bind for so long, the next bind joins a carrier


def ask_first(*, carrier: str, numbers: Q | None, at: datetime) -> Backlog | None:
    """Ask whether what waits is to go, where its carrier was away for an hour and more waits than goes unasked.

    `numbers`: what this carrier has to send now that it is there, see `routes`; None: all. Call it before the link is
    marked as bound.
    """
    lately = Link.objects.filter(sends=True, bound_at__isnull=False, last_seen_at__gt=Now() - AWAY)
    if lately.filter(carrier=carrier).exists() or open_question():
        return None
    with transaction.atomic():
        drop_stale(at=at)
        waiting = _queued().filter(priority__lt=URGENT)
        if numbers is not None and lately.exists():  # with no bind at all it is asked about everything
            waiting = waiting.filter(numbers)
        texts, last = waiting.count(), waiting.aggregate(last=Max("pk"))["last"]
        if texts <= settings.SMS_ASK_ABOVE:
            return None
        asked, _new = Backlog.objects.get_or_create(
            decision="", defaults={"up_to": last, "texts": texts, "asked_at": at}
        )
    log.warning("sms.asks_first", texts=texts)
    return asked


def open_question() -> Backlog | None:
    """The one nobody has answered yet."""
    return Backlog.objects.filter(decision="").first()


def waiting_for(question: Backlog) -> Q:
    """The texts it is about."""
    return Q(pk__lte=question.up_to, priority__lt=URGENT)


def decide(question_id: int, *, send: bool, by: User, at: datetime) -> int:
    """They go, or they never do; how many texts that still were.

    Raises:
        Backlog.DoesNotExist: somebody has decided already.
    """
    with transaction.atomic():
        question = Backlog.objects.select_for_update().get(pk=question_id, decision="")
        question.decision = Backlog.Decision.SEND if send else Backlog.Decision.DROP
        question.decided_by, question.decided_at = by, at
        question.save()
        about = _queued().filter(waiting_for(question))
        if send:
            return about.count()
        return end(about, HeldBack.State.DROPPED, at=at)


def drop_stale(*, at: datetime) -> int:
    """What has waited longer than it is worth ends, with its reason. How many."""
    return end(expiry.stale(_queued()), HeldBack.State.EXPIRED, at=at)


def end(texts: QuerySet[Interaction], state: HeldBack.State, *, at: datetime) -> int:
    """These are not sent any more; those that nobody decided about stand on the gateway's page with why."""
    ids = list(texts.values_list("pk", flat=True))
    HeldBack.objects.bulk_create(
        (HeldBack(interaction_id=pk, state=state) for pk in ids),
        update_conflicts=True, unique_fields=["interaction"], update_fields=["state"],
    )  # fmt: skip
    decided = state == HeldBack.State.DROPPED  # whoever decided so need not be shown it
    HeldBack.objects.filter(interaction__in=ids).update(until=None, at=Now(), seen=decided)
    Interaction.objects.filter(pk__in=ids).update(state=Interaction.State.FAILED, settled_at=at)
    if not decided:
        outbound.not_delivered(ids, again=False)
    if ids:
        log.warning("sms.not_sent_any_more", why=state.value, texts=len(ids))
    return len(ids)


def _queued() -> QuerySet[Interaction]:
    out, queued = Interaction.Direction.OUT, Interaction.State.QUEUED
    return Interaction.objects.filter(channel=Channel.SMS, direction=out, state=queued)
