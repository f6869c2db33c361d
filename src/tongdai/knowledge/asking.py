"""Ask the base: one door for all channels. Each use is counted, without a name or a number."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F

from tongdai.platform.vietnamese import clean, fold

from .models import Article, LookupRow, Procedure, Use
from .search.entry import Kind, Part
from .search.finder import Found, Hit, Sure
from .search.held import finder

SALT = "tongdai.knowledge.use"
FOLLOWS_WITHIN = timedelta(hours=1)
BESIDE = 0.5  # of the best score: what lies further behind is not told beside it
Answer = Procedure | Article | LookupRow


@dataclass(frozen=True)
class Told:
    """One answer with its row."""

    hit: Hit
    row: Answer

    @property
    def key(self) -> str:
        return self.hit.entry.key

    @property
    def kind(self) -> Kind:
        return self.hit.entry.kind


@dataclass(frozen=True)
class Reply:
    """`told`: best first; empty when nothing is known, and then a person is offered."""

    found: Found
    told: tuple[Told, ...]

    @property
    def sure(self) -> Sure:
        return self.found.sure if self.told else Sure.NOT_FOUND

    @property
    def part(self) -> Part | None:
        return self.found.part


def ask(typed: str, *, most: int = 5, names_only: bool = False) -> Reply:
    """The answers to what was typed or said; none rather than a wrong one. `names_only`: without their long parts."""
    found = finder().find(typed, most=most)
    if found.sure is Sure.NOT_FOUND:
        return Reply(found, ())
    near = [hit for hit in found.hits if hit.score >= BESIDE * found.hits[0].score]
    return Reply(found, tuple(_with_rows(near, names_only=names_only)))


def note(reply: Reply, typed: str, *, channel: str, at: datetime, sitting: str = "", opened: str = "") -> Use:
    """Count this use. `sitting`: what tells this caller, phone or browser apart; only its digest is kept."""
    use = Use.objects.create(
        channel=channel,
        said=masked(typed),
        sure=reply.sure,
        found=reply.told[0].key if reply.told else "",
        part=reply.part or "",
        sitting=digest(sitting) if sitting else "",
        at=at,
    )
    if opened:
        open_answer(use, opened)
    return use


def note_look_up(words: str, *, channel: str, at: datetime, sitting: str = "", opened: str = "") -> Use:
    """Count a question put to the tables alone."""
    return Use.objects.create(
        channel=channel,
        said=masked(words),
        sure=Sure.FOUND if opened else Sure.NOT_FOUND,
        found=opened,
        opened=opened,
        sitting=digest(sitting) if sitting else "",
        at=at,
    )


@transaction.atomic
def open_answer(use: Use, key: str) -> None:
    """The answer `kind:id` was told or opened for this use; the first time, it counts as chosen."""
    if use.opened == key:
        return
    use.opened = key
    use.save(update_fields=["opened"])
    kind, _colon, row = key.partition(":")
    model = {Kind.PROCEDURE: Procedure, Kind.ARTICLE: Article}.get(Kind(kind))
    if model is not None:
        model._default_manager.filter(pk=row).update(chosen=F("chosen") + 1)


def led_to_a_person(use: Use) -> None:
    """It wasn't enough: a person or a case followed."""
    Use.objects.filter(pk=use.pk).update(to_person=True)


def a_case_followed(sitting: str, *, at: datetime) -> None:
    """Somebody who asked within the last hour opened a case after all."""
    since = at - FOLLOWS_WITHIN
    Use.objects.filter(sitting=digest(sitting), at__gte=since, at__lte=at).update(to_person=True)


def was_useful(use: Use, *, useful: bool) -> None:
    """The citizen's one word on it."""
    Use.objects.filter(pk=use.pk).update(useful=useful)


def token(use: Use) -> str:
    """Names a use in an address; nobody can make one up."""
    return signing.Signer(salt=SALT).sign(str(use.pk))


def by_token(given: str) -> Use | None:
    try:
        return Use.objects.filter(pk=signing.Signer(salt=SALT).unsign(given)).first()
    except signing.BadSignature:
        return None


def masked(typed: str) -> str:
    """The words without accents; numbers of six digits and more (phones, cards) are blotted out."""
    return re.sub(r"\d(?:[\s.\-]?\d){5,}", "#", " ".join(fold(clean(typed)).split()))[:200]


def digest(sitting: str) -> str:
    """A sitting's name that can't be turned back into a number."""
    return hashlib.sha256(signing.Signer(salt=SALT).signature(sitting).encode()).hexdigest()[:32]


def row_of(key: str) -> Answer | None:
    """The row of `kind:id`, if it is still there."""
    return _rows_of([key]).get(key)


def _with_rows(hits: Sequence[Hit], *, names_only: bool) -> list[Told]:
    """The hits with their rows, in their order; those gone since the index was made are left out."""
    rows = _rows_of([hit.entry.key for hit in hits], names_only=names_only)
    return [Told(hit, rows[hit.entry.key]) for hit in hits if hit.entry.key in rows]


def _rows_of(keys: Sequence[str], *, names_only: bool = False) -> dict[str, Answer]:
    """At most one query a kind."""
    ids: dict[str, list[int]] = {kind: [] for kind in Kind}
    for key in keys:
        kind, row = key.split(":")
        if kind in ids:
            ids[kind].append(int(row))
    rows: dict[str, Answer] = {}
    if ids[Kind.PROCEDURE]:
        procedures = Procedure.objects.filter(pk__in=ids[Kind.PROCEDURE])
        if names_only:
            procedures = procedures.only("code", "name", "field")
        rows |= {f"{Kind.PROCEDURE}:{row.pk}": row for row in procedures}
    if ids[Kind.ARTICLE]:
        rows |= {f"{Kind.ARTICLE}:{row.pk}": row for row in Article.objects.filter(pk__in=ids[Kind.ARTICLE])}
    if ids[Kind.ROW]:
        found = LookupRow.objects.filter(pk__in=ids[Kind.ROW]).select_related("table", "place")
        rows |= {f"{Kind.ROW}:{row.pk}": row for row in found}
    return rows
