"""A copy of all that is held of one case, for its citizen: as they may read it, and as a machine may."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from tongdai.cases.models import Attachment, Case, Remark
from tongdai.channels.voice.models import Recording
from tongdai.people.disclosures import read_by
from tongdai.people.models import Interaction


def copy_of(case: Case) -> dict[str, Any]:
    """JSON-ready. Times are ISO 8601 with their zone; telephone numbers E.164. Staff are named by their agency alone."""
    interactions = Interaction.objects.filter(case_link__case=case).order_by("happened_at")
    recordings = Recording.objects.filter(call__case=case).exclude(file="")
    return {
        "code": case.code,
        "state": case.state,
        "received_at": case.received_at.isoformat(),
        "due_at": case.due_at.isoformat(),
        "channel": case.channel,
        "text": case.text,
        "topic": case.topic.name if case.topic else None,
        "place": case.place.full_name if case.place else None,
        "address": case.address,
        "point": [case.latitude, case.longitude] if case.latitude is not None else None,
        "name": case.sender_name,
        "phone": case.contact.phone if case.contact else None,
        "visibility": case.visibility,
        "language": case.language,
        "messages": [
            {
                "at": each.happened_at.isoformat(),
                "channel": each.channel,
                "direction": each.direction,
                "words": each.body,
            }
            for each in interactions
        ],
        "answers": [
            {
                "at": each.answered_at.isoformat(),
                "agency": each.agency.name if each.agency else None,
                "words": each.text,
                "corrects_an_answer": each.corrects_id is not None,
            }
            for each in case.answers.select_related("agency").order_by("pk")
        ],
        "remarks": [
            {"at": each.event.happened_at.isoformat(), "words": each.text} for each in _remarks_for_its_citizen(case)
        ],
        "photos": [
            {
                "at": each.created_at.isoformat(),
                "kind": each.kind,
                "name": each.name,
                "size": each.size,
                "sha256": each.sha256,
            }
            for each in Attachment.objects.filter(case=case).order_by("pk")
        ],
        "recordings": [
            {"at": each.made_at.isoformat(), "seconds": each.seconds, "sha256": each.sha256} for each in recordings
        ],
        "consents": [
            {"at": each.answered_at.isoformat(), "purpose": each.purpose, "said": each.answer}
            for each in case.consents.order_by("pk")
        ],
        "requests": [
            {
                "at": each.received_at.isoformat(),
                "kind": each.kind,
                "state": each.state,
                "words": each.words,
                "answer": each.answer,
            }
            for each in case.data_requests.order_by("pk")
        ],
        "read_by": [
            {"at": at.isoformat(), "what": what, "agency": agency or "1022"} for at, what, agency in read_by(case.code)
        ],
    }


def _remarks_for_its_citizen(case: Case) -> QuerySet[Remark]:
    """Return the words of actions that its citizen may read: no note of the staff's, nor by what they let it be withdrawn."""
    found = Remark.objects.filter(event__case=case).select_related("event").order_by("pk")
    return found.exclude(event__action="note").exclude(event__action="withdraw", event__user__isnull=False)
