"""What a new city begins with: everyday procedures in plain words, what people call the common ones, and the words they use.

Nothing of it overwrites what the city has written; run again, it adds only what is missing, and puts the plain words it
ships before the official ones where no editor has decided otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from ..answers import revision
from ..models import Alias, Procedure, Term
from ..starter.files import STARTER, everyday_phrases, lines_of, read_expressions
from . import articles, english
from .procedures import imports


def start(*, at: datetime, today: date) -> imports.Outcome:
    """The sample of procedures, the first articles, and all the words."""
    with transaction.atomic():
        words()
        outcome = imports.load(STARTER / "procedures.jsonl", at=at, today=today, shipped=True)
        aliases()
        articles.load(lines_of("articles.jsonl"), at=at)
        english.texts()
        english.aliases()  # of the articles
    return outcome


def words() -> int:
    """The abbreviations and everyday words that the city doesn't have yet; how many were added."""
    terms = [
        Term(kind=kind, written=expression.written.lower(), meanings=list(expression.meanings))
        for kind, name in ((Term.Kind.ABBREVIATION, "abbreviations.txt"), (Term.Kind.SYNONYM, "synonyms.txt"))
        for expression in read_expressions(name)
    ]
    before = Term.objects.count()
    Term.objects.bulk_create(terms, ignore_conflicts=True)
    if added := Term.objects.count() - before:
        revision.advance()
    return added


def aliases(codes: Iterable[str] | None = None) -> int:
    """What people call the procedures that are here (these codes; all), where it isn't known yet; how many were added.

    In English, too.
    """
    codes = None if codes is None else list(codes)
    in_english = english.aliases(codes)
    found = everyday_phrases()
    wanted = found if codes is None else {code: found[code] for code in codes if code in found}
    rows = dict(Procedure.objects.filter(code__in=wanted).values_list("code", "pk"))
    before = Alias.objects.count()
    Alias.objects.bulk_create(
        (
            Alias(procedure_id=rows[code], phrase=phrase, origin=Alias.Origin.STARTER)
            for code in wanted
            if code in rows
            for phrase in wanted[code]
        ),
        ignore_conflicts=True,
    )
    if added := Alias.objects.count() - before:
        revision.advance()
    return added + in_english
