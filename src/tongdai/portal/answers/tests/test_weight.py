"""The pages that everybody opens stay light however much the city knows."""

from __future__ import annotations

import brotli
import pytest
from django.test import Client

from tests.city import City
from tongdai.knowledge.models import Procedure, State

pytestmark = pytest.mark.django_db


def test_two_thousand_procedures_weigh_little_and_are_not_sent_twice(city: City) -> None:
    day_began = city.at("2022-02-01 08:00")
    day = day_began.date()
    name = "Thủ tục cấp lại giấy chứng nhận đủ điều kiện kinh doanh dịch vụ số {} theo Nghị định của Chính phủ"
    Procedure.objects.bulk_create(
        Procedure(
            code=f"9.{n:06}",
            name=name.format(n),
            field=f"Lĩnh vực {n % 80}",
            state=State.PUBLISHED,
            valid_from=day,
            updated_at=day_began,
        )
        for n in range(2000)
    )
    client = Client(headers={"Accept-Encoding": "br"})
    page = client.get("/tra-loi/")
    words = brotli.decompress(page.content).decode()
    assert len(words) < 40_000 and len(page.content) < 8_000 and "Lĩnh vực 79" in words
    assert client.get("/tra-loi/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
    one = brotli.decompress(client.get("/tra-loi/", {"linh-vuc": "Lĩnh vực 7"}).content).decode()
    assert one.count('href="/thu-tuc/9.') == 25 and len(one) < 20_000
