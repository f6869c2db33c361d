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

from tests.city import HONG_BANG, City
from tongdai.accounts.models import Role, User
from tongdai.knowledge.lookups import scheduled_fetch, table_import
from tongdai.knowledge.models import Draft, LookupRow, LookupTable, State, TableImport

pytestmark = pytest.mark.django_db
FORM = {"name": "Nhà thuốc trực đêm", "source": "Sở Y tế", "as_of": "2022-02-14", "keyword": "thuoc"}


@pytest.fixture(autouse=True)
def stored_apart(tmp_path: Path, settings) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    settings.OUTGOING_INSIDE = ["127.0.0.1"]  # where the source of these tests stands


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


def action(client: Client, table: LookupTable, which: str) -> str:
    seen = client.get(f"/ban/kho/bang/{table.slug}/").context["seen"]
    return client.post(
        f"/ban/kho/table/{table.pk}/viec/", {"action": which, "seen": seen}, follow=True
    ).content.decode()


def take_in_the_newest() -> None:
    table_import.take_in(TableImport.objects.latest("pk").pk)


def page_of(table: LookupTable) -> str:
    return Client().get(f"/bang/{table.slug}/", {"q": "le chan"}).content.decode()


def test_a_file_becomes_a_page_once_another_has_approved_it(city: City) -> None:
    writer, reader = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường;Điện thoại\nHồng Phúc;Lê Chân;0225 3842 123\n"))
    action(reader, table, "approve")
    assert "Chưa công khai được" in action(reader, table, "publish")  # its file isn't in yet
    take_in_the_newest()
    assert "Hồng Phúc" in reader.get(f"/ban/kho/bang/{table.slug}/").content.decode()  # what she is to approve
    assert "chưa được duyệt" in action(reader, table, "publish")  # the rows came after she had approved

    assert "Người viết không tự duyệt" in action(writer, table, "approve")
    action(reader, table, "approve")
    action(writer, table, "publish")

    page = page_of(table)
    assert "Hồng Phúc" in page and 'href="tel:+842253842123"' in page and "nhắn THUOC và tên phường" in page


def test_citizens_see_the_old_rows_and_words_until_the_new_are_approved(city: City) -> None:
    writer, reader = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường\nHồng Phúc;Lê Chân\n"))
    take_in_the_newest()
    action(reader, table, "approve")
    action(reader, table, "publish")

    saved(writer, table, source="Nguồn khác", file=a_file("Tên;Phường;Giờ\nAn Khang;Lê Chân;cả ngày\n"))
    take_in_the_newest()

    assert "Hồng Phúc" in page_of(table) and "Nguồn khác" not in page_of(table)
    assert "Bảng mới có 1 dòng, chờ duyệt" in reader.get(f"/ban/kho/bang/{table.slug}/").content.decode()
    action(reader, table, "approve")
    action(reader, table, "publish")
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

    action(reader, pulled, "approve")
    action(reader, pulled, "publish")

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


def test_a_table_called_moi_has_a_page_of_its_own(city: City) -> None:
    client = signed_in(city.coordinator)
    for slug in ("moi-2", "moi-3"):
        answer = client.post("/ban/kho/bang/moi/", {"name": "Mới"})
        assert answer.headers["Location"] == f"/ban/kho/bang/{slug}/"
        assert client.get(answer.headers["Location"]).status_code == 200


def test_the_sender_goes_on_writing_while_her_file_comes_in(city: City) -> None:
    writer = signed_in(city.coordinator)
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường;Giờ\nHồng Phúc;Lê Chân;cả ngày\n"))
    before = writer.get(f"/ban/kho/bang/{table.slug}/").context["seen"]
    take_in_the_newest()

    assert saved(writer, table, about="Viết tiếp", seen=before, **{"label-gio": "Giờ mở"}).status_code == 302

    held = Draft.objects.get().content
    assert held["about"] == "Viết tiếp" and held["generation"] == 1 and "came_onto" not in held
    assert [each["label"] for each in held["columns"]] == ["Tên", "Phường", "Giờ mở"]
    assert saved(writer, table, about="Từ trang cũ", seen=before).status_code == 409  # by now she has saved it herself


