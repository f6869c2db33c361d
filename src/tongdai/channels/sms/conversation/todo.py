"""What may be to be done with a text: a value each, which `understanding` gives and `handling` carries out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tongdai.cases.triage.kind import Kind
from tongdai.knowledge import ask
from tongdai.knowledge.models import LookupRow, LookupTable

from .automatic import Automatic
from .grammar import Choice, DossierStatus, Help, KeywordAlone, Matter, NoReply, Refuse, WrongCode


@dataclass(frozen=True)
class Warn:
    """Say whom to ring, at once: the first part of a long text speaks of danger."""


@dataclass(frozen=True)
class Wait:
    """Do nothing before the other parts have come."""


@dataclass(frozen=True)
class Add:
    """Keep the text with a case that is there already; with none if that case isn't known."""

    case_id: int | None


@dataclass(frozen=True)
class GoOn:
    """Keep the text in the history of the number's own case that it goes on with. `kind`: as what it is acknowledged.

    `asked`: what it asks beside that, and nobody knows surely.
    """

    case_id: int
    kind: Kind
    asked: Answer | None = None


@dataclass(frozen=True)
class Withdraw:
    """Withdraw the number's own case. `named`: by its code; else which one is meant is sure only where it is the only open one."""

    case_id: int
    named: bool = False


@dataclass(frozen=True)
class Reopen:
    """Reopen the number's own case, which was answered: these words say that it isn't settled."""

    case_id: int


@dataclass(frozen=True)
class Reply:
    """Take it as the reply for which the number's own case waits. `named`: by its code; else it is sure where no other waits."""

    case_id: int
    named: bool = False


@dataclass(frozen=True)
class Rate:
    """Rate the last answer of the number's own case; a number of stars that is none of 1 to 5 is said to be so."""

    case_id: int
    stars: int


@dataclass(frozen=True)
class AnswerStatus:
    """Say how a case stands. `own_id`: its row, where the text comes from its proven number; `adds`: keep the text with it."""

    code: str
    own_id: int | None = None
    adds: bool = False


@dataclass(frozen=True)
class NoCase:
    """Say that there is none of this number's to tell about: it asked how its case stands."""


@dataclass(frozen=True)
class TellCodes:
    """Say which codes this number's cases have, newest first: it forgot them."""

    case_ids: tuple[int, ...]


@dataclass(frozen=True)
class Courtesy:
    """A calm line, once a day, to words that ask for nothing: thanks, an insult, a wrong number, what nobody understands."""

    kind: Kind


@dataclass(frozen=True)
class Speak:
    """Write to this number in another language from now on: `en` or `vi`."""

    language: str


@dataclass(frozen=True)
class NoteConsent:
    """Keep what the case's own number answered to a question of the city's."""

    case_id: int
    agrees: bool


@dataclass(frozen=True)
class Answer:
    """Answer a question, or offer what may be meant. `bare`: it came without a keyword."""

    words: str
    reply: ask.Reply
    bare: bool


@dataclass(frozen=True)
class AnswerRows:
    """Tell rows of the tables with this keyword; `rows` is empty where none fits. `by_place`: they are asked for by ward."""

    keyword: str
    words: str
    tables: Sequence[LookupTable]
    rows: Sequence[LookupRow]
    by_place: bool


ToDo = (
    Matter | Add | GoOn | Withdraw | Reopen | Reply | Rate | AnswerStatus | NoCase | TellCodes | Courtesy | NoteConsent | Answer
    | AnswerRows | DossierStatus | Choice | WrongCode | KeywordAlone | Help | Refuse | Speak | NoReply | Automatic | Warn | Wait
)  # fmt: skip
