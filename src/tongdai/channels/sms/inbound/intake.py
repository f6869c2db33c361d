"""A window of what arrived, taken in by one transaction; only then may it be acknowledged.

Each text is understood before (`conversation.understanding`); the transaction does what it asks for. Nothing is lost: a
text that cannot be processed is kept as it came for a person to look at, and its neighbours commit. Nothing is taken
twice: see `retries`. What only looks like a receipt settles nothing and is no case: it waits for the submission it may
be of, and goes to a person if there is none; a cry for help in it is taken in at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction

from tongdai.cases.actions.register import Matter as CaseMatter
from tongdai.cases.actions.register import register_all
from tongdai.cases.triage.judgement import judge
from tongdai.cases.triage.kind import Kind
from tongdai.people.interactions import has_been_sent
from tongdai.people.models import Channel

from ..conversation.automatic import Automatic
from ..conversation.grammar import Matter
from ..conversation.handling import CITIZEN, handle
from ..conversation.text import Text
from ..conversation.todo import Add, GoOn
from ..conversation.understanding import Understanding, understand
from ..encoding import segments
from ..models import Link, Part, Receipt
from ..outbound import receipts
from . import reassembly, retries
from .pdus import Arrival, Report
from .retries import Window

log = structlog.get_logger()
SAME_WORDS_JOIN = timedelta(hours=24)
Came = tuple[Arrival, Part]


def take_in(arrived: Sequence[Arrival | Report], *, window: Window, at: datetime) -> None:
    """Take in everything of one window.

    Raises:
        OperationalError, InterfaceError: the database is away; nothing was taken, or it cannot be known.
    """
    try:
        _take_in(arrived, window=window, at=at)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop the texts beside it
        if len(arrived) > 1:
            middle = len(arrived) // 2
            take_in(arrived[:middle], window=window, at=at)
            take_in(arrived[middle:], window=window, at=at)
        elif arrived:
            _as_dead_letter(arrived[0], error=error, window=window, at=at)


def _take_in(arrived: Sequence[Arrival | Report], *, window: Window, at: datetime) -> None:
    """Understand first, then store all in one transaction; again where another bind brought a part of a text meanwhile."""
    reports, arrivals = _parted(arrived, link=window.link)
    came = _numbered([(each, _row(each, window=window, at=at)) for each in arrivals])
    texts = _texts(came, at=at)
    understood: dict[Text, Understanding] = {}
    while True:
        understood |= {text: understand(text, at=at) for text in texts if text not in understood}
        with transaction.atomic():
            one_at_a_time()
            if reports:
                receipts.record([_receipt(each, link=window.link, at=at) for each in reports], link=window.link, at=at)
            new = retries.without_retries(came, window=window, at=at)
            texts = _texts(new, at=at)
            if understood.keys() >= set(texts):
                carry_out([understood[text] for text in texts], at=at)
                _insert([row for _arrival, row in new])
                return
            transaction.set_rollback(True)


def carry_out(understood: Sequence[Understanding], *, at: datetime) -> None:
    """Do what each text asks for, and note at its parts what became of it. Call it under `one_at_a_time`.

    Of a number that has several in one window, each but the first is understood anew: it may go on with the case that the
    one before it has just opened.
    """
    cases: dict[tuple[str, str], int] = {}
    for turn, those in enumerate(_turns(understood)):
        _carry_out([understand(each.text, at=at) for each in those] if turn else those, cases, at=at)
    _update([part for each in understood for part in each.text.parts if not part._state.adding])


def _turns(understood: Sequence[Understanding]) -> list[list[Understanding]]:
    """The first texts of all numbers, their second ones, and so on."""
    turns: list[list[Understanding]] = []
    so_far: Counter[str] = Counter()
    for each in understood:
        turn = so_far[each.text.phone] if each.text.phone else 0
        if each.text.phone:
            so_far[each.text.phone] += 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(each)
    return turns


def _carry_out(understood: Sequence[Understanding], cases: dict[tuple[str, str], int], *, at: datetime) -> None:
    """`cases`: those that words opened in this window (sender, digest), added to here."""
    said_before = [each.text for each in understood if _may_be_said_again(each)]
    cases |= _first_cases(said_before, at=at)
    matters = [each for each in understood if isinstance(each.todo, Matter)]
    opened = _open(matters, cases, at=at)
    for each in understood:
        text = each.text
        interaction = opened.get(text.key)
        if interaction is None:
            first = cases.get((text.sender, text.digest)) if _may_be_said_again(each) else None
            if first is not None:  # the same words once more
                each = Understanding(text, Add(first), each.judged)
            interaction = handle(each, at=at)
        if interaction is not None:
            _note(text, interaction)


def _may_be_said_again(understood: Understanding) -> bool:
    """Whether the words tell of a matter: said once more within a day, they are of the case that they are in already."""
    todo = understood.todo
    return isinstance(todo, Matter) or isinstance(todo, GoOn) and todo.kind is Kind.DETAIL


# ── what arrived, as texts ───────────────────────────────────────────────────────────────────────────────────────────


def _parted(arrived: Sequence[Arrival | Report], *, link: Link) -> tuple[list[Report], list[Arrival]]:
    """The receipts, and what is taken in as a text."""
    reports: list[Report] = []
    arrivals: list[Arrival] = []
    for each in arrived:
        if isinstance(each, Arrival):
            arrivals.append(each)
        elif each.arrival is not None and _is_a_cry(each, each.arrival, link=link):
            arrivals.append(each.arrival)
        else:
            reports.append(each)
    return reports, arrivals


def _is_a_cry(report: Report, arrival: Arrival, *, link: Link) -> bool:
    """Whether somebody's cry for help only looks like a receipt: it fits nothing we sent, nor does it quote it."""
    if report.marked or not report.words or not judge(report.words).shown:
        return False
    sender, destination = arrival.sender, arrival.destination
    if receipts.is_of_ours(report.message_id, sender=sender, destination=destination, link=link):
        return False
    return not has_been_sent(sender, beginning=report.words)


