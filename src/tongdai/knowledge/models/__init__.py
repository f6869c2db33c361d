"""What the city knows: procedures, questions with their answers, look-up tables, and the words people use.

Only `answers.publishing`, the importers and `usage` write these rows. Each kind of answer has a state, an owner and a
day to look at it again; what stood there before is kept as a `Version`.
"""

from .answer import Answer, EditedAnswer, State
from .articles import Article
from .columns import ColumnRole, column_of
from .dossiers import DossierSource
from .drafts import DeadLink, Draft, Version
from .inquiries import Inquiry
from .lookups import LookupRow, LookupTable, TableImport
from .procedures import Audience, Level, Procedure, ProcedureImport, lowest_level
from .revision import Revision
from .words import Alias, PhraseVector, Term, Translation

__all__ = [
    "Alias",
    "Answer",
    "Article",
    "Audience",
    "ColumnRole",
    "DeadLink",
    "DossierSource",
    "Draft",
    "EditedAnswer",
    "Inquiry",
    "Level",
    "LookupRow",
    "LookupTable",
    "PhraseVector",
    "Procedure",
    "ProcedureImport",
    "Revision",
    "State",
    "TableImport",
    "Term",
    "Translation",
    "Version",
    "column_of",
    "lowest_level",
]
