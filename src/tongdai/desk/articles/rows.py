"""The answers an editor may work on, and where the page of each is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Q
from django.urls import reverse

from tongdai.accounts.models import User
from tongdai.accounts.rights import EDITS_OWN_AGENCY_ONLY
from tongdai.cases.queries import visible_cases
from tongdai.knowledge.editing import articles_from_cases
from tongdai.knowledge.models import Article, Draft, EditedAnswer, LookupTable, Procedure, State
from tongdai.shell.staff import StaffRequest

R = TypeVar("R", bound=EditedAnswer)
MODELS: dict[str, Any] = {model.KIND: model for model in (Procedure, Article, LookupTable)}


def visible(user: User, model: type[Any]) -> Any:
    """All of them; an officer's: those of the agency, and those nobody owns. An article that was made of a case, with its

    draft and what it said before, only to who may open the case: it holds the citizen's words.
    """
    rows = model.objects.all()
    if user.role in EDITS_OWN_AGENCY_ONLY:
        rows = rows.filter(Q(owner=user.agency_id) | Q(owner=None))
    if model is Article and (behind := articles_from_cases.cases_behind()):
        opened = set(visible_cases(user).filter(pk__in=behind).values_list("pk", flat=True))
        rows = rows.exclude(key__in=[key for case, key in behind.items() if case not in opened])
    return rows


def called_as_drafted(rows: Iterable[R]) -> list[R]:
    """The rows; those nobody has published yet go by the name their draft gives them (never save these)."""
    found = list(rows)
    new = [row for row in found if row.state == State.DRAFT]
    drafts = {
        held.answer_key: held.content
        for held in Draft.objects.filter(kind__in={row.KIND for row in new}, row__in=[row.pk for row in new])
    }
    for row in new:
        part = "question" if isinstance(row, Article) else "name"
        if drafted := drafts.get(row.answer_key, {}).get(part):
            setattr(row, part, drafted)
    return found


SAVED = "knowledge_saved"


def draft_name(row: EditedAnswer) -> str:
    """Names what the browser keeps of the form while it is typed."""
    return f"kho-{row.KIND}-{row.pk}"


def is_saved(request: StaffRequest, row: EditedAnswer) -> None:
    """The next page of it tells the browser to forget what was typed."""
    request.session[SAVED] = draft_name(row)


def was_saved(request: StaffRequest, row: EditedAnswer) -> bool:
    """Whether this is that page; once."""
    return SAVED in request.session and request.session.pop(SAVED) == draft_name(row)


def address_of(row: EditedAnswer) -> str:
    """The editor's page of it."""
    if isinstance(row, LookupTable):
        return reverse("desk:knowledge_table", args=[row.slug])
    return reverse("desk:knowledge_edit", args=[row.KIND, row.pk])
