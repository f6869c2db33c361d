"""Lists saved under a name: a person's own, and those that a coordinator or the administrator shares with a role."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from tongdai.accounts.models import Role, User
from tongdai.accounts.rights import HAS_CASES, SHARES_VIEWS
from tongdai.cases import queries
from tongdai.cases.states import OPEN
from tongdai.language.text import clean
from tongdai.platform.typed_input import too_long

from ..models import LONGEST_NAME, LONGEST_QUERY, SavedView
from . import filters

MOST = 20  # of one person: their own


class NotSaved(ValueError):
    """This can't be saved so; the message is for the person."""


def seen_by(user: User) -> QuerySet[SavedView]:
    """A person's own, and those shared with their role, by name."""
    return SavedView.objects.filter(Q(owner=user) | Q(shared_with=user.role)).select_related("owner").order_by("name")


def kept_by(user: User) -> QuerySet[SavedView]:
    """Those this person may rename, share and delete: their own; who keeps order among shared ones, those too."""
    theirs = Q(owner=user)
    if user.role in SHARES_VIEWS and user.role not in HAS_CASES:  # the administrator, who has no lists
        theirs |= ~Q(shared_with="")
    return SavedView.objects.filter(theirs).select_related("owner").order_by("name")


def save(user: User, *, name: str, query: str, at: datetime) -> SavedView:
    """Save what the query of a list's address asks for, under a name.

    Raises:
        NotSaved: there is no name, it is taken or too long, or there are too many.
    """
    name = _name(user, name)
    if SavedView.objects.filter(owner=user).count() >= MOST:
        raise NotSaved(_("Bạn đã lưu {most} danh sách. Xóa bớt một danh sách rồi lưu lại.").format(most=MOST))
    asked = QueryDict(query[: 4 * LONGEST_QUERY])
    view = asked.get(filters.VIEW, "")
    known = view if view in queries.views_of(user) else queries.ALL
    meant = filters.read(asked).query({filters.VIEW: known}, only_meant=True)
    return SavedView.objects.create(owner=user, name=name, query=meant, saved_at=at)


def rename(saved: SavedView, *, name: str) -> None:
    """Give it another name.

    Raises:
        NotSaved: as `save`.
    """
    saved.name = _name(saved.owner, name, but=saved)
    saved.save(update_fields=["name"])


def share(saved: SavedView, *, by: User, role: str) -> None:
    """Let everybody of a role have it in their list, too; an empty role: its owner alone.

    Raises:
        NotSaved: this person shares none, or there is no such role.
    """
    if by.role not in SHARES_VIEWS:
        raise NotSaved(_("Chỉ điều phối viên và quản trị chia sẻ được danh sách."))
    if role and role not in HAS_CASES:
        raise NotSaved(_("Chọn một vai trò có trang phiếu."))
    saved.shared_with = role
    saved.save(update_fields=["shared_with"])


def condition_of(user: User, saved: SavedView, *, at: datetime) -> Q | None:
    """The condition of its cases, where they are all open and so are quickly counted; else None."""
    asked = QueryDict(saved.query)
    view, asked_filter = asked.get(filters.VIEW, ""), filters.read(asked).filter
    base = queries.views_of(user).get(view)
    counted = view not in queries.UNCOUNTED or asked_filter.due or asked_filter.state in OPEN
    return base & asked_filter.condition(at=at) if base is not None and counted else None


def roles() -> list[tuple[str, str]]:
    """The roles a list may be shared with."""
    return [(role.value, str(role.label)) for role in Role if role in HAS_CASES]


def _name(owner: User, typed: str, *, but: SavedView | None = None) -> str:
    name = " ".join(clean(typed).split())
    if not name:
        raise NotSaved(_("Hãy đặt tên cho danh sách."))
    if wrong := too_long(name, most=LONGEST_NAME):
        raise NotSaved(wrong)
    same = SavedView.objects.filter(owner=owner, name=name)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise NotSaved(_("Bạn đã có danh sách “{name}”. Chọn tên khác.").format(name=name))
    return name
