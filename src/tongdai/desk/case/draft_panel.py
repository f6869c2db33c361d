"""The draft of an answer beside a case: what waits for its approver, or came back to be mended, and what this person may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tongdai.accounts.models import User
from tongdai.cases import drafts
from tongdai.cases.models import Case, Draft, DraftFile

from .action import CaseAction
from .timeline import Item


@dataclass(frozen=True)
class Panel:
    """`decides`: this person approves it or gives it back; `takes_back`: it is their own; `mends`: they hand it in once more.

    `added`: its citizen has said something since it was handed in, which its author had not read.
    """

    draft: Draft
    photos: list[DraftFile]
    documents: list[DraftFile]
    waits: bool
    decides: bool
    takes_back: bool
    mends: bool
    added: bool

    @property
    def acts(self) -> bool:
        """Whether what this person does next is done here."""
        return self.decides or self.mends


def panel_of(case: Case, user: User, actions: Sequence[CaseAction], items: Sequence[Item]) -> Panel | None:
    """Return the draft as this person sees it; None where there is none. `actions`: those that are open to them."""
    draft = drafts.current(case)
    if draft is None:
        return None
    names, files = {each.name for each in actions}, drafts.files_of(draft)
    waits, own = case.drafted_at is not None, draft.author_id == user.pk
    return Panel(
        draft,
        [each for each in files if not each.is_document],
        [each for each in files if each.is_document],
        waits=waits,
        decides=waits and not own and "approve" in names,
        takes_back=waits and own and "take_back" in names,
        mends=not waits and "draft" in names,
        added=any(item.line.theirs and item.at > draft.drafted_at for item in items),
    )
