"""Editors: what found nothing becomes an alias, a doubt is settled, and nobody approves what she wrote."""

from __future__ import annotations

import http.server
import threading
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, LE_CHAN, City
from tests.reading import read
from tongdai.accounts.models import Role, User
from tongdai.knowledge.answers import publishing, versions
from tongdai.knowledge.answers.plain_text import official_of
from tongdai.knowledge.editing import dead_links
from tongdai.knowledge.importing.procedures import imports, submissions
from tongdai.knowledge.importing.procedures.files import SHAPES
from tongdai.knowledge.models import Article, Draft, Inquiry, Procedure, ProcedureImport, State, Version

pytestmark = pytest.mark.django_db
WRITTEN = {"name", "summary", "agency", "place", "requirements", "steps", "papers", "ways", "result", "legal_basis",
           "decision", "troubles", "owner_id", "review_by", "valid_to", "aliases"}  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, row: Procedure | Article) -> dict[str, object]:
    """The editor's form as it stands, to be changed and sent back."""
    form = client.get(f"/ban/kho/{row.KIND}/{row.pk}/").context["form"]
    return {
        name: form[name].value() if form[name].value() is not None else "" for name in form.fields if name != "settled"
    }


def published(reader: Client, row: Procedure | Article) -> None:
    """The reader approves what she sees, and publishes it."""
    page = f"/ban/kho/{row.KIND}/{row.pk}/"
    for action in ("approve", "publish"):
        reader.post(f"{page}viec/", {"action": action, "seen": reader.get(page).context["seen"]})


def saved(client: Client, row: Procedure | Article, **changes: object):
    return client.post(f"/ban/kho/{row.KIND}/{row.pk}/", opened(client, row) | changes)


def test_what_found_nothing_is_listed_and_leads_to_a_procedure_from_then_on(knowing: City) -> None:
    citizen, editor = Client(), signed_in(knowing.coordinator)
    asked = "xin tờ giấy hồng hạnh phúc"
    assert "Chưa có câu trả lời sẵn" in citizen.post("/tim/", {"q": asked}).content.decode()
    assert "xin to giay hong hanh phuc" in editor.get("/ban/kho/").content.decode()

    editor.post("/ban/kho/tim-khong-ra/", {"question": "xin to giay hong hanh phuc", "code": "1.000894"})

    assert "Đăng ký kết hôn" in citizen.post("/tim/", {"q": asked}).content.decode()
    assert "xin to giay hong hanh phuc" not in editor.get("/ban/kho/").content.decode()


def test_a_part_that_is_asked_for_and_not_recorded_is_listed_with_how_often(knowing: City) -> None:
    Procedure.objects.filter(code="1.000894").update(result="", plain={})
    citizen, editor = Client(), signed_in(knowing.coordinator)
    for _each in range(2):
        page = citizen.post("/tim/", {"q": "đăng ký kết hôn xong thì được giấy gì"}).content.decode()
        assert "Chưa có kết quả trong kho" in page and "1022" in page

    listed = editor.get("/ban/kho/").content.decode().split('id="gaps"')[1].split("</section>")[0]

    assert "Đăng ký kết hôn" in listed and "kết quả" in listed and "2 lần" in listed


def test_a_draft_is_unseen_until_another_has_approved_and_it_is_published(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    writer, reader = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))

    saved(writer, row, summary="Lời mới của thành phố.")
    assert "Lời mới" not in Client().get("/thu-tuc/1.000894/").content.decode()
    published(writer, row)
    assert Draft.objects.get().approved_by is None  # nobody approves her own words

    published(reader, row)

    assert "Lời mới của thành phố." in Client().get("/thu-tuc/1.000894/").content.decode()
    assert not Draft.objects.exists()
    assert Version.objects.get().content["summary"] != "Lời mới của thành phố."


