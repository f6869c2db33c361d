"""The answers an editor may work on, and where the page of each is."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from tongdai.accounts.models import Role, User
from tongdai.knowledge.models import Article, Kept, LookupTable, Procedure
from tongdai.knowledge.versions import kind_of

MODELS: dict[str, Any] = {"procedure": Procedure, "article": Article, "table": LookupTable}


def visible(user: User, model: type[Any]) -> Any:
    """All of them; an officer's: those of the agency, and those nobody owns."""
    rows = model.objects.all()
    if user.role == Role.OFFICER:
        rows = rows.filter(Q(owner=user.agency_id) | Q(owner=None))
    return rows


def address_of(row: Kept) -> str:
    """The editor's page of it."""
    if isinstance(row, LookupTable):
        return reverse("desk:kho_table", args=[row.slug])
    return reverse("desk:kho_edit", args=[kind_of(row), row.pk])
