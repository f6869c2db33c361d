"""Register a citizen's matter: the one way a case comes to be, whatever the channel."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from tongdai.directory.calendar.working_days import the_calendar
from tongdai.directory.models import Place, Topic
from tongdai.language.text import clean, fold
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.platform import wake
from tongdai.platform.database import prepared

from .. import deadlines, routing
from ..access.links import OPEN_FOR
from ..actor import Actor
from ..codes import new_code
from ..models import Attachment, Case
from ..states import Rule, State, Way, Who
from ..transition import LOOK_AGAIN, NOTIFY_CITIZEN, RING_ON_DUTY
from ..triage.danger import Level
from ..triage.judgement import Judgement, judge

RULE = Rule(
    "register",
    Way(from_=frozenset(), to=State.RECEIVED, who={Who.CITIZEN, Who.CALL_TAKER, Who.COORDINATOR, Who.SYSTEM}),
    notifies=Purpose.RECEIPT,
)


DEFAULT_LIMIT_HOURS = 40  # five working days: Luật Khiếu nại's shortest common limit, until a topic says otherwise
LONGEST_TEXT = 10_000  # characters; a longer one is kept whole in its interaction
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_SENDER = 120, 200, 40


@dataclass(frozen=True)
class Photo:
    """A picture already re-encoded, or a document looked over, in the storage."""

    file: str
    content_type: str
    size: int
    width: int
    height: int
    sha256: str

    def row(self, **more: Any) -> Attachment:
        """Return the row that names it, not yet written; `more`: whose it is, and with what it came."""
        return Attachment(**vars(self), **more)


@dataclass(frozen=True)
class Matter:
    """What a citizen brought, as the channel understood it.

    `proven`: the number itself spoke to us just now, by this text or call; never one that somebody typed.
    `declared_urgent`: whoever brought it says that somebody is in danger now, and is believed. `in_browser`: the browser it
    was filed in may read it. `declared_denunciation`: whether it denounces somebody, as they say; None: they weren't asked. It is
    no part of the digest: the answer makes no other case.
    """

    text: str
    channel: Channel
    phone: str = ""  # E.164, or empty
    name: str = ""
    proven: bool = False
    declared_urgent: bool = False
    in_browser: bool = False
    declared_denunciation: bool | None = None
    topic: Topic | None = None
    place: Place | None = None
    address: str = ""
    point: tuple[float, float] | None = None  # latitude, longitude, WGS84 degrees
    visibility: str = Case.Visibility.PRIVATE
    language: str = "vi"
    sent_from: str = ""  # what the carrier said, when it is no E.164 number
    our_address: str = ""
    photos: tuple[Photo, ...] = ()
    detail: dict[str, str | int | bool] = field(default_factory=dict)

    def digest(self) -> str:
        """Return the digest of everything the citizen said: the same key with another digest is another matter."""
        place, topic = (self.place.pk if self.place else 0), (self.topic.pk if self.topic else 0)
        content = [self.text, self.phone, self.name, self.address, self.visibility, place, topic, self.point]
        content += [photo.sha256 for photo in self.photos] + ["urgent"] * self.declared_urgent
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Registered:
    """`repeated`: this very matter was here already. `changed`: the key was known, the content new: a case of its own.

    `filed_link`: the way in of the browser it was filed in, where the matter asked for one and the case is new.
    """

    case_id: int
    code: str
    due_at: datetime
    interaction_id: int
    repeated: bool = False
    changed: bool = False
    filed_link: int | None = None


def register(matter: Matter, *, key: str, by: Actor, at: datetime) -> Registered:
    """Open a case with its contact, interaction, first event and jobs: one statement, durable when it returns.

    `key` names this very submission (`web:…`, `sms:…`, `desk:…`; ≤ 60 characters): delivered again, it answers with
    the same case; with other content under it, it is a new case and says so.

    Raises:
        ActionRefused: this actor may not register.
        ValueError: the text is empty.
    """
    row = _row(matter, by=by, at=at, capacity=_capacity(by))
    known = _insert(row, key=key, photos=matter.photos)
    if known is not None:
        return known
    first = _registered(key)
    if first.digest == row["digest"]:
        return first.answer
    changed_key = f"{key}:{str(row['digest'])[:16]}"
    again = _insert(row, key=changed_key, photos=matter.photos) or _registered(changed_key).answer
    return replace(again, changed=True)


def _capacity(by: Actor) -> Who:
    """Say in what capacity this actor opens a case; raises ActionRefused if in none."""
    capacities = by.capacities()
    return sorted(RULE.way(state=None, capacities=capacities).who & capacities)[0]


def register_all(matters: Sequence[tuple[Matter, str]], *, by: Actor, at: datetime) -> list[Registered]:
    """`register` for several (matter, key) at once, all or none: the same statement for each, sent in one go.

    For a channel that takes in a window of texts; one round trip to the database instead of three a text.

    Raises as `register` does, for any of them.
    """
    capacity = _capacity(by)
    rows = [_row(matter, by=by, at=at, capacity=capacity) | {"key": key, "code": new_code()} for matter, key in matters]
    try:
        with transaction.atomic(savepoint=connection.in_atomic_block):
            opened = _run(rows)
            wake.wake("cases", [found[0] for found in opened if found])
    except IntegrityError as clash:
        if "code" not in str(clash):
            raise
        opened = [None] * len(rows)  # one at a time, then: each draws its code again
    return [
        Registered(found[0], str(row["code"]), row["due_at"], found[1])  # type: ignore[arg-type]
        if found and not matter.photos
        else register(matter, key=key, by=by, at=at)
        for found, row, (matter, key) in zip(opened, rows, matters, strict=True)
    ]


def _row(matter: Matter, *, by: Actor, at: datetime, capacity: str) -> dict[str, object]:
    """Return every value that the statement binds."""
    text = clean(matter.text)
    if not text:
        raise ValueError("a case needs a text")
    topic, judged = matter.topic or routing.suggest_topic(text), judge(text)
    denounces = judged.denunciation or bool(matter.declared_denunciation)
    if denounces and matter.topic is None and not (topic and topic.confidential):
        topic = routing.confidential_topic() or topic
    secret = denounces or bool(topic and topic.confidential)
    doubt = judged.asked and not secret and matter.declared_denunciation is None
    level = Level.LIFE if matter.declared_urgent else judged.level
    urgent = routing.is_urgent(topic, level, secret=secret)
    danger = urgent or judged.shown or level is not Level.NONE  # of a confidential matter nobody on duty is rung
    anonymous = matter.visibility == Case.Visibility.ANONYMOUS
    phone = "" if anonymous else matter.phone
    calendar = the_calendar()
    latitude, longitude = matter.point or (None, None)
    return {
        "phone": phone,
        "name": "" if anonymous else clean(matter.name)[:LONGEST_NAME],
        "contact_name": "" if anonymous or secret else clean(matter.name)[:LONGEST_NAME],  # others see the contact, too
        "language": matter.language,
        "proven_at": at if matter.proven and phone else None,
        "at": at,
        "channel": str(matter.channel),
        "address": matter.phone or matter.sent_from[:LONGEST_SENDER],
        "our_address": matter.our_address,
        "body": text,
        "text": text[:LONGEST_TEXT],
        "detail": json.dumps(matter.detail),
        "digest": matter.digest(),
        "state": State.RECEIVED.value,
        "topic": topic.pk if topic else None,
        "place": matter.place.pk if matter.place else None,
        "landmark": clean(matter.address)[:LONGEST_ADDRESS],
        "latitude": latitude,
        "longitude": longitude,
        "visibility": str(
            Case.Visibility.PRIVATE if secret and matter.visibility == Case.Visibility.PUBLIC else matter.visibility
        ),
        "urgent": urgent,
        "danger_level": str(level),
        "danger_kind": str(judged.kind or "") if level is not Level.NONE else "",
        "changed": json.dumps(
            _codes(level, judged, denounces=denounces, doubt=doubt, denied=matter.declared_denunciation is False)
        ),
        "confidential": secret,
        "perhaps_denunciation": doubt,
        "assign_by": deadlines.assign_by(at, calendar=calendar),
        "due_at": deadlines.due_at(at, hours=topic.limit_hours if topic else DEFAULT_LIMIT_HOURS, calendar=calendar),
        "calendar": calendar.version,
        "words": fold(f"{text} {matter.address} {matter.name}")[:LONGEST_TEXT],
        "capacity": capacity,
        "user": by.user.pk if by.user else None,
        "agency": by.user.agency_id if by.user else None,
        "by_channel": by.channel,
        "notify": NOTIFY_CITIZEN,
        "notify_priority": RULE.purpose(urgent=danger).priority,
        "ring": RING_ON_DUTY,
        "ring_priority": Purpose.DUTY.priority,
        "filed_until": at + OPEN_FOR if matter.in_browser else None,
        "look": LOOK_AGAIN,
        "look_priority": Purpose.CODE.priority,
        "doubtful": judged.doubtful and level is not Level.LIFE,
    }


def _codes(level: Level, judged: Judgement, *, denounces: bool, doubt: bool, denied: bool) -> dict[str, object]:
    """Return what the first event says of the judgement: codes alone."""
    found: dict[str, object] = {}
    if level is not Level.NONE:
        found["danger"] = [str(level), str(judged.kind or "")]
    if denounces or doubt:
        found["denunciation"] = "perhaps" if doubt else "judged" if judged.denunciation else "said"
    elif denied:
        found["denunciation"] = "denied"
    return found


def _insert(row: dict[str, object], *, key: str, photos: tuple[Photo, ...]) -> Registered | None:
    """Open the case, or return None when the key is known. A code that is taken (one in 10¹⁰) is drawn again."""
    for _ in range(5):
        code = new_code()
        try:
            # One statement is a transaction by itself: it needs no BEGIN and COMMIT around it, two round trips less.
            with transaction.atomic() if photos or connection.in_atomic_block else nullcontext():
                [found] = _run([{**row, "key": key, "code": code}])
                if found is None:
                    return None
                case_id, interaction_id, filed_link = found
                if photos:
                    _attach(photos, case_id=case_id, interaction_id=interaction_id, at=row["at"])
                wake.wake("cases", [case_id])
        except IntegrityError as clash:
            if "code" in str(clash):
                continue
            raise
        return Registered(case_id, code, row["due_at"], interaction_id, filed_link=filed_link)  # type: ignore[arg-type]
    raise RuntimeError("five codes in a row were taken")


def _run(rows: Sequence[Mapping[str, object]]) -> list[tuple[int, int, int | None] | None]:
    """Run each row's statement, prepared once a connection (planning it costs more than running it), all in one pipeline."""
    if not rows:
        return []
    with prepared.cursor() as cursor:
        if len(rows) == 1:
            return [cursor.execute(OPEN_A_CASE, rows[0], prepare=True).fetchone()]
        cursor.executemany(OPEN_A_CASE, rows, returning=True)
        found = [cursor.fetchone()]
        while cursor.nextset():
            found.append(cursor.fetchone())
    return found


