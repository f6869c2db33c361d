"""Who wants no texts that they did not ask for: such numbers get none until they say otherwise. What they ask is answered."""

from __future__ import annotations

from datetime import datetime

from .models import Contact
from .purposes import Purpose

OF_OUR_OWN_ACCORD = frozenset({Purpose.REMINDER, Purpose.BROADCAST})


def refuse(contact: Contact, *, at: datetime) -> None:
    """From now on nothing goes to this number of our own accord."""
    Contact.objects.filter(pk=contact.pk, refused_at=None).update(refused_at=at)


def take_back(contact: Contact) -> None:
    """The number wants to be texted again."""
    Contact.objects.filter(pk=contact.pk).update(refused_at=None)


def forbids(address: str, *, purpose: Purpose) -> bool:
    """Whether this number (E.164) has refused texts for this purpose."""
    if purpose not in OF_OUR_OWN_ACCORD:
        return False
    return Contact.objects.filter(phone=address, refused_at__isnull=False).exists()
