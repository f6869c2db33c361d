"""Record a contact with somebody, inbound or outbound: once each, whatever is delivered twice."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from tongdai.language.text import fold

from . import toll
from .models import Channel, Contact, Interaction
from .purposes import Purpose

State = Interaction.State


def record_interaction(
    *,
    channel: Channel,
    key: str,
    body: str,
    at: datetime,
    address: str = "",
    our_address: str = "",
    contact: Contact | None = None,
    digest: str = "",
    detail: dict[str, str | int | bool] | None = None,
) -> tuple[Interaction, bool]:
    """Keep one inbound interaction; (it, True) when new, (the first one, False) when the key was here before."""
    return Interaction.objects.get_or_create(
        key=key,
        defaults={
            "contact": contact,
            "channel": channel,
            "direction": Interaction.Direction.IN,
            "state": State.RECEIVED,
            "address": address,
            "our_address": our_address,
            "body": body,
            "digest": digest,
            "detail": detail or {},
            "happened_at": at,
        },
    )


def queue_outbound(
    *,
    channel: Channel,
    address: str,
    body: str,
    key: str,
    purpose: Purpose,
    at: datetime,
    contact: Contact | None = None,
    detail: dict[str, int] | None = None,
) -> Interaction | None:
    """Write down words that are to go out. None if this key is queued already. Only `channels.outbound` calls it.

    What goes before what follows from the purpose. Words to a kind of number that the city doesn't text are on record,
    and never sent (`toll`).
    """
    barred = not toll.allows(address, purpose=purpose)
    made, new = Interaction.objects.get_or_create(
        key=key,
        defaults={
            "contact": contact,
            "channel": channel,
            "direction": Interaction.Direction.OUT,
            "state": State.BARRED if barred else State.QUEUED,
            "address": address,
            "body": body,
            "purpose": purpose,
            "priority": purpose.priority,
            "detail": detail or {},
            "happened_at": at,
            "settled_at": at if barred else None,
        },
    )
    return made if new else None


def sent_to(address: str, *, channel: Channel, since: datetime) -> QuerySet[Interaction]:
    """Return what went (or waits to go) out to this address since then; the limits count it."""
    mine = Q(address=address, channel=channel, direction=Interaction.Direction.OUT, happened_at__gte=since)
    return Interaction.objects.filter(mine).exclude(state__in=[State.FAILED, State.BARRED, State.OVERTAKEN])


def has_been_sent(address: str, *, beginning: str) -> bool:
    """Say whether something that begins like this was sent there; letters alone count, as networks drop marks and signs."""
    quoted = "".join(filter(str.isalnum, fold(beginning)))
    sent = Interaction.objects.filter(address=address, direction=Interaction.Direction.OUT).order_by("-happened_at")
    return bool(quoted) and any(
        "".join(filter(str.isalnum, fold(body))).startswith(quoted)
        for body in sent.values_list("body", flat=True)[:100]
    )


def contact_for(phone: str, *, at: datetime, proven: bool, language: str = "vi") -> Contact:
    """Return the contact with this number (E.164), made if new. `proven` says that the number itself spoke to us just now."""
    contact, new = Contact.objects.get_or_create(
        phone=phone, defaults={"created_at": at, "language": language, "proven_at": at if proven else None}
    )
    if not new and proven and (contact.proven_at is None or contact.proven_at < at):
        contact.proven_at = at
        contact.save(update_fields=["proven_at"])
    return contact


def speak(contact: Contact, language: str) -> None:
    """Write to this contact in another language from now on."""
    Contact.objects.filter(pk=contact.pk).update(language=language)
