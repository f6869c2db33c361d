"""A city publishes a table: from a file, from an address; what comes instead of a table changes nothing."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.city import City
from tongdai.accounts.models import User
from tongdai.knowledge.lookups import pulling, taking_in
from tongdai.knowledge.models import LookupRow, LookupTable, State, TableImport

pytestmark = pytest.mark.django_db
FORM = {"name": "Nhà thuốc trực đêm", "source": "Sở Y tế", "as_of": "2022-02-14", "keyword": "thuoc"}


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made(client: Client) -> LookupTable:
    client.post("/ban/kho/bang/moi/", {"name": "Nhà thuốc trực đêm"})
    return LookupTable.objects.get()


def a_file(text: str, name: str = "thuoc.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode("utf-8-sig"))


def test_a_file_becomes_a_page_once_it_is_published(city: City) -> None:
    client = signed_in(city.coordinator)
    table = made(client)
    address = f"/ban/kho/bang/{table.slug}/"
    client.post(address, FORM | {"file": a_file("Tên;Phường;Điện thoại\nHồng Phúc;Lê Chân;0225 3842 123\n")})
    assert "Chưa công khai được" in client.post(address + "viec/", {"deed": "publish"}, follow=True).content.decode()
    taking_in.take_in(TableImport.objects.get().pk)

    client.post(address + "viec/", {"deed": "publish"})

    page = Client().get(f"/bang/{table.slug}/", {"q": "le chan"}).content.decode()
    assert "Hồng Phúc" in page and 'href="tel:+842253842123"' in page and "nhắn THUOC và tên phường" in page


def test_what_is_no_table_is_refused_and_what_was_typed_stays(city: City) -> None:
    client = signed_in(city.coordinator)
    table = made(client)

    answer = client.post(f"/ban/kho/bang/{table.slug}/", FORM | {"file": a_file("<html>đăng nhập</html>")})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "có thể là trang web hay trang đăng nhập" in page and "Sở Y tế" in page
    assert not TableImport.objects.exists()


def test_the_role_of_a_column_is_set_by_the_editor(city: City) -> None:
    client = signed_in(city.coordinator)
    table = made(client)
    LookupTable.objects.update(columns=[{"name": "khu", "label": "Khu", "role": "text"}])

    client.post(f"/ban/kho/bang/{table.slug}/", FORM | {"role-khu": "place", "label-khu": "Phường, xã"})

    assert LookupTable.objects.get().columns == [{"name": "khu", "label": "Phường, xã", "role": "place"}]


class Source(http.server.BaseHTTPRequestHandler):
    status, kind, body = 200, "application/json", b"[]"

    def do_GET(self) -> None:
        self.send_response(Source.status)
        self.send_header("Content-Type", Source.kind)
        self.end_headers()
        self.wfile.write(Source.body)

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def pulled(city: City) -> Iterator[LookupTable]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Source)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    table = LookupTable.objects.create(
        slug="thuoc", name="Nhà thuốc", source="Sở Y tế", as_of="2022-02-14", state=State.PUBLISHED,
        updated_at=city.at("2022-02-14 08:00"),
        pull={"url": f"http://127.0.0.1:{server.server_port}/", "minutes": 30, "rows": "data"},
    )  # fmt: skip
    yield table
    server.shutdown()
    server.server_close()


def fetch(city: City, table: LookupTable, at: str) -> LookupTable:
    work = pulling.pull(table, at=city.at(at))
    if work:
        taking_in.take_in(work.pk)
    table.refresh_from_db()
    return table


def test_an_address_is_fetched_on_its_schedule_and_only_a_change_is_taken_in(city: City, pulled: LookupTable) -> None:
    Source.status, Source.kind = 200, "application/json"
    Source.body = json.dumps(
        {"data": [{"ten": "Hồng Phúc", "phuong": "Lê Chân"}, {"ten": "An Khang", "gio": None}]}
    ).encode()
    assert pulling.due(at=city.at("2022-02-14 08:00")) == [pulled]

    fetch(city, pulled, "2022-02-14 08:00")
    fetch(city, pulled, "2022-02-14 08:30")

    assert sorted(LookupRow.objects.values_list("name", flat=True)) == ["An Khang", "Hồng Phúc"]
    assert TableImport.objects.count() == 1
    assert pulling.due(at=city.at("2022-02-14 08:59")) == []
    assert pulling.due(at=city.at("2022-02-14 09:00")) == [pulled]


@pytest.mark.parametrize(
    ("status", "kind", "body", "said"),
    [
        (500, "text/plain", b"oops", "lỗi 500"),
        (200, "text/html", b"<html><form>login</form></html>", "trang đăng nhập"),
        (200, "text/plain", b"  <!DOCTYPE html><title>x", "trang đăng nhập"),
        (200, "application/json", b"{not json", "JSON bị hỏng"),
        (200, "application/json", b'{"data": []}', "danh sách trống"),
        (200, "text/csv", b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_what_comes_instead_of_a_table_leaves_the_old_rows_and_is_told(
    city: City, pulled: LookupTable, status: int, kind: str, body: bytes, said: str
) -> None:
    Source.status, Source.kind = 200, "application/json"
    Source.body = json.dumps({"data": [{"ten": "Hồng Phúc", "phuong": "Lê Chân"}]}).encode()
    fetch(city, pulled, "2022-02-14 08:00")

    Source.status, Source.kind, Source.body = status, kind, body
    table = fetch(city, pulled, "2022-02-14 08:30")

    assert said in table.pull_trouble
    assert LookupRow.objects.get().name == "Hồng Phúc"
    assert said in signed_in(city.coordinator).get("/ban/kho/bang/thuoc/").content.decode()


def test_a_source_that_cannot_be_reached_is_told_so(city: City, pulled: LookupTable) -> None:
    pulled.pull = {"url": "http://127.0.0.1:9/", "minutes": 30}
    assert "Không tới được nguồn" in fetch(city, pulled, "2022-02-14 08:00").pull_trouble