def _attach(photos: tuple[Photo, ...], *, case_id: int, interaction_id: int, at: Any) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO cases_attachment (case_id, interaction_id, file, content_type, size, width, height, sha256,"
            " created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (case_id, interaction_id, p.file, p.content_type, p.size, p.width, p.height, p.sha256, at)
                for p in photos
            ],
        )


@dataclass(frozen=True)
class _Known:
    digest: str
    answer: Registered


def _registered(key: str) -> _Known:
    """Return the case that was opened under this key."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_CASE, [key])
        digest, case_id, code, due_at, interaction_id = cursor.fetchone()
    return _Known(digest, Registered(case_id, code, due_at, interaction_id, repeated=True))


_KNOWN_CASE = """
SELECT i.digest, c.id, c.code, c.due_at, i.id
FROM people_interaction i
JOIN cases_caseinteraction l ON l.interaction_id = i.id
JOIN cases_case c ON c.id = l.case_id
WHERE i.key = %s
"""

# One statement, for the ways in are many and a statement each would cost four times as much (bench intake).
OPEN_A_CASE = """
WITH contact AS (
  INSERT INTO people_contact (phone, name, language, proven_at, created_at)
  SELECT %(phone)s, CASE WHEN %(proven_at)s::timestamptz IS NULL THEN '' ELSE %(contact_name)s END, %(language)s,
    %(proven_at)s::timestamptz, %(at)s WHERE %(phone)s <> ''
  ON CONFLICT (phone) DO UPDATE SET
    proven_at = GREATEST(people_contact.proven_at, EXCLUDED.proven_at),
    name = CASE WHEN people_contact.name = '' THEN EXCLUDED.name ELSE people_contact.name END
  RETURNING id
), interaction AS (
  INSERT INTO people_interaction (contact_id, channel, direction, state, address, our_address, body, key, digest,
    wire_id, parts, detail, happened_at)
  VALUES ((SELECT id FROM contact), %(channel)s, 'in', 'received', %(address)s, %(our_address)s, %(body)s, %(key)s,
    %(digest)s, '', 0, %(detail)s::jsonb, %(at)s)
  ON CONFLICT (key) DO NOTHING
  RETURNING id, contact_id
), opened AS (
  INSERT INTO cases_case (code, state, channel, contact_id, number_proven_at, sender_name, text, topic_id, place_id,
    address, latitude, longitude, visibility, language, urgent, danger_level, danger_kind,
    confidential, perhaps_denunciation, received_at, assign_by, due_at, calendar_version, events_count, search)
  SELECT %(code)s, %(state)s, %(channel)s, contact_id, %(proven_at)s::timestamptz, %(name)s, %(text)s, %(topic)s,
    %(place)s, %(landmark)s, %(latitude)s::float8, %(longitude)s::float8, %(visibility)s, %(language)s, %(urgent)s,
    %(danger_level)s, %(danger_kind)s, %(confidential)s, %(perhaps_denunciation)s, %(at)s, %(assign_by)s, %(due_at)s,
    %(calendar)s, 1, to_tsvector('simple', %(words)s)
  FROM interaction
  RETURNING id
), linked AS (
  INSERT INTO cases_caseinteraction (case_id, interaction_id) SELECT opened.id, interaction.id FROM opened, interaction
), first_event AS (
  INSERT INTO cases_event (case_id, seq, action, state_before, state_after, channel, capacity, user_id, agency_id,
    interaction_id, changed, happened_at)
  SELECT opened.id, 1, 'register', '', %(state)s, %(by_channel)s, %(capacity)s, %(user)s::bigint, %(agency)s::bigint,
    interaction.id, %(changed)s::jsonb, %(at)s
  FROM opened, interaction
  RETURNING id
), queued AS (
  INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args)
  SELECT split_part(job.task, '.', 2), job.task, job.priority, jsonb_build_object('event_id', first_event.id)
  FROM first_event, (VALUES (%(notify)s, %(notify_priority)s::int, true), (%(ring)s, %(ring_priority)s::int, %(urgent)s),
    (%(look)s, %(look_priority)s::int, %(doubtful)s)) AS job (task, priority, wanted)
  WHERE job.wanted
), filed AS (
  INSERT INTO cases_caselink (case_id, purpose, created_at, expires_at)
  SELECT opened.id, 'filed', %(at)s, %(filed_until)s::timestamptz
  FROM opened WHERE %(filed_until)s::timestamptz IS NOT NULL
  RETURNING id
)
SELECT opened.id, interaction.id, (SELECT id FROM filed) FROM opened, interaction
"""