def _receipt(report: Report, *, link: Link, at: datetime) -> Receipt:
    came = report.arrival
    return Receipt(
        link=link,
        message_id=receipts.plain_id(report.message_id),
        state=report.state,
        error=report.error,
        received_at=at,
        sender=came.sender if came else "",
        destination=came.destination if came else "",
        data_coding=came.data_coding if came else 0,
        octets=came.octets or b"\0" if came else b"",
    )


def _texts(came: Sequence[Came], *, at: datetime) -> list[Text]:
    """What is whole now, in the order it arrived; and first parts of long texts, see `Text.begun`."""
    parts = [each for each in came if each[1].state == Part.State.WAITING]
    joined = reassembly.join_up(parts, at=at) if parts else {}
    found = [_unbroken(*each) if each[1].state == Part.State.TAKEN else joined.get(each[1].pk) for each in came]
    return [text for text in found if text is not None]


def _unbroken(arrival: Arrival, row: Part) -> Text:
    found = segments.reading([(arrival.octets, arrival.data_coding)])
    return Text(found.text, (row,), arrival.phone, readable=found.whole, scheme=found.scheme or "")


def _row(arrival: Arrival, *, window: Window, at: datetime) -> Part:
    place, trouble = arrival.place, arrival.trouble or (Automatic.NOTIFICATION if _is_notification(arrival) else "")
    return Part(
        key=arrival.key,
        link=window.link,
        turn=window.turn,
        sender=arrival.sender,
        destination=arrival.destination,
        data_coding=arrival.data_coding,
        octets=arrival.octets,
        reference=place.reference if place else None,
        total=place.total if place else None,
        number=place.number if place else None,
        state=Part.State.DEAD_LETTER if trouble else Part.State.WAITING if place else Part.State.TAKEN,
        trouble=trouble,
        received_at=at,
    )


def _is_notification(arrival: Arrival) -> bool:
    """Whether the network calls it none of somebody's texts. Danger passes: some relays mark texts so."""
    return arrival.marked and not judge(segments.read(arrival.octets, arrival.data_coding)[0]).shown


def _as_dead_letter(arrival: Arrival | Report, *, error: Exception, window: Window, at: datetime) -> None:
    """Put a text aside as it came, where the gateway's page shows it. A receipt that fails is only logged."""
    log.error("sms.kept_aside", kind=type(arrival).__name__, trouble=type(error).__name__)
    if isinstance(arrival, Report):
        return
    row = _row(arrival, window=window, at=at)
    row.state = Part.State.DEAD_LETTER
    row.trouble = arrival.trouble or type(error).__name__
    row.save()


