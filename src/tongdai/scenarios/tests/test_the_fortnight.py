"""The demo's last fortnight: of today on whatever day it is opened."""

from datetime import UTC, datetime, timedelta

import pytest

from tongdai.accounts.models import Role, User
from tongdai.cases.models import Case
from tongdai.cases.states import OPEN
from tongdai.directory import snapshot
from tongdai.directory.models import City
from tongdai.directory.places.loading import load_province
from tongdai.scenarios.today import city, fortnight

pytestmark = pytest.mark.django_db


def test_opened_again_days_later_the_days_between_are_lived_too() -> None:
    load_province("31")
    City.objects.update_or_create(pk=1, defaults={"name": "Hải Phòng", "province_code": "31"})
    for role in (Role.COORDINATOR, Role.CALL_TAKER):
        User.objects.create_user(username=role, full_name=role, role=role)
    snapshot.forget()
    topics, wards, _people = city.build()
    first = datetime.now(UTC) - timedelta(days=5)
    fortnight.live(topics, wards, now=first)
    then = set(Case.objects.values_list("pk", flat=True))
    waiting = set(Case.objects.filter(state__in=OPEN).values_list("pk", flat=True))
    assert fortnight.is_of_today(now=first)

    now = datetime.now(UTC)
    assert not fortnight.is_of_today(now=now)
    fortnight.live(topics, wards, now=now)

    assert fortnight.is_of_today(now=now)
    new = Case.objects.exclude(pk__in=then)
    assert not new.filter(received_at__lt=first - timedelta(days=1)).exists()
    assert new.filter(received_at__gt=now - timedelta(hours=2), state__in=OPEN).exists()
    assert Case.objects.filter(pk__in=waiting, answered_at__isnull=False).count() > len(waiting) / 3
    assert not Case.objects.filter(answered_at__gt=now).exists()
