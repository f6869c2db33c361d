"""Whom to ring in danger, as markup for beside what is being written: in the reader's language, or the writer's English."""

from __future__ import annotations

from dataclasses import replace

from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from tongdai.cases.triage.judgement import judge
from tongdai.language.english import is_english


def markup(text: str, *, declared_urgent: bool = False) -> str:
    """The panel with the sentence and the number to tap; empty where neither the text nor its writer speaks of danger."""
    judged = judge(text)
    if declared_urgent and not judged.shown:
        judged = replace(judged, shown=True)
    if not judged.shown:
        return ""
    with override("en" if is_english(text) else get_language()):
        return render_to_string("portal/_danger.html", {"danger": judged})
