"""What the product ships in English, into the base: what people call the answers, and what the answers say.

Nothing of it overwrites what an editor has written; run again, it adds what is missing and brings its own texts up to date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.utils.translation import gettext as _

from ..answers import revision
from ..answers.english import LANGUAGE, digest_of, forget, text_in_english, texts_of
from ..models import Alias, Article, Procedure, State, Translation
from ..starter.files import english_phrases, english_texts


def texts(wanted: Mapping[str, str] | None = None) -> int:
    """The English of these lines (of all that are shipped); how many are new or another than before."""
    wanted = english_texts() if wanted is None else wanted
    here = {row.digest: row for row in Translation.objects.filter(language=LANGUAGE)}
    new, changed = [], []
    for vietnamese, text in wanted.items():
        digest = digest_of(vietnamese)
        row = here.get(digest)
        if row is None:
            new.append(
                Translation(
                    language=LANGUAGE, digest=digest, vietnamese=vietnamese, text=text, origin=Alias.Origin.STARTER
                )
            )
        elif row.origin == Alias.Origin.STARTER and row.text != text:
            row.text = text
            changed.append(row)
    Translation.objects.bulk_create(new, ignore_conflicts=True)
    Translation.objects.bulk_update(changed, ["text"])
    if new or changed:
        revision.advance()
        forget()
    return len(new) + len(changed)


def write(lines: Iterable[str]) -> tuple[int, list[str]]:
    """What a city writes in English: a line of Vietnamese, the English beneath it after `= `; over what is shipped.

    Returns how many were taken in, and what can't be read, line by line.
    """
    taken, problems, vietnamese = 0, [], ""
    for number, line in enumerate(map(str.strip, lines), start=1):
        if not line or line.startswith("#"):
            continue
        if not line.startswith("="):
            vietnamese = line
        elif not vietnamese or not line.removeprefix("=").strip():
            problems.append(_("Dòng {number}: thiếu câu tiếng Việt ở trên, hoặc thiếu tiếng Anh").format(number=number))
        else:
            Translation.objects.update_or_create(
                language=LANGUAGE,
                digest=digest_of(vietnamese),
                defaults={
                    "vietnamese": vietnamese,
                    "text": line.removeprefix("=").strip(),
                    "origin": Alias.Origin.EDITOR,
                },
            )
            taken, vietnamese = taken + 1, ""
    if taken:
        revision.advance()
        forget()
    return taken, problems


def missing(today: date) -> Iterator[str]:
    """The lines of published answers that have an English name and lack English elsewhere, each once."""
    found: dict[str, None] = {}
    for model in (Procedure, Article):
        for answer in model.objects.on(today).filter(state=State.PUBLISHED):
            if text_in_english(answer.title):
                found |= dict.fromkeys(line for text in texts_of(answer) for line in text.split("\n") if line.strip())
    yield from (line for line in found if text_in_english(line) is None)


def aliases(codes: Iterable[str] | None = None) -> int:
    """What people call the answers in English (those of these codes; all that are here); how many were added."""
    found = english_phrases()
    wanted = set(found) if codes is None else set(found) & set(codes)
    procedures = dict(Procedure.objects.filter(code__in=wanted).values_list("code", "pk"))
    articles = dict(Article.objects.filter(key__in=wanted).values_list("key", "pk"))
    before = Alias.objects.count()
    Alias.objects.bulk_create(
        (
            Alias(
                procedure_id=procedures.get(name),
                article_id=articles.get(name),
                phrase=phrase,
                origin=Alias.Origin.STARTER,
                language=LANGUAGE,
            )
            for name in sorted(wanted)
            if name in procedures or name in articles
            for phrase in found[name]
        ),
        ignore_conflicts=True,
    )
    added = Alias.objects.count() - before
    if added:
        revision.advance()
    return added
