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

from tongdai.directory.models import Place
from tongdai.directory.places import by_name
from tongdai.language.text import fold
from tongdai.platform.clock import today

from .lookups import keywords, row_search
from .models import Article, LookupRow, LookupTable, Procedure, State, Use
from .search.cache import finder
from .search.entry import Entry, Kind, Part
from .search.finder import Found, Hit, Sure
from .usage.questions import as_kept

SALT = "tongdai.knowledge.use"
FOLLOWS_WITHIN = timedelta(hours=1)
BESIDE = 0.5  # of the best score: what lies further behind is not told beside it
Answer = Procedure | Article | LookupTable | LookupRow
_CODE = re.compile(r"\d\.\d{6}")  # of a procedure
_KEY = re.compile(r"(?:procedure|article|table|row):[1-9][0-9]{0,11}")


MODELS: dict[Kind, type[Answer]] = {
    Kind.PROCEDURE: Procedure,
    Kind.ARTICLE: Article,
    Kind.TABLE: LookupTable,
    Kind.ROW: LookupRow,
}


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
    """The answers to what was typed or said; none rather than a wrong one. `names_only`: without their long parts.

    A procedure's code leads to it, a table's keyword with a ward (`covid lê chân`) to the rows there.
    """
    if surely := _by_code(typed) or _by_keyword(typed, most=most):
        return surely
    found = finder().find(typed, most=most)
    wards, rest = by_name.parted(typed)
    if wards and found.sure is not Sure.FOUND:
        without = finder().find(rest, most=most)
        if not without.hits:
            return _surely(_all_at(wards)[:most], sure=Sure.PERHAPS)  # a ward's name alone
        if found.sure is Sure.NOT_FOUND or without.sure is Sure.FOUND:
            found = without
    if found.sure is Sure.NOT_FOUND:
        return Reply(found, ())
    first = found.hits[0]
    near = [hit for hit in found.hits if hit.score >= BESIDE * first.score]
    if found.sure is Sure.FOUND:  # beside the answer only what may well be meant, too
        near = [hit for hit in near if hit is first or hit.sure >= finder().w.perhaps]
    told = _with_rows(near, names_only=names_only)
    return Reply(found, tuple(_at_the_wards(told, wards, most=most)))


def _by_code(typed: str) -> Reply | None:
    if not _CODE.fullmatch(typed.strip()):
        return None
    row = (
        Procedure.objects.on(today())
        .filter(code=typed.strip(), state=State.PUBLISHED)
        .select_related("twin_of")
        .first()
    )
    if row is None:
        return None
    return _surely([row.twin_of if row.twin_of and is_seen(row.twin_of) else row])


def _by_keyword(typed: str, *, most: int) -> Reply | None:
    words = fold(typed).split()
    tables = keywords.tables_of().get(words[0], []) if words else []
    if not tables:
        return None
    wards, rest = by_name.parted(" ".join(typed.split()[1:]))
    rows = list(row_search.seen(tables).filter(place__in=wards)[:most]) if wards else []
    if len(words) > 1 and (not rows or len(rest.split()) > 1):  # a sentence that only begins like it
        return None
    return _surely(rows or tables)


def _all_at(wards: Sequence[Place]) -> list[LookupRow]:
    """What every table has there."""
    tables = list(LookupTable.objects.on(today()).filter(state=State.PUBLISHED))
    return list(row_search.seen(tables).filter(place__in=wards))


def _at_the_wards(told: list[Told], wards: Sequence[Place], *, most: int) -> list[Told]:
    """Where a table was found, or a row of one, and a ward is named: the table's rows there in its stead."""
    found: dict[str, Told] = {}
    for each in told:
        table = each.row.table if isinstance(each.row, LookupRow) else each.row
        here = (
            row_search.seen([table]).filter(place__in=wards)[:most] if wards and isinstance(table, LookupTable) else []
        )
        for one in [_told(row, each.hit) for row in here] or [each]:
            found.setdefault(one.key, one)
    return list(found.values())[:most]


def _surely(rows: Sequence[Answer], *, sure: Sure = Sure.FOUND) -> Reply:
    """These and no others, without asking the search."""
    told = tuple(_told(row) for row in rows)
    return Reply(Found(tuple(each.hit for each in told), None, sure), told)


def _told(row: Answer, like: Hit | None = None) -> Told:
    kind = next(kind for kind, model in MODELS.items() if isinstance(row, model))
    score, sure = (like.score, like.sure) if like else (1.0, 1.0)
    return Told(Hit(Entry(f"{kind}:{row.pk}", kind, str(row)), score, sure), row)


def note(reply: Reply, typed: str, *, channel: str, at: datetime, sitting: str = "", opened: str = "") -> Use:
    """Count this use. `sitting`: what tells this caller, phone or browser apart; only its digest is kept."""
    use = Use.objects.create(
        channel=channel,
        said=as_kept(typed),
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
        said=as_kept(words),
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
    model = {Kind.PROCEDURE: Procedure, Kind.ARTICLE: Article, Kind.TABLE: LookupTable}.get(Kind(kind))
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


def note_word(key: str, *, useful: bool, channel: str, at: datetime) -> Use:
    """The citizen's one word on an answer `kind:id` that was opened without a search; told by it only if it was of use."""
    opened = key if useful else ""
    return Use.objects.create(
        channel=channel, said="", sure=Sure.FOUND, found=key, opened=opened, useful=useful, at=at
    )  # fmt: skip


def token(use: Use) -> str:
    """Names a use in an address; nobody can make one up."""
    return signing.Signer(salt=SALT).sign(str(use.pk))


def by_token(given: str) -> Use | None:
    try:
        return Use.objects.filter(pk=signing.Signer(salt=SALT).unsign(given)).first()
    except signing.BadSignature:
        return None


def digest(sitting: str) -> str:
    """A sitting's name that can't be turned back into a number."""
    return hashlib.sha256(signing.Signer(salt=SALT).signature(sitting).encode()).hexdigest()[:32]


def row_of(key: str) -> Answer | None:
    """The row of `kind:id`, if it is still there."""
    return _rows_of([key]).get(key)


def seen_row_of(key: str) -> Answer | None:
    """The row of a `kind:id` that somebody sent, if it is one that citizens see: no draft is told by its number."""
    if not _KEY.fullmatch(key):
        return None
    row = row_of(key)
    return row if row is not None and is_seen(row) else None


def is_seen(row: Answer) -> bool:
    """Whether citizens see it: published; a row, in what its table shows now."""
    if isinstance(row, LookupRow):
        return row.table.state == State.PUBLISHED and row.generation == row.table.generation
    return row.state == State.PUBLISHED


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
    if ids[Kind.TABLE]:
        rows |= {f"{Kind.TABLE}:{row.pk}": row for row in LookupTable.objects.filter(pk__in=ids[Kind.TABLE])}
    if ids[Kind.ROW]:
        found = LookupRow.objects.filter(pk__in=ids[Kind.ROW]).select_related("table", "place")
        rows |= {f"{Kind.ROW}:{row.pk}": row for row in found}
    return rows
