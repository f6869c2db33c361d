"""The city's people: added, moved, and out. Whoever is out is out at once, wherever they are.

The rooms above hear of it in the same transaction (`registry.person_changed`): the telephone takes the line away.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdai.audit.entries import record
from tongdai.audit.models import Kind
from tongdai.directory.models import Agency
from tongdai.directory.registry import Use
from tongdai.language.text import fold
from tongdai.platform.clock import day_of

from . import registry
from .models import DutyShift, User
from .rights import BELONGS_TO_AGENCY, KEEPS_PEOPLE
from .sign_in import second_factor, sessions

FIELDS = ("full_name", "role", "agency", "phone", "email")


class PeopleRefused(Exception):
    """It isn't done; `str()` says why, to the person who asked."""


@transaction.atomic
def add(*, username: str, full_name: str, role: str, agency: Agency | None, phone: str = "", email: str = "") -> User:
    """A new colleague, who comes in by a one-time link (invitations.py).

    Raises:
        PeopleRefused: this role belongs to an agency, and none is named; or somebody has this user name.
    """
    _check_agency(role, agency)
    if User.objects.filter(username__iexact=username).exists():
        raise PeopleRefused(_("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."))
    made = User.objects.create_user(
        username, None, full_name=full_name, role=role, agency=agency, phone=phone, email=email
    )
    record(Kind.PEOPLE, "added", subject=made.pk, detail=_codes(made))
    return made


@transaction.atomic
def change(person: User, **values: object) -> list[str]:
    """Another name, role, agency, number or address; which of them differ. What they see changes with the next look.

    Raises:
        PeopleRefused: nobody would be left to let people in, or the role needs an agency.
    """
    row = _locked(person)
    differs = [name for name in FIELDS if name in values and getattr(row, name) != values[name]]
    if not differs:
        return []
    before, codes = row.role, _codes(row)
    for name in differs:
        setattr(row, name, values[name])
    _check_agency(row.role, row.agency)
    if "email" in differs:
        EmailAddress.objects.filter(user=row).delete()  # the old one resets no password any more
    if before in KEEPS_PEOPLE and row.role not in KEEPS_PEOPLE:
        _somebody_is_left(row)
    row.save(update_fields=differs)
    moved = {name: [codes[name], now] for name, now in _codes(row).items() if codes[name] != now}
    record(Kind.PEOPLE, "changed", subject=row.pk, detail={**moved, "fields": differs})
    _notify(row)
    return differs


@transaction.atomic
def deactivate(person: User, *, by: User | None) -> User:
    """Out within a second: sessions, live streams, telephone, password, links, second factor. What they did stays theirs.

    Raises:
        PeopleRefused: it is oneself, or the last who lets people in.
    """
    row = _locked(person)
    if by is not None and by.pk == row.pk:
        raise PeopleRefused(_("Bạn không tự ngừng tài khoản của mình được. Hãy nhờ một quản trị viên khác."))
    if row.role in KEEPS_PEOPLE:
        _somebody_is_left(row)
    row.is_active = False
    row.set_unusable_password()  # the sessions that nobody listed end by this
    row.save(update_fields=["is_active", "password"])
    row.invitations.filter(used_at=None).delete()
    second_factor.take_away(row)
    sessions.end_all(row)
    record(Kind.PEOPLE, "deactivated", subject=row.pk)
    _notify(row)
    return row


@transaction.atomic
def bring_back(person: User) -> User:
    """At work again; they come in by a new one-time link."""
    row = _locked(person)
    row.is_active = True
    row.save(update_fields=["is_active"])
    record(Kind.PEOPLE, "brought_back", subject=row.pk)
    _notify(row)
    return row


@transaction.atomic
def forget_second_factor(person: User) -> None:
    """The telephone is lost: it is set up anew at the next sign-in, and whoever holds the old one is out."""
    second_factor.take_away(person)
    record(Kind.PEOPLE, "factor_forgotten", subject=person.pk)
    sessions.end_all(person)
    sessions.notify_viewers([person.pk])


def _codes(person: User) -> dict[str, str | None]:
    """What the record says of a member of staff: role and agency, by their codes."""
    return {"role": person.role, "agency": person.agency.code if person.agency else None}


def check_email(text: str, *, username: str) -> str:
    """The address in small letters, empty where there is none.

    Raises:
        PeopleRefused: it is none, or another person's.
    """
    email = text.strip().lower()
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise PeopleRefused(_("Địa chỉ thư chưa đúng. Ví dụ: ten@haiphong.gov.vn")) from wrong
    if User.objects.filter(email__iexact=email).exclude(username=username).exists():
        raise PeopleRefused(_("Địa chỉ thư này đã là của một người khác."))
    return email


def find(words: str = "", *, role: str = "", agency: int | None = None, state: str = "") -> list[User]:
    """Those whose name, user name, number or agency holds every word, accents or none. `state`: active, out, or both."""
    people = User.objects.select_related("agency").order_by("-is_active", "full_name", "pk")
    if state:
        people = people.filter(is_active=state == "active")
    if role:
        people = people.filter(role=role)
    if agency:
        people = people.filter(agency=agency)
    wanted = fold(words).split()
    return [person for person in people if all(word in _text_of(person) for word in wanted)]


def shifts_ahead(person: User, *, at: datetime) -> QuerySet[DutyShift]:
    """Shifts of theirs that go on or are to come: without them, somebody else is to be put there."""
    once = Q(to_at__gt=at)
    weekly = Q(to_at=None) & (Q(valid_to=None) | Q(valid_to__gte=day_of(at)))
    return person.duty_shifts.filter(once | weekly).order_by("pk")


def at_agencies(ids: Collection[int]) -> dict[int, Use]:
    """How many people work for each of these agencies; one that ends leaves none of them without."""
    active = User.objects.filter(agency__in=ids, is_active=True).values("agency").annotate(n=Count("pk")).order_by()
    return {
        row["agency"]: Use(
            row["n"],
            ngettext("{n} cán bộ đang làm việc", "{n} cán bộ đang làm việc", row["n"]).format(n=row["n"]),
            _("chuyển cán bộ sang cơ quan khác hoặc ngừng tài khoản"),
        )
        for row in active
    }


def _text_of(user: User) -> str:
    return fold(f"{user.full_name} {user.username} {user.phone} {user.email} {user.agency or ''}")


def _check_agency(role: str, agency: Agency | None) -> None:
    if role in BELONGS_TO_AGENCY and agency is None:
        raise PeopleRefused(_("Vai trò này làm việc cho một cơ quan: hãy chọn cơ quan."))


def _somebody_is_left(row: User) -> None:
    others = User.objects.filter(role__in=KEEPS_PEOPLE, is_active=True).exclude(pk=row.pk)
    if not any(each.has_usable_password() for each in others):
        raise PeopleRefused(_("Đây là quản trị viên cuối cùng vào được. Hãy thêm một quản trị viên khác trước."))


def _locked(person: User) -> User:
    """The row, nobody else's to change meanwhile: two who let each other go at once are taken one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('tongdai.accounts.people', 1022))")
    return User.objects.select_for_update(of=("self",)).select_related("agency").get(pk=person.pk)


def _notify(row: User) -> None:
    for follow in registry.person_changed.all():
        follow(row)
    sessions.notify_viewers([row.pk])
