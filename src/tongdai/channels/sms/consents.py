"""Consent by text, as the room above (privacy) has it: what is asked, whose answer is waited for, what was answered."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from tongdai.cases.models import Case
from tongdai.platform.registry import Hook


class Consents(Protocol):
    """What texts need of it."""

    def question(self, case: Case) -> str:
        """What is put after the words of a text about this case; empty where nothing is asked."""

    def waiting_for(self, phone: str, *, agrees: bool) -> Case | None:
        """The case about which a word of consent, or its refusal, without a code is meant."""

    def record_reply(self, case: Case, *, agrees: bool, at: datetime) -> str:
        """Record what the citizen answered; the words they are answered, empty where the case asks for no consent."""


consents: Hook[[], Consents] = Hook("consent by text")
