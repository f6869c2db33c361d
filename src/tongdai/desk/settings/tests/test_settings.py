"""The administrator brings the city in, and lets colleagues in."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.city import City
from tongdai.directory.models import Agency

pytestmark = pytest.mark.django_db
CSV = "code;name\nso-y-te;Sở Y tế\n"


def upload(client: Client, text: str, *, kind: str = "agencies"):
    file = SimpleUploadedFile("bang.csv", text.encode("utf-8-sig"), content_type="text/csv")
    return client.post("/ban/cai-dat/nhap/", {"kind": kind, "file": file, "action": "preview"})


def test_a_file_is_shown_first_and_written_on_a_second_press(city: City, client: Client) -> None:
    client.force_login(city.admin)
    shown = upload(client, CSV).content.decode()
    assert "so-y-te: Sở Y tế" in shown and not Agency.objects.filter(code="so-y-te").exists()
    table = re.search(r'<textarea name="table"[^>]*>(.*?)</textarea>', shown, re.S)
    assert table
    client.post("/ban/cai-dat/nhap/", {"kind": "agencies", "table": table[1], "action": "write"})
    assert Agency.objects.get(code="so-y-te").name == "Sở Y tế"


def test_what_is_wrong_is_told_by_line_and_nothing_is_written(city: City, client: Client) -> None:
    client.force_login(city.admin)
    back = upload(client, "code;name;kind\nso-y-te;Sở Y tế;bộ\n")
    assert back.status_code == 422 and "Dòng 2, cột kind" in back.content.decode()
    assert not Agency.objects.filter(code="so-y-te").exists()


def test_a_table_is_taken_out_as_it_can_be_brought_in(city: City, client: Client) -> None:
    client.force_login(city.admin)
    got = client.get("/ban/cai-dat/xuat/agencies.csv")
    assert got.headers["Content-Disposition"] == 'attachment; filename="agencies.csv"'
    shown = upload(client, got.content.decode("utf-8-sig")).content.decode()
    assert f"0 mới, 0 đổi, {Agency.objects.count()} giữ nguyên" in shown
    assert client.get("/ban/cai-dat/xuat/passwords.csv").status_code == 404


def test_settings_are_the_administrators_alone(city: City, client: Client) -> None:
    for user in (city.coordinator, city.call_taker, city.leader, city.inspector):
        client.force_login(user)
        assert client.get("/ban/cai-dat/").status_code == 403
        assert upload(client, CSV).status_code == 403
        assert client.get("/ban/cai-dat/xuat/staff.csv").status_code == 403