def test_whoever_approves_sees_what_the_draft_changes_line_by_line(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    writer, reader = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    steps = [*row.steps[:-1], "Ký vào sổ và nhận hai bản."]
    saved(writer, row, summary="Lời mới của thành phố.", steps="\n".join(steps))

    told = reader.get(f"/ban/kho/procedure/{row.pk}/").context["changes"]

    assert [(each.gone, each.new) for each in told] == [
        ((row.summary,), ("Lời mới của thành phố.",)),
        ((row.steps[-1],), ("Ký vào sổ và nhận hai bản.",)),
    ]


def test_only_what_the_approver_has_read_is_approved(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    page = f"/ban/kho/procedure/{row.pk}/"
    writer, reader = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    saved(writer, row, summary="Lời đã đọc.")
    read = reader.get(page).context["seen"]
    saved(writer, row, summary="Lời chưa ai đọc.")

    told = reader.post(f"{page}viec/", {"action": "approve", "seen": read}, follow=True).content.decode()

    assert "Đỗ Thu Hằng vừa lưu mục này" in told
    assert Draft.objects.get().approved_by is None


def test_an_earlier_version_is_brought_back_through_a_draft(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    before = row.summary
    writer, reader = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    page = f"/ban/kho/procedure/{row.pk}/"
    saved(writer, row, summary="Lời mới, mà sai.")
    published(reader, row)

    shown = writer.get(page)
    writer.post(
        f"{page}viec/", {"action": "restore", "version": Version.objects.get().version, "seen": shown.context["seen"]}
    )
    assert "Lời mới, mà sai." in Client().get("/thu-tuc/1.000894/").content.decode()  # a draft, until it is approved
    published(reader, row)

    row.refresh_from_db()
    assert (row.summary, row.state) == (before, State.PUBLISHED)
    assert writer.post(f"{page}viec/", {"action": "restore", "version": "x"}).status_code == 404


def test_editors_are_reminded_of_what_is_to_be_looked_at_again(knowing: City) -> None:
    Procedure.objects.filter(code="1.000894").update(review_by="2022-01-01", owner=knowing.agencies[LE_CHAN])
    words = "1 câu trả lời cần rà soát"

    assert words in signed_in(knowing.coordinator).get("/ban/kho/").content.decode()
    assert words in signed_in(knowing.officer(LE_CHAN)).get("/ban/").content.decode()
    assert words not in signed_in(knowing.officer(HONG_BANG)).get("/ban/").content.decode()


def test_what_an_unapproved_draft_says_is_not_published(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    editor = signed_in(knowing.coordinator)
    saved(editor, row, summary="Lời vội.")

    page = editor.post(f"/ban/kho/procedure/{row.pk}/viec/", {"action": "publish"}, follow=True).content.decode()

    assert "chưa được duyệt" in page
    row.refresh_from_db()
    assert row.summary != "Lời vội."


def test_the_second_of_two_editors_is_told_and_keeps_what_she_typed(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    first, second = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    begun = opened(second, row)
    saved(first, row, summary="Bản của người thứ nhất.")

    answer = second.post(f"/ban/kho/procedure/{row.pk}/", begun | {"summary": "Bản của người thứ hai."})

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Đỗ Thu Hằng vừa lưu mục này" in page and "Bản của người thứ hai." in page
    assert Draft.objects.get().content["summary"] == "Bản của người thứ nhất."


def test_a_doubt_is_settled_by_who_has_read_the_source(knowing: City) -> None:
    row = Procedure.objects.get(code="1.001193")
    Procedure.objects.filter(pk=row.pk).update(troubles=[{"at": "fee", "what": "Miễn phí(Mức do HĐND quyết định)"}])
    writer, reader = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    assert "Mức do HĐND quyết định" in writer.get(f"/ban/kho/procedure/{row.pk}/").content.decode()

    saved(writer, row, settled=["fee"], ways="trực tiếp | 1 ngày làm việc | Theo nghị quyết của HĐND thành phố")
    published(reader, row)

    fee = Client().get("/thu-tuc/1.001193/").content.decode().split('id="fee"')[1].split("</div>")[0]
    assert "Theo nghị quyết của HĐND thành phố" in fee


@pytest.mark.parametrize(
    ("papers", "said"),
    [
        ("Tờ khai | một | 0", "Dòng 1: số bản phải là chữ số"),
        ("Tờ khai | ² | 0", "Dòng 1: số bản phải là chữ số"),
        ("Ảnh | 1 | 0\nTờ khai | 1 | 99999999999999999999", "Dòng 2: số bản phải là chữ số, nhiều nhất ba chữ số"),
        ("| 1 | 0", "Dòng 1: bắt đầu bằng tên giấy tờ"),
        ("|||", "Dòng 1: bắt đầu bằng tên giấy tờ"),
        ("Tờ khai; 1; 0", "các phần cách nhau bằng dấu |"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_typed_is_lost(knowing: City, papers: str, said: str) -> None:
    row = Procedure.objects.get(code="1.000894")
    answer = saved(signed_in(knowing.coordinator), row, papers=papers, summary="Chữ vừa gõ")

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page and papers in page and "Chữ vừa gõ" in page
    assert not Draft.objects.exists()


def test_what_is_saved_unchanged_says_what_it_said(knowing: City) -> None:
    editor, rows = signed_in(knowing.coordinator), list(Procedure.objects.all())
    for row in rows:
        before = versions.content_of(row)
        assert saved(editor, row).status_code == 302, row
        for part, names in SHAPES.items():  # a part that isn't there says nothing
            before[part] = [dict.fromkeys(names, "") | each for each in before[part]]
        assert Draft.objects.get(row=row.pk).content == {name: before[name] for name in before if name in WRITTEN}
    assert len(rows) == 42
    limit = "20 ngày; nhà ở riêng lẻ: 15 ngày"  # `;` stands in what people read
    held = Draft.objects.get(row=Procedure.objects.get(code="1.013225").pk)
    assert limit in {way["time_limit"] for way in held.content["ways"]}


def test_an_answered_case_becomes_an_article_that_citizens_find(knowing: City) -> None:
    case = knowing.answered(
        "Nhà tôi muốn nuôi ong trong vườn có được không?", answer_text="Được, cách nhà bên năm mét."
    )
    officer = signed_in(knowing.officer(HONG_BANG))
    officer.post("/ban/kho/hoi-dap/moi/", {"case": case.code})
    row = Article.objects.get(key=f"case-{case.pk}")
    assert (row.state, row.answer, str(row.owner)) == (State.DRAFT, "Được, cách nhà bên năm mét.", HONG_BANG)
    assert Client().get(f"/hoi-dap/{row.pk}/").status_code == 404

    saved(officer, row, question="Nuôi ong trong vườn nhà có được không?", aliases="nuôi ong\nthả ong trong vườn")
    published(signed_in(knowing.coordinator), row)

    page = Client().post("/tim/", {"q": "nuoi ong trong vuon"}).content.decode()
    assert "Nuôi ong trong vườn nhà có được không?" in page


def test_an_officer_edits_only_what_is_his_agencys(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    Procedure.objects.filter(pk=row.pk).update(owner=knowing.agencies[LE_CHAN])

    assert signed_in(knowing.officer(HONG_BANG)).get(f"/ban/kho/procedure/{row.pk}/").status_code == 404
    assert signed_in(knowing.officer(LE_CHAN)).get(f"/ban/kho/procedure/{row.pk}/").status_code == 200
    assert signed_in(knowing.call_taker).get("/ban/kho/").status_code == 403


def test_what_is_withdrawn_is_told_to_nobody(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    signed_in(knowing.coordinator).post(f"/ban/kho/procedure/{row.pk}/viec/", {"action": "withdraw"})

    assert Client().get("/thu-tuc/1.000894/").status_code == 404
    told = Client().post("/tim/goi-y/", {"q": "đăng ký kết hôn"}).json()["answers"]
    assert "Đăng ký kết hôn" not in [each["title"] for each in told]


def test_an_editor_is_warned_of_days_past_and_of_a_missing_law(knowing: City) -> None:
    row = Article.objects.first()
    said = {"answer": "Giảm phí đến hết ngày 31.12.2021.", "legal_basis": ""}

    found = publishing.warnings(row, said, today=knowing.at("2022-02-14 08:00").date())

    assert found == ["Chưa ghi căn cứ pháp lý.", "Nhắc đến một ngày đã qua: “đến hết ngày 31.12.2021”."]


def test_a_number_in_a_question_is_blotted_out(knowing: City) -> None:
    Client().post("/tim/", {"q": "số 0912 345 678 của ai, căn cước 031090001234"})

    assert Inquiry.objects.get().question == "so # cua ai, can cuoc #"


def test_a_word_of_the_citys_is_understood_from_then_on_and_can_be_let_go(knowing: City) -> None:
    editor, citizen = signed_in(knowing.coordinator), Client()
    word = {"kind": "synonym", "written": "giấy hạnh phúc", "meanings": "đăng ký kết hôn"}
    editor.post("/ban/kho/tu-ngu/luu/", word)
    assert "giấy hạnh phúc" in editor.get("/ban/kho/tu-ngu/", {"q": "hạnh"}).content.decode()
    assert "Đăng ký kết hôn" in citizen.post("/tim/", {"q": "giấy hạnh phúc"}).content.decode()

    editor.post("/ban/kho/tu-ngu/luu/", word | {"meanings": ""})

    assert "Đăng ký kết hôn" not in citizen.post("/tim/", {"q": "giấy hạnh phúc"}).content.decode()


def test_what_is_exported_is_taken_in_again_unchanged(knowing: City, tmp_path) -> None:
    file = tmp_path / "procedures.jsonl"
    file.write_bytes(signed_in(knowing.coordinator).get("/ban/kho/xuat/procedures/").content)
    before = {each.code: versions.content_of(each) for each in Procedure.objects.all()}

    done = imports.load(file, at=knowing.at("2022-03-01 08:00"), today=knowing.at("2022-03-01 08:00").date())

    assert done.unchanged == len(before) and not done.changed
    assert {each.code: versions.content_of(each) for each in Procedure.objects.all()} == before


def test_a_dead_link_is_listed_for_the_editors_and_a_living_one_is_not(knowing: City, settings) -> None:
    settings.OUTGOING_INSIDE = ["127.0.0.1"]  # where the doors of this test stand
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Doors)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there = f"http://127.0.0.1:{server.server_port}"
    row = Article.objects.first()
    Article.objects.filter(pk=row.pk).update(
        answer=f"Xem {there}/cua-mo và {there}/mat, {there}/cua-dong. http://127.0.0.1:9/khong"
    )

    found = dead_links.check(at=knowing.at("2022-02-14 08:00"))
    server.shutdown()
    server.server_close()

    page = read(signed_in(knowing.coordinator).get("/ban/kho/"))
    assert found >= 2 and "/mat, 404" in page and "127.0.0.1:9/khong, không tới được" in page
    assert "/cua-mo" not in page and "/cua-dong" not in page


def test_a_link_to_the_inner_network_is_not_asked(knowing: City, settings) -> None:
    settings.OUTGOING_INSIDE = []
    Article.objects.update(answer="Xem http://127.0.0.1:9/khong")
    assert dead_links.check(at=knowing.at("2022-02-14 08:00")) == 0


def test_whoever_approves_is_told_of_a_dead_link_in_the_draft(knowing: City, settings) -> None:
    settings.OUTGOING_INSIDE = ["127.0.0.1"]
    row = Article.objects.first()
    writer, reader = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    saved(writer, row, answer="Xem http://127.0.0.1:9/khong-co.")

    job = ProcrastinateJob.objects.filter(task_name=publishing.LOOK_AT_LINKS).latest("id")
    assert job.args == {"kind": "article", "row": row.pk}
    dead_links.check_draft(row.answer_key, at=knowing.at("2022-02-14 08:00"))

    page = reader.get(f"/ban/kho/article/{row.pk}/").content.decode()
    assert "Đường dẫn hỏng: http://127.0.0.1:9/khong-co" in page
    assert "127.0.0.1:9" in reader.get("/ban/kho/").content.decode()


class Doors(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.send_response({"/cua-mo": 200, "/cua-dong": 403}.get(self.path, 404))
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def a_table_of_procedures() -> SimpleUploadedFile:
    table = "Danh mục thủ tục\nMã thủ tục;Tên thủ tục;Kết quả\n9.000001;Cấp giấy phép nuôi ong;Giấy phép\n"
    table += "1.000894;Đăng ký kết hôn;Giấy thử\n"
    return SimpleUploadedFile("thu-tuc.csv", table.encode("utf-8-sig"))


def test_a_file_of_procedures_shows_what_it_would_change_and_another_has_it_taken_in(
    knowing: City, a_table_of_procedures: SimpleUploadedFile
) -> None:
    sender, reader = signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai")), signed_in(knowing.coordinator)

    page = sender.post("/ban/kho/nap-thu-tuc/", {"file": a_table_of_procedures}, follow=True).content.decode()
    assert "Thủ tục mới: 1" in page and "9.000001 Cấp giấy phép nuôi ong" in page
    assert "Giữ lời thường, lời chính thức ghi bên cạnh (số phần): 2" in page
    assert "1.000894 Đăng ký kết hôn: tên, kết quả" in page
    assert "nhờ người duyệt khác" in page
    work = ProcedureImport.objects.get()
    for _ in range(2):  # nobody has her own file taken in, however often she asks
        sender.post(f"/ban/kho/nap-thu-tuc/{work.pk}/viec/", {"action": "take_in"})
    assert not ProcrastinateJob.objects.filter(task_name=submissions.IMPORT).exists()

    assert "Lê Thị Mai" in reader.get("/ban/kho/nap-thu-tuc/").content.decode()
    reader.post(f"/ban/kho/nap-thu-tuc/{work.pk}/viec/", {"action": "take_in"})
    job = ProcrastinateJob.objects.get(task_name=submissions.IMPORT)
    for _ in range(2):  # a job may be run again
        submissions.take_in(**job.args)

    row = Procedure.objects.get(code="9.000001")
    assert (row.name, row.result) == ("Cấp giấy phép nuôi ong", "Giấy phép")
    marriage = Procedure.objects.get(code="1.000894")
    assert marriage.result != "Giấy thử" and official_of(marriage, "result") == "Giấy thử"  # shipped words stand
    assert marriage.papers and official_of(marriage, "papers") is None  # the table has no column for them
    assert not default_storage.exists(work.file)
    assert "nạp xong" in reader.get("/ban/kho/nap-thu-tuc/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_put_aside_or_waits_a_month_goes_and_changes_nothing(
    knowing: City, a_table_of_procedures: SimpleUploadedFile
) -> None:
    sender = signed_in(knowing.coordinator)
    sender.post("/ban/kho/nap-thu-tuc/", {"file": a_table_of_procedures})
    aside = ProcedureImport.objects.get()
    sender.post(f"/ban/kho/nap-thu-tuc/{aside.pk}/viec/", {"action": "put_aside"})
    a_table_of_procedures.seek(0)
    sender.post("/ban/kho/nap-thu-tuc/", {"file": a_table_of_procedures})
    old = ProcedureImport.objects.get()

    submissions.sweep(at=old.sent_at + timedelta(days=29))
    assert ProcedureImport.objects.exists()
    submissions.sweep(at=old.sent_at + timedelta(days=31))

    assert not ProcedureImport.objects.exists()
    assert not default_storage.exists(aside.file) and not default_storage.exists(old.file)
    assert not Procedure.objects.filter(code="9.000001").exists()
    gone = sender.post(f"/ban/kho/nap-thu-tuc/{old.pk}/viec/", {"action": "take_in"}, follow=True).content.decode()
    assert "Hãy gửi lại tệp" in gone


def test_what_is_no_file_of_procedures_is_told_so(knowing: City) -> None:
    editor = signed_in(knowing.coordinator)
    for name, content in (("anh.png", b"\x89PNG"), ("bang.xlsx", b"no zip"), ("bang.csv", b"a;b\n1;2\n")):
        answer = editor.post("/ban/kho/nap-thu-tuc/", {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert "các cột “Mã thủ tục”, “Tên thủ tục”" in answer.content.decode()
    assert not ProcedureImport.objects.exists()
    assert signed_in(knowing.officer(HONG_BANG)).get("/ban/kho/nap-thu-tuc/").status_code == 403


def sent_by(client: Client, name: str, text: str, **more: str) -> str:
    file = SimpleUploadedFile(name, text.encode())
    return client.post("/ban/kho/nap-thu-tuc/", {"file": file} | more, follow=True).content.decode()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("thu-tuc.json", "Mã thủ tục;Tên thủ tục\n9.000001;Cấp giấy\n"),
        ("thu-tuc.xlsx", "Mã thủ tục;Tên thủ tục\n9.000001;Cấp giấy\n"),
        ("thu-tuc.csv", '{"code": "9.000001", "name": "Cấp giấy"}\n'),
        ("thu-tuc.xlsx", '\ufeff[{"code": "9.000001", "name": "Cấp giấy"}]'),
    ],
)
def test_a_sent_file_is_read_as_what_it_is_not_as_its_name_says(knowing: City, name: str, text: str) -> None:
    sent_by(signed_in(knowing.coordinator), name, text)
    work = ProcedureImport.objects.get()
    assert submissions.outcome_of(work).added == ["9.000001"] and submissions.name_of(work) == name
    assert "." not in work.file  # nor does its name in the storage


def test_a_file_that_would_repeal_much_is_confirmed_by_whoever_has_it_taken_in(knowing: City) -> None:
    sender, reader = signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai")), signed_in(knowing.coordinator)
    assert "không thể là toàn bộ" in sent_by(sender, "trong.jsonl", "", whole="on")
    assert not ProcedureImport.objects.exists()

    sent_by(sender, "mot.jsonl", '{"code": "9.000001", "name": "Cấp giấy"}', whole="on")
    work = ProcedureImport.objects.get()
    page = f"/ban/kho/nap-thu-tuc/{work.pk}/"
    assert "Tôi đã xem danh sách: 42 thủ tục" in reader.get(page).content.decode()
    told = reader.post(f"{page}viec/", {"action": "take_in"}, follow=True).content.decode()
    assert "bãi bỏ 42 thủ tục" in told
    assert not ProcrastinateJob.objects.filter(task_name=submissions.IMPORT).exists()

    reader.post(f"{page}viec/", {"action": "take_in", "confirmed": "on"})

    assert ProcrastinateJob.objects.filter(task_name=submissions.IMPORT).exists()


def test_a_file_that_changes_nothing_is_not_taken_in(knowing: City) -> None:
    sender, reader = signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai")), signed_in(knowing.coordinator)
    assert "Tệp trống" in sent_by(sender, "trong.json", "[]")
    same = reader.get("/ban/kho/xuat/procedures/").content.decode()

    sent_by(sender, "y-nguyen.jsonl", same)

    work = ProcedureImport.objects.get()
    page = reader.get(f"/ban/kho/nap-thu-tuc/{work.pk}/").content.decode()
    assert "không đổi gì trong kho" in page and "Nạp tệp này" not in page and "Bỏ tệp này" in page
    reader.post(f"/ban/kho/nap-thu-tuc/{work.pk}/viec/", {"action": "take_in"})
    assert not ProcrastinateJob.objects.filter(task_name=submissions.IMPORT).exists()


def test_every_file_that_waits_is_listed_with_its_name_and_what_it_does(knowing: City) -> None:
    sender = signed_in(knowing.coordinator)
    for number in range(12):
        sent_by(sender, f"tệp {number}.jsonl", f'{{"code": "9.{number:06}", "name": "Cấp giấy"}}')
    sent_by(sender, "tất cả.json", sender.get("/ban/kho/xuat/procedures/").content.decode(), whole="on")

    page = sender.get("/ban/kho/nap-thu-tuc/").content.decode()

    assert all(f">tệp {number}.jsonl</a>" in page for number in range(12))
    assert "1 mới, 0 thay đổi, 0 bãi bỏ" in page
    assert "toàn bộ</span>" in page.split("tất cả.json</a>")[1].split("</li>")[0]


def test_a_blank_article_is_neither_approved_nor_published(knowing: City) -> None:
    writer, reader = signed_in(knowing.coordinator), signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    writer.post("/ban/kho/hoi-dap/moi/", {"question": ""})
    row = Article.objects.get(question="Câu hỏi mới")
    versions.record_version(row, by=None, at=row.updated_at)
    page = f"/ban/kho/article/{row.pk}/"
    seen = writer.get(page).context["seen"]
    writer.post(f"{page}viec/", {"action": "restore", "version": 1, "seen": seen})

    seen = reader.get(page).context["seen"]
    told = reader.post(f"{page}viec/", {"action": "approve", "seen": seen}, follow=True).content.decode()
    assert "còn trống" in told
    Draft.objects.update(approved_by=knowing.coordinator)
    assert "còn trống" in reader.post(f"{page}viec/", {"action": "publish"}, follow=True).content.decode()
    assert Client().get(f"/hoi-dap/{row.pk}/").status_code == 404


def test_a_procedure_without_a_name_is_not_approved(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    saved(signed_in(knowing.coordinator), row)
    held = Draft.objects.get()
    held.content["name"] = "  "
    held.save()

    with pytest.raises(publishing.PublishingRefused, match="Chưa có tên"):
        publishing.approve(row, by=knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"), seen=publishing.mark_of(row, held))


@pytest.mark.parametrize("code", ["²", "٣", "9" * 30])
def test_a_code_that_is_no_number_leads_nowhere_and_is_told(knowing: City, code: str) -> None:
    told = signed_in(knowing.coordinator).post("/ban/kho/tim-khong-ra/", {"question": "x", "code": code}, follow=True)
    assert f"mang mã “{code}”" in told.content.decode()


def test_what_people_call_it_is_searched_once_it_is_published(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    citizen, writer = Client(), signed_in(knowing.coordinator)
    reader = signed_in(knowing.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    before = opened(writer, row)["aliases"]
    saved(writer, row, aliases=f"{before}\nxin tờ giấy hồng hạnh phúc")
    assert "Đăng ký kết hôn" not in citizen.post("/tim/", {"q": "xin tờ giấy hồng hạnh phúc"}).content.decode()
    assert "xin tờ giấy hồng hạnh phúc" in opened(reader, row)["aliases"]

    reader.post("/ban/kho/tim-khong-ra/", {"question": "bat dau ve chung mot nha", "code": row.code})
    published(reader, row)

    for asked in ("xin tờ giấy hồng hạnh phúc", "bắt đầu về chung một nhà"):
        assert "Đăng ký kết hôn" in citizen.post("/tim/", {"q": asked}).content.decode()
    assert Version.objects.get().content["aliases"] == [*str(before).split("\n"), "bat dau ve chung mot nha"]


def test_words_that_count_at_once_are_kept_by_approvers(knowing: City) -> None:
    officer = signed_in(knowing.officer(HONG_BANG))
    word = {"kind": "synonym", "written": "giấy hạnh phúc", "meanings": "đăng ký kết hôn"}
    assert officer.post("/ban/kho/tu-ngu/luu/", word).status_code == 403
    page = officer.get("/ban/kho/tu-ngu/").content.decode()
    assert "người duyệt ghi" in page and "/ban/kho/tu-ngu/luu/" not in page

    officer.post("/ban/kho/tim-khong-ra/", {"question": "giay hanh phuc", "code": "1.000894"})
    assert not Procedure.objects.get(code="1.000894").aliases.filter(phrase="giay hanh phuc").exists()


def test_a_new_article_is_listed_by_the_question_of_its_draft(knowing: City) -> None:
    editor = signed_in(knowing.coordinator)
    editor.post("/ban/kho/hoi-dap/moi/", {"question": ""})
    row = Article.objects.get(question="Câu hỏi mới")
    saved(editor, row, question="Nuôi ong ở đâu?", answer="Trong vườn.")

    page = editor.get("/ban/kho/", {"q": "nuôi ong"}).content.decode()

    assert page.count("Nuôi ong ở đâu?") == 2 and "Câu hỏi mới</a>" not in page  # among drafts, and among articles
    assert "<h1>Nuôi ong ở đâu?</h1>" in editor.get(f"/ban/kho/article/{row.pk}/").content.decode()


def test_a_draft_is_discarded_by_its_writer_or_an_approver(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    page = f"/ban/kho/procedure/{row.pk}/"
    writer, other = signed_in(knowing.officer(HONG_BANG)), signed_in(knowing.officer(LE_CHAN))

    def discards(client: Client) -> bool:
        client.post(f"{page}viec/", {"action": "discard", "seen": client.get(page).context["seen"]})
        return not Draft.objects.exists()

    saved(writer, row, summary="Lời vội.")
    assert "Bỏ bản nháp" not in other.get(page).content.decode() and not discards(other)
    assert "Bỏ bản nháp" in writer.get(page).content.decode() and discards(writer)
    saved(writer, row, summary="Lời vội.")
    assert discards(signed_in(knowing.coordinator))
    assert "Lời vội" not in writer.get(page).content.decode()


def test_what_takes_something_away_is_asked_twice_without_a_script(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    page = signed_in(knowing.coordinator).get(f"/ban/kho/procedure/{row.pk}/").content.decode()

    asked = page.split('<details class="surely"')[1].split("</details>")[0]
    assert "<summary" in asked and 'value="withdraw"' in asked.split("</summary>")[1]


def test_what_the_browser_kept_goes_once_it_is_saved(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    editor, done = signed_in(knowing.coordinator), f'data-draft-done="kho-procedure-{row.pk}"'
    answer = saved(editor, row, summary="Chữ mới")

    assert done in editor.get(answer.headers["Location"]).content.decode()
    assert done not in editor.get(answer.headers["Location"]).content.decode()