def test_another_who_had_the_page_open_is_told_of_the_file(city: City) -> None:
    writer, other = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường\nHồng Phúc;Lê Chân\n"))
    before = other.get(f"/ban/kho/bang/{table.slug}/").context["seen"]
    take_in_the_newest()

    assert saved(other, table, about="Của người khác", seen=before).status_code == 409


@pytest.mark.parametrize("word", ["hs", "TTHC", "hoi", "tc", "tra", "ok", "status", "1022", "HD"])
def test_a_word_the_hotline_uses_names_no_table(city: City, word: str) -> None:
    client = signed_in(city.coordinator)
    answer = saved(client, made(client), keyword=word)
    assert answer.status_code == 422 and "đã dùng cho việc khác" in answer.content.decode()


def test_a_word_names_one_table(city: City) -> None:
    client = signed_in(city.coordinator)
    first = made(client)
    assert saved(client, first).status_code == 302
    client.post("/ban/kho/bang/moi/", {"name": "Bảng khác"})

    answer = saved(client, LookupTable.objects.exclude(pk=first.pk).get(), name="Bảng khác")

    assert answer.status_code == 422 and "“Nhà thuốc trực đêm” đã dùng từ khóa này" in answer.content.decode()
    assert saved(client, first, about="Chữ khác").status_code == 302


def test_two_columns_do_not_say_the_same_of_a_row(city: City) -> None:
    client = signed_in(city.coordinator)
    table = made(client)
    saved(client, table, file=a_file("Tên;Phường;Ghi chú\nHồng Phúc;Lê Chân;x\n"))
    take_in_the_newest()

    answer = saved(client, table, **{"role-ghi_chu": "place"}, about="Chữ vừa gõ")

    page = answer.content.decode()
    assert answer.status_code == 422 and "cùng là “phường, xã”" in page and "Chữ vừa gõ" in page
    assert [each["role"] for each in Draft.objects.get().content["columns"]] == ["name", "place", "text"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Tệp trống"),
        ("Tên;Phường\n", "chỉ có dòng tên cột"),
        ("\n<!-- x -->\n<!doctype html><p>a;b", "có thể là trang web hay trang đăng nhập"),
    ],
)
def test_a_file_with_nothing_in_it_is_refused_in_words(city: City, text: str, said: str) -> None:
    client = signed_in(city.coordinator)
    answer = saved(client, made(client), file=a_file(text))
    assert answer.status_code == 422 and said in answer.content.decode()


def test_a_table_without_rows_is_not_published(city: City) -> None:
    writer, reader = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường\nHồng Phúc;Lê Chân\n"))
    take_in_the_newest()
    LookupRow.objects.all().delete()
    action(reader, table, "approve")

    assert "Chưa công khai được" in action(reader, table, "publish")


class Source(http.server.BaseHTTPRequestHandler):
    status, kind, body, elsewhere = 200, "application/json", b"[]", ""
    asked = 0

    def do_GET(self) -> None:
        Source.asked += 1
        self.send_response(Source.status)
        self.send_header("Content-Type", Source.kind)
        if Source.elsewhere:
            self.send_header("Location", Source.elsewhere)
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
    Source.elsewhere, Source.asked = "", 0
    yield table
    Source.elsewhere = ""
    server.shutdown()
    server.server_close()


def fetch(city: City, table: LookupTable, at: str) -> LookupTable:
    work = scheduled_fetch.fetch(table, at=city.at(at))
    if work:
        table_import.take_in(work.pk)
    table.refresh_from_db()
    return table


