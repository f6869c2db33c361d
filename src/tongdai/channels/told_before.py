"""What a number in danger was told a moment ago: of one matter nobody gets two texts that say nearly the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.utils.translation import override

from tongdai.cases.codes import spoken
from tongdai.cases.models import Event
from tongdai.cases.triage.danger import Kind, whom_to_ring, write_instead
from tongdai.people.interactions import sent_to
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose

JUST_NOW = timedelta(minutes=30)


def without_whom_to_ring(words: str, *, address: str, channel: Channel, at: datetime) -> str:
    """Return the words without the sentence that says whom to ring, if this number has it already and other words follow."""
    begins = next((each for each in _sentences() if words.startswith(f"{each} ")), "")
    if not begins:
        return words
    told = sent_to(address, channel=channel, since=at - JUST_NOW).filter(purpose=Purpose.DANGER)
    return words.removeprefix(begins).lstrip() if told.filter(body__startswith=begins).exists() else words


def has_been_answered(event: Event) -> bool:
    """Say whether a text about danger has gone to the citizen since this event: the reply to the very text that caused it."""
    contact = event.case.contact
    if contact is None:
        return False
    told = sent_to(contact.phone, channel=Channel.SMS, since=event.happened_at).filter(purpose=Purpose.DANGER)
    return told.filter(body__contains=spoken(event.case.code)).exists()


@cache
def _sentences() -> tuple[str, ...]:
    """Whom to ring, for each kind in each language; the longest first, for one may begin another."""
    return tuple(sorted(set(_in_all_languages()), key=len, reverse=True))


def _in_all_languages() -> Iterator[str]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield from (whom_to_ring(kind) for kind in (None, *Kind))
            yield write_instead()
