"""What a probe is told, whatever name it asks by."""

from __future__ import annotations

import pytest
from django.test import Client

from tongdai.platform.monitoring import health

pytestmark = pytest.mark.django_db


def test_a_probe_by_address_is_answered_where_only_the_citys_name_is_allowed(settings) -> None:
    settings.ALLOWED_HOSTS = ["1022.haiphong.gov.vn"]
    assert Client(headers={"Host": "10.20.0.4:8022"}).get("/readyz").json() == {"status": "ready"}
    assert Client(headers={"Host": "10.20.0.4:8022"}).get("/healthz").status_code == 200
    refused = Client(headers={"Host": "10.20.0.4:8022"}).get("/")
    assert refused.status_code == 400 and "Trang này không đọc được" in refused.content.decode()


def test_a_full_disk_is_said_by_readyz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LITTLE", 2**62)
    answer = Client().get("/readyz")
    assert answer.status_code == 503 and answer.json()["missing"] == "disk"
