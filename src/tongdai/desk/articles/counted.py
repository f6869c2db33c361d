"""How long a text becomes with the short answer that an editor is writing: counted as beside a case's answer."""

from __future__ import annotations

from copy import copy

from django.utils.translation import override

from tongdai.channels.sms.conversation.answers import uncut
from tongdai.knowledge.models import Article, EditedAnswer, Procedure

from ..case.counter import WORDS, Counter, counter_around


def counters_of(row: EditedAnswer) -> dict[str, Counter]:
    """By the field's name: the words that go out in a text, with the name before them and the link behind."""
    found: dict[str, Counter] = {}
    for name in _TEXTED.get(type(row), ()):
        written = copy(row)
        setattr(written, name, WORDS)
        with override("vi"):  # as it is written here; its translation is another text
            if counter := counter_around(uncut(written)):
                found[name] = counter
    return found


_TEXTED: dict[type[EditedAnswer], tuple[str, ...]] = {Article: ("short",), Procedure: ("summary",)}
