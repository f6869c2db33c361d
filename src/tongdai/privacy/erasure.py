"""The words of a case go, in every room that holds any; that it was, when, about what and how it ended stays.

Luật 91/2025/QH15, điều 14. Events hold no words (docs/architecture.md), so the timeline and every figure stay true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.core.files.storage import default_storage
from django.db import transaction

from tongdai.cases.actions.erase import erase as erase_case
from tongdai.cases.actor import Actor
from tongdai.cases.models import Attachment, Case
from tongdai.cases.states import ActionRefused
from tongdai.channels.sms.models import Offer, Part
from tongdai.channels.voice.models import Call, Callback, KeptPlace, Recording
from tongdai.channels.voice.recordings.encrypted_files import files_of
from tongdai.people.models import Contact, Interaction
from tongdai.platform import jobs

from .models import DataRequest

DELETE = "privacy.erasure.delete_files"
Because = Literal["retention", "request"]


def erase(case: Case, *, because: Because, at: datetime) -> bool:
    """Erase what was said in a case and by whom; whether it could be: an open case still needs its words.

    Files go after the rows are committed, by a job of their own: killed in between, it is done again.
    """
    files: list[str] = []
    try:
        with transaction.atomic():
            contact = case.contact
            interactions = list(Interaction.objects.filter(case_link__case=case).values_list("pk", flat=True))
            calls = Call.objects.filter(case=case) | Call.objects.filter(interaction__in=interactions)
            ids = set(calls.values_list("pk", flat=True)) | set(
                Callback.objects.filter(case=case).exclude(call=None).values_list("call_id", flat=True)
            )
            interactions += Call.objects.filter(pk__in=ids).values_list("interaction_id", flat=True)
            files += erase_case(case, interactions=interactions, because=because, by=Actor.system(), at=at)
            files += _recordings(ids, at=at)
            Call.objects.filter(pk__in=ids).update(number="", claimed=[], contact=None)
            Callback.objects.filter(case=case).update(words="")
            Part.objects.filter(interaction__in=interactions).update(sender="", octets=b"")
            DataRequest.objects.filter(case=case).update(words="")
            if contact:
                forget_contact(contact)
            _delete(files)
    except ActionRefused:
        return False
    return True


def erase_photos(case: Case) -> int:
    """Delete the photos of a case whose words are still kept; how many. A document is part of the answer, and stays with it."""
    with transaction.atomic():
        rows = Attachment.objects.filter(case=case).exclude(kind=Attachment.Kind.DOCUMENT)
        files = list(rows.values_list("file", flat=True))
        rows.delete()
        _delete(files)
    return len(files)


def forget_contact(contact: Contact) -> bool:
    """Take number and name off somebody of whom nothing else is kept. The row stays, for what points at it; whether."""
    needed = (
        contact.phone.startswith("erased")
        or Case.objects.filter(contact=contact).exists()
        or Interaction.objects.filter(contact=contact).exists()
        or Call.objects.filter(contact=contact).exists()
        or Callback.objects.filter(contact=contact, state=Callback.State.WAITING).exists()
        or KeptPlace.objects.filter(contact=contact, done_at=None).exists()
    )
    if needed:
        return False
    Offer.objects.filter(phone=contact.phone).delete()
    Contact.objects.filter(pk=contact.pk).update(phone=f"erased{contact.pk}", name="", proven_at=None)
    return True


def _recordings(calls: set[int], *, at: datetime) -> list[str]:
    rows = list(Recording.objects.select_for_update().filter(call__in=calls).exclude(file=""))
    Recording.objects.filter(pk__in=[each.pk for each in rows]).update(file="", spare="", deleted_at=at)
    return [file for each in rows for file in files_of(each)]


def _delete(files: list[str]) -> None:
    if files:
        jobs.defer(DELETE, names=files)


@jobs.task(name=DELETE, queue="erasure")
def delete_files(names: list[str]) -> None:
    """Delete files nobody's row names any more; one that is gone is no trouble."""
    named = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))  # with another case's answer
    for name in names:
        if name not in named:
            default_storage.delete(name)
