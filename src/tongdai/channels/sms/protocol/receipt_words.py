"""How message centres write a delivery receipt in words: appendix B of SMPP 3.4, and what centres make of it.

`id:0123456789 sub:001 dlvrd:001 submit date:2202140801 done date:2202140802 stat:DELIVRD err:000 text:Phieu cua ban`.
The format is each vendor's own (§B.1): commas between, small letters, `stat:DELIVERED` or a number, another base for
the id. What stands after `text:` is the beginning of our own text, and says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..encoding import segments

MARK = re.compile(rb"s\0?t\0?a\0?t", re.IGNORECASE)  # stands in every receipt, whatever its alphabet
_FIELD = re.compile(
    r"(?:^|(?<=[\s,;|]))(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err)\s*[:=]\s*([^\s,;|]*)[,;|]?", re.IGNORECASE
)
_TEXT = re.compile(r"(?:^|(?<=[\s,;|]))text\s*[:=]", re.IGNORECASE)
_STATES = {
    "0": "SCHEDLD", "1": "ENROUTE", "2": "DELIVRD", "3": "EXPIRED", "4": "DELETED", "5": "UNDELIV",
    "6": "ACCEPTD", "7": "UNKNOWN", "8": "REJECTD", "9": "SKIPPED",
}  # fmt: skip
_SPELLINGS = {
    "DELIVERED": "DELIVRD", "DELIVER": "DELIVRD", "DELIVERD": "DELIVRD", "DELIVRED": "DELIVRD", "DELIV": "DELIVRD",
    "UNDELIVERED": "UNDELIV", "UNDELIVERABLE": "UNDELIV", "UNDELIVRD": "UNDELIV", "UNDELIVERD": "UNDELIV",
    "FAILED": "UNDELIV", "EXPIRD": "EXPIRED", "ACCEPTED": "ACCEPTD", "REJECTED": "REJECTD", "REJECT": "REJECTD",
    "SCHEDULED": "SCHEDLD", "BUFFERED": "ENROUTE", "BUFFERD": "ENROUTE",
}  # fmt: skip
_FEW = 30  # letters beside the fields: a centre's remark; more of them are a person's words, who quotes a receipt


@dataclass(frozen=True)
class Words:
    """A receipt in words. `rest`: what belongs to no field, the beginning of the text it quotes included."""

    message_id: str = ""
    stat: str = ""
    delivered: str = ""
    error: str = ""
    rest: str = ""


def read(octets: bytes) -> Words | None:
    """The receipt that user data holds, whatever its data_coding says; None where it is none."""
    coding = segments.UCS2 if b"s\0t\0a\0t" in octets.lower() else segments.LATIN1
    return of_text(segments.read(octets, coding)[0])


def of_text(text: str) -> Words | None:
    """The same of words that were read already."""
    quoted = _TEXT.search(text)
    fields, quote = (text[: quoted.start()], text[quoted.end() :]) if quoted else (text, "")
    found = {re.sub(r"[ _]", "", name.lower()): value for name, value in reversed(_FIELD.findall(fields))}
    rest = " ".join(_FIELD.sub(" ", fields).split())
    is_receipt = {"id", "stat"} <= found.keys() and found["id"] and sum(map(str.isalpha, rest)) <= _FEW
    if not is_receipt:
        return None
    return Words(
        found["id"], found["stat"].upper(), found.get("dlvrd", ""), found.get("err", ""), f"{rest} {quote}".strip()
    )


def state_of(message_state: bytes, words: Words) -> str:
    """DELIVRD, UNDELIV … whichever way it is written: by the parameter, else by the word. Empty where by neither."""
    if len(message_state) == 1 and 1 <= message_state[0] <= 8:
        return _STATES[str(message_state[0])]
    stat = words.stat.rstrip(".")
    if stat.isdigit():
        return _by_number(int(stat), words)
    return _SPELLINGS.get(stat, stat)[:10]


def _by_number(stat: int, words: Words) -> str:
    """The number of SMPP's message_state; but 0 is success with the centres that write it where nothing failed."""
    failed = words.error.strip("0") or (words.delivered and not words.delivered.strip("0"))
    return "DELIVRD" if stat == 0 and not failed else _STATES.get(str(stat), "UNKNOWN")


def as_answered(message_id: str, receipt_ids: str) -> str:
    """The id as `submit_sm_resp` wrote it: some centres count in hexadecimal there and decimal here, or the reverse."""
    try:
        if receipt_ids == "hex":
            return str(int(message_id, 16))
        if receipt_ids == "dec":
            return format(int(message_id), "x")
    except ValueError:
        pass  # no number at all: it is the centre's own name, the same in both places
    return message_id


def in_other_bases(message_id: str) -> tuple[str, ...]:
    """What else the same digits may stand for, where a centre counts in hexadecimal here and decimal there: `10` → `a`, `16`."""
    found = []
    if re.fullmatch(r"[0-9]{1,20}", message_id):
        found.append(format(int(message_id), "x"))
    if re.fullmatch(r"[0-9a-fA-F]{1,16}", message_id):
        found.append(str(int(message_id, 16)))
    return tuple(each for each in dict.fromkeys(found) if each != message_id.lower())
