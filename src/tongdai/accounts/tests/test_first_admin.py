"""The first administrator's link lives until there is one."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tongdai.accounts import first_admin, invitations, people
from tongdai.accounts.models import Invitation, Role, User
from tongdai.platform.clock import now

pytestmark = pytest.mark.django_db
FORM = {"full_name": "Phạm Minh Đức", "username": "quan-tri", "password": "ghế tre phơi nắng"}


def printed() -> str:
    found = re.search(r"/ban/khoi-dau/\S+", first_admin.invitation())
    return found[0] if found else ""


def test_the_link_still_works_when_staff_were_imported_first() -> None:
    link = printed()
    people.add(username="hang", full_name="Đỗ Thu Hằng", role=Role.COORDINATOR, agency=None)
    people.add(username="duc", full_name="Đức, chưa có mật khẩu", role=Role.ADMIN, agency=None)
    assert printed(), "nobody who can come in: another is printed at the next start"
    assert Client().get(link).status_code == 200
    assert Client().post(link, FORM).status_code == 302
    assert User.objects.get(username="quan-tri").role == Role.ADMIN


def test_every_printed_link_ends_with_the_first_administrator() -> None:
    links = [printed(), printed()]
    assert Client().post(links[1], FORM).status_code == 302
    assert [Client().get(link).status_code for link in links] == [410, 410]
    assert printed() == ""


def test_it_is_as_good_after_a_month() -> None:
    token = invitations.issue(None, expires_at=None)
    made = first_admin.become(token, at=now() + timedelta(days=30), **FORM)
    assert made.role == Role.ADMIN


def test_a_link_of_the_command_makes_another_administrator_for_three_days() -> None:
    first_admin.become(invitations.issue(None, expires_at=None), at=now(), **FORM)
    token = invitations.issue(None, expires_at=now() + invitations.GOOD_FOR)
    with pytest.raises(invitations.InvitationSpent):
        first_admin.become(token, at=now() + timedelta(days=4), **(FORM | {"username": "hai"}))
    assert first_admin.become(token, at=now(), **(FORM | {"username": "hai"})).role == Role.ADMIN
    assert Invitation.objects.filter(used_at=None).count() == 0


def test_a_password_like_ones_own_new_name_is_refused() -> None:
    answer = Client().post(printed(), FORM | {"password": "PhamMinhDuc2024"})
    assert answer.status_code == 422 and "dễ đoán" in answer.content.decode()