def test_an_address_is_fetched_on_its_schedule_and_only_a_change_is_taken_in(city: City, pulled: LookupTable) -> None:
    Source.status, Source.kind = 200, "application/json"
    Source.body = json.dumps(
        {"data": [{"ten": "Hồng Phúc", "phuong": "Lê Chân"}, {"ten": "An Khang", "gio": None}]}
    ).encode()
    assert scheduled_fetch.due(at=city.at("2022-02-14 08:00")) == [pulled]

    fetch(city, pulled, "2022-02-14 08:00")
    fetch(city, pulled, "2022-02-14 08:30")

    assert sorted(LookupRow.objects.values_list("name", flat=True)) == ["An Khang", "Hồng Phúc"]
    assert TableImport.objects.count() == 1
    assert scheduled_fetch.due(at=city.at("2022-02-14 08:59")) == []
    assert scheduled_fetch.due(at=city.at("2022-02-14 09:00")) == [pulled]


@pytest.mark.parametrize(
    ("status", "kind", "body", "said"),
    [
        (500, "text/plain", b"oops", "lỗi 500"),
        (200, "text/html", b"<html><form>login</form></html>", "trang đăng nhập"),
        (200, "text/plain", b"  <!DOCTYPE html><title>x", "trang đăng nhập"),
        (200, "application/json", b"{not json", "JSON bị hỏng"),
        (200, "application/json", b"[" * 200_000, "JSON bị hỏng"),
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


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"])
def test_nothing_of_the_inner_network_is_fetched(city: City, pulled: LookupTable, settings, host: str) -> None:
    settings.OUTGOING_INSIDE = []
    pulled.pull = pulled.pull | {"url": pulled.pull["url"].replace("127.0.0.1", host)}

    assert "mạng nội bộ" in fetch(city, pulled, "2022-02-14 08:00").pull_trouble
    assert Source.asked == 0


def test_a_redirect_into_the_inner_network_is_not_followed(city: City, pulled: LookupTable) -> None:
    Source.status, Source.elsewhere = 302, pulled.pull["url"].replace("127.0.0.1", "127.0.0.2")

    assert "mạng nội bộ (127.0.0.2)" in fetch(city, pulled, "2022-02-14 08:00").pull_trouble
    assert Source.asked == 1


def test_an_inner_address_is_told_when_it_is_written(city: City, settings) -> None:
    settings.OUTGOING_INSIDE = []
    client = signed_in(city.coordinator)
    table = made(client)
    for url in ("http://169.254.169.254/latest/", "http://localhost:5432/", "http://[::1]/x"):
        answer = saved(client, table, url=url)
        assert answer.status_code == 422 and "mạng nội bộ" in answer.content.decode()
    assert not Draft.objects.exists()


def test_an_address_nobody_has_approved_is_fetched_by_no_schedule_and_by_no_officer(
    city: City, pulled: LookupTable
) -> None:
    Source.status, Source.kind, Source.body = 200, "text/csv", "ten;phuong\nHồng Phúc;Lê Chân\n".encode()
    LookupTable.objects.update(state=State.DRAFT)
    assert scheduled_fetch.due(at=city.at("2022-02-14 08:00")) == []

    officer, approver = signed_in(city.officer(HONG_BANG)), signed_in(city.coordinator)
    page = officer.get("/ban/kho/bang/thuoc/").content.decode()
    assert "Lấy ngay" not in page
    told = officer.post("/ban/kho/bang/thuoc/lay/", follow=True).content.decode()
    assert "Địa chỉ chưa được duyệt" in told and Source.asked == 0

    assert "Lấy ngay" in approver.get("/ban/kho/bang/thuoc/").content.decode()
    approver.post("/ban/kho/bang/thuoc/lay/")
    assert Source.asked == 1


def test_a_table_of_counters_is_said_to_be_one_and_the_draft_holds_it(city: City) -> None:
    writer, reader = signed_in(city.coordinator), signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    table = made(writer)
    saved(writer, table, file=a_file("Tên;Phường\nMột cửa Lê Chân;Lê Chân\n"))
    take_in_the_newest()
    action(reader, table, "approve")
    action(reader, table, "publish")

    saved(writer, table, lists_counters="on")

    assert not LookupTable.objects.get().lists_counters
    field = writer.get(f"/ban/kho/bang/{table.slug}/").content.decode().partition('name="lists_counters"')[2]
    assert " checked" in field.partition(">")[0]
    action(reader, table, "approve")
    action(reader, table, "publish")
    assert LookupTable.objects.get().lists_counters
