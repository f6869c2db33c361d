"""What Asterisk did alone, out of its queue log: who came into the net, whom it connected, how it ended.

A line is `second|channel|queue|agent|event|…`. The dialplan writes OPEN, BACK and GONE (asterisk/conf/extensions.conf),
this one with who hung up: nobody where Asterisk was told to stop; the queue writes CONNECT and more, Asterisk itself QUEUESTART
when it begins. What is settled is blanked where it stands, for it holds
numbers; Asterisk goes on writing at the end, so no line is lost. See docs/adr/0033-the-net-notes.md.
"""

from __future__ import annotations

import contextlib
import fcntl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BufferedRandom
from pathlib import Path
from urllib.parse import unquote

from django.db import transaction

from tongdai.accounts.models import User

from ..asterisk import caller_id
from ..asterisk.caller_id import CallerId
from ..asterisk.exchange import Exchange
from ..models import Call
from . import call_records

_settled_to: dict[Path, int] = {}  # before this octet all is blank: read from here


@dataclass
class Note:
    """One caller in the net. `ours`: given back to our process since; `gone`: the line has ended; `cut`: nobody has hung up."""

    channel: str
    came_at: datetime
    who: CallerId
    lines: list[tuple[int, int]] = field(default_factory=list)  # where they stand: (offset, octets)
    connected_at: datetime | None = None
    member: str = ""
    ours: bool = False
    gone: bool = False
    cut: bool = False


def take_in(it: Exchange) -> int:
    """Bring the calls up to what the log says; how many of them are over by it. Read twice at once, it comes to the same.

    Whoever is in the net has a row from the beginning, and waits.
    """
    try:
        log = it.net_log.open("r+b")
    except FileNotFoundError:
        return 0
    with log:
        fcntl.flock(log, fcntl.LOCK_EX)
        notes, others, end = _read(log, since=_settled_to.get(it.net_log, 0))
        settled = [note for note in notes if _settle(note, it)]
        for offset, octets in [*others, *(line for note in settled for line in note.lines)]:
            log.seek(offset)
            log.write(b" " * octets)
        open_lines = [note.lines[0][0] for note in notes if note not in settled]
        _settled_to[it.net_log] = min(open_lines, default=end)
    return sum(not note.ours for note in settled)


def take_in_of(channel: str, it: Exchange) -> None:
    """The same, where the log says anything of this channel: whoever has gone may have gone from the net."""
    with contextlib.suppress(FileNotFoundError), it.net_log.open("rb") as log:
        log.seek(_settled_to.get(it.net_log, 0))
        if channel.encode() in log.read():
            take_in(it)


def tidy(it: Exchange) -> None:
    """Before Asterisk begins: a log with nothing in it goes."""
    if it.net_log.exists() and not it.net_log.read_bytes().strip():
        it.net_log.unlink()


def _read(log: BufferedRandom, *, since: int) -> tuple[list[Note], list[tuple[int, int]], int]:
    """The callers, the lines that are about none of them, and how far was read."""
    notes: dict[str, Note] = {}
    others: list[tuple[int, int]] = []
    log.seek(0, 2)
    log.seek(since if since <= log.tell() else 0)
    offset = log.tell()
    for line in log:
        if not line.endswith(b"\n"):
            break  # it is being written
        octets = len(line) - 1
        if words := line.decode(errors="replace").strip():
            note = _take(notes, [*words.split("|"), *[""] * 8])
            (note.lines if note else others).append((offset, octets))
        offset += octets + 1
    return list(notes.values()), others, offset


def _take(notes: dict[str, Note], words: list[str]) -> Note | None:
    second, channel, _queue, member, event, *more = words
    if event == "QUEUESTART":
        for each in notes.values():
            each.cut = not each.gone
    if event == "OPEN" and channel not in notes:
        at = datetime.fromtimestamp(int(second), UTC)
        notes[channel] = Note(channel, at, _who(*more[:4]))
    note = notes.get(channel)
    if note and event in ("OPEN", "BACK"):
        note.ours = event == "BACK"
    elif note and event == "GONE":
        note.gone, note.cut = True, more[0] == "by:"  # nobody has hung up
    elif note and event == "CONNECT":
        note.connected_at, note.member = datetime.fromtimestamp(int(second), UTC), member
    return note


def _who(endpoint: str, number: str, shown: str, asserted: str) -> CallerId:
    """As `calls.session.caller_of`: a carrier's word alone."""
    if not endpoint.startswith("trunk-"):
        return CallerId(hidden=True)
    return caller_id.read(unquote(number, errors="replace"), shown=shown, asserted=asserted)


def _settle(note: Note, it: Exchange) -> bool:
    """Whether nothing more is to come of it here."""
    known = Call.objects.filter(channel=note.channel).exists()
    if note.ours and known:
        return True  # whatever comes of it, the voice process writes down
    call = call_records.came(
        channel=note.channel, number=note.who.number, dialled="1022", at=note.came_at, who=note.who
    )
    if not known:
        call_records.waits(call.pk, queue=None, path=[])
    if note.gone or note.cut:
        _end(call, note, it)
    return note.gone or note.cut or note.ours


def _end(call: Call, note: Note, it: Exchange) -> None:
    outcome = Call.Outcome.ABANDONED
    if note.connected_at:
        _joined(call.pk, endpoint=note.member.removeprefix("PJSIP/"), at=note.connected_at)
        outcome = Call.Outcome.ANSWERED
    elif (it.messages / f"{note.channel}.wav").exists():
        outcome = Call.Outcome.MESSAGE
    if note.cut and outcome != Call.Outcome.MESSAGE:
        outcome = Call.Outcome.CUT
    call_records.ended(call.pk, path=[*call.path, call_records.ALONE], outcome=outcome)


@transaction.atomic
def _joined(call: int, *, endpoint: str, at: datetime) -> None:
    """Asterisk has joined her with this telephone while the voice process was away: it would have written that down."""
    row = Call.objects.select_for_update().get(pk=call)
    if row.state == Call.State.ENDED or row.agent_id:
        return
    row.agent = User.objects.filter(line__isnull=False, pk=int(endpoint.removeprefix("line-"))).first()
    row.state, row.answered_at = Call.State.TALKING, row.answered_at or at
    row.save(update_fields=["agent", "state", "answered_at"])
    if row.agent:
        call_records.met_at_last(row, agent=row.agent.pk)
