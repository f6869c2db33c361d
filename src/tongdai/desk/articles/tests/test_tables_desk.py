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
from tongdai.accounts.models import Role, User
from tongdai.knowledge.lookups import pulling, taking_in
from tongdai.knowledge.models import Draft, LookupRow, LookupTable, State, TableImport

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


def saved(client: Client, table: LookupTable, **changes: object):
    """The editor's form as it stands, changed and sent back."""
    address = f"/ban/kho/bang/{table.slug}/"
    return client.post(address, FORM | {"seen": client.get(address).context["seen"]} | changes)


def deed(client: Client, table: LookupTable, which: str) -> str:
    seen = client.get(f"/ban/kho/bang/{table.slug}/").context["seen"]
    return client.post(f"/ban/kho/table/{table.pk}/viec/", {"deed": which, "seen": seen}, follow=True).content.decode()


def take_in_the_newest() -> None:
    taking_in.take_in(TableImport.objects.latest("pk").pk)


def page_of(table: LookupTable) -> str:
    return Client().get(f"/bang/{table.slug}/", {"q": "le chan"}).content.decode()


def test_a_file_becomes_a_page_once_another_has_approved_it(city: City) -> None:
    writer, reader = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường;Điện thoại\nHồng Phúc;Lê Chân;0225 3842 123\n"))
    deed(reader, table, "approve")
    assert "Chưa công khai được" in deed(reader, table, "publish")  # its file isn't in yet
    take_in_the_newest()
    assert "Hồng Phúc" in reader.get(f"/ban/kho/bang/{table.slug}/").content.decode()  # what she is to approve
    assert "chưa được duyệt" in deed(reader, table, "publish")  # the rows came after she had approved

    assert "Người viết không tự duyệt" in deed(writer, table, "approve")
    deed(reader, table, "approve")
    deed(writer, table, "publish")

    page = page_of(table)
    assert "Hồng Phúc" in page and 'href="tel:+842253842123"' in page and "nhắn THUOC và tên phường" in page


def test_citizens_see_the_old_rows_and_words_until_the_new_are_approved(city: City) -> None:
    writer, reader = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường\nHồng Phúc;Lê Chân\n"))
    take_in_the_newest()
    deed(reader, table, "approve")
    deed(reader, table, "publish")

    saved(writer, table, source="Nguồn khác", file=a_file("Tên;Phường;Giờ\nAn Khang;Lê Chân;cả ngày\n"))
    take_in_the_newest()

    assert "Hồng Phúc" in page_of(table) and "Nguồn khác" not in page_of(table)
    assert "Bảng mới có 1 dòng, chờ duyệt" in reader.get(f"/ban/kho/bang/{table.slug}/").content.decode()
    deed(reader, table, "approve")
    deed(reader, table, "publish")
    page = page_of(table)
    assert "An Khang" in page and "cả ngày" in page and "Nguồn khác" in page and "Hồng Phúc" not in page
    assert [row.name for row in LookupRow.objects.all()] == ["An Khang"]


def test_the_second_of_two_editors_of_a_table_is_told_and_keeps_what_she_typed(city: City) -> None:
    first, second = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(first)
    begun = second.get(f"/ban/kho/bang/{table.slug}/").context["seen"]
    saved(first, table, about="Của người thứ nhất")

    answer = saved(second, table, about="Của người thứ hai", seen=begun)

    assert answer.status_code == 409
    assert "Đỗ Thu Hằng vừa lưu mục này" in answer.content.decode() and "Của người thứ hai" in answer.content.decode()
    assert Draft.objects.get().content["about"] == "Của người thứ nhất"


def test_rows_that_were_fetched_since_the_draft_stay(city: City, pulled: LookupTable) -> None:
    Source.status, Source.kind = 200, "text/csv"
    Source.body = "ten;phuong\nHồng Phúc;Lê Chân\n".encode()
    writer, reader = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    fetch(city, pulled, "2022-02-14 08:00")
    saved(writer, pulled, about="Lời mới", url=pulled.pull["url"], minutes=30)
    Source.body = "ten;phuong\nAn Khang;Lê Chân\n".encode()
    fetch(city, pulled, "2022-02-14 08:30")

    deed(reader, pulled, "approve")
    deed(reader, pulled, "publish")

    assert "An Khang" in page_of(pulled) and "Lời mới" in page_of(pulled)


def test_what_is_no_table_is_refused_and_what_was_typed_stays(city: City) -> None:
    client = signed_in(city.coordinator)
    table = made(client)

    answer = saved(client, table, file=a_file("<html>đăng nhập</html>"))

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "có thể là trang web hay trang đăng nhập" in page and "Sở Y tế" in page
    assert not TableImport.objects.exists()


def test_the_role_of_a_column_is_set_by_the_editor_and_the_file_is_read_again(city: City) -> None:
    client = signed_in(city.coordinator)
    table = made(client)
    saved(client, table, file=a_file("Tên;Ở đâu\nHồng Phúc;Phường Lê Chân\n"))
    take_in_the_newest()
    assert LookupRow.objects.get().place is None

    saved(client, table, **{"role-o_dau": "place", "label-o_dau": "Phường, xã"})
    take_in_the_newest()

    table.refresh_from_db()
    assert table.columns[1] == {"name": "o_dau", "label": "Phường, xã", "role": "place"}
    row = LookupRow.objects.get(generation=table.generation)
    assert row.place is not None and row.place.name == "Lê Chân"


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
