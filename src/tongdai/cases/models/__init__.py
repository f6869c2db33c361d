"""A case and everything that belongs to it. Only `cases.actions` writes these rows."""

from .access import CaseLink, CasePin, CodeTry, OneTimeCode
from .answers import Answer, Draft, Rating, Rejection
from .case import COUNTED, OPEN_STATES, UNTAKEN, Case, CaseInteraction
from .files import Attachment, DraftFile, StoredFile
from .work import Assignment, Event, Remark, Support

__all__ = [
    "Answer",
    "Assignment",
    "Attachment",
    "COUNTED",
    "Case",
    "CaseInteraction",
    "CaseLink",
    "CasePin",
    "CodeTry",
    "Draft",
    "DraftFile",
    "Event",
    "OPEN_STATES",
    "OneTimeCode",
    "Rating",
    "Rejection",
    "Remark",
    "StoredFile",
    "Support",
    "UNTAKEN",
]