# ── new matters ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _open(matters: Sequence[Understanding], cases: dict[tuple[str, str], int], *, at: datetime) -> dict[str, int]:
    """A case for each new matter, all in one go; its words are known in `cases` from now on. Text → interaction."""
    new: dict[tuple[str, str], Text] = {}
    for text in (each.text for each in matters):
        words = (text.sender, text.digest) if text.sender else (text.key, "")  # of hidden senders none is another's
        if words not in cases:
            new.setdefault(words, text)
    opened = register_all([(_matter(text), text.key) for text in new.values()], by=CITIZEN, at=at)
    cases |= {words: case.case_id for words, case in zip(new, opened, strict=True)}
    return {text.key: case.interaction_id for text, case in zip(new.values(), opened, strict=True)}


def _matter(text: Text) -> CaseMatter:
    return CaseMatter(
        text=text.body,
        channel=Channel.SMS,
        phone=text.phone or "",
        proven=bool(text.phone),
        language=text.language,
        sent_from=text.sender,
        our_address=text.destination,
        detail=text.detail,
    )


def _first_cases(texts: Sequence[Text], *, at: datetime) -> dict[tuple[str, str], int]:
    """(sender, digest) → the first case those words opened within a day, for all texts of a window at once.

    Asked here and not before, for another bind may have opened it meanwhile.
    """
    asked = [(text.sender, text.digest) for text in texts if text.sender]
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _FIRST_CASES, [[sender for sender, _ in asked], [digest for _, digest in asked], at - SAME_WORDS_JOIN]
        )
        return {(sender, digest): case_id for sender, digest, case_id in cursor.fetchall()}


_FIRST_CASES = """
SELECT DISTINCT ON (p.sender, p.digest) p.sender, p.digest, c.id
FROM unnest(%s::text[], %s::text[]) AS asked (sender, digest)
JOIN sms_piece p ON p.sender = asked.sender AND p.digest = asked.digest AND p.digest <> ''
JOIN cases_caseinteraction l ON l.interaction_id = p.interaction_id
JOIN cases_case c ON c.id = l.case_id
WHERE c.received_at > %s
ORDER BY p.sender, p.digest, c.id
"""


# ── the rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_LOCK = 1022_0003
_COLUMNS = {
    "id": "bigint", "key": "text", "link_id": "bigint", "turn": "int", "retries": "int", "sender": "text",
    "destination": "text", "data_coding": "smallint", "octets": "bytea", "reference": "int", "total": "smallint",
    "number": "smallint", "state": "text", "trouble": "text", "digest": "text", "interaction_id": "bigint",
    "received_at": "timestamptz",
}  # fmt: skip
_INSERT = (
    f"INSERT INTO sms_piece ({', '.join(_COLUMNS)})"
    f" SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in _COLUMNS.values())})"
)
_UPDATE = """
UPDATE sms_piece SET interaction_id = v.interaction, digest = v.digest, state = v.state, trouble = v.trouble
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])
  AS v (id, interaction, digest, state, trouble)
WHERE sms_piece.id = v.id
"""


def one_at_a_time() -> None:
    """Several binds take in at once, and a carrier may spread the parts of a text over them: each must see the others'."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _numbered(came: list[Came]) -> list[Came]:
    """Each with an id, for the keys of what comes of it."""
    if came:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('sms_piece_id_seq') FROM generate_series(1, %s)", [len(came)])
            for (_arrival, row), (pk,) in zip(came, cursor.fetchall(), strict=True):
                row.pk = pk
    return came


def _note(text: Text, interaction_id: int) -> None:
    """By which interaction each part was taken in, and which words it was part of."""
    for part in text.parts:
        part.interaction_id, part.digest = interaction_id, text.digest
        part.state = Part.State.PARTIAL if text.incomplete else Part.State.TAKEN
        part.trouble = "" if text.readable else Part.UNREADABLE


def _insert(rows: Sequence[Part]) -> None:
    """Write new ones, as they stand now."""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [[getattr(row, column) for row in rows] for column in _COLUMNS])


def _update(rows: Sequence[Part]) -> None:
    """Write what became of those that were in the database before."""
    if rows:
        changed = ("pk", "interaction_id", "digest", "state", "trouble")
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [[getattr(row, column) for row in rows] for column in changed])
