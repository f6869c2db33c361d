"""The final report as Word and PDF: each number in its text is held against SQL written apart from what counted it."""

from __future__ import annotations

import html
import io
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from tests.city import HONG_BANG, LE_CHAN, LIGHTING, City
from tongdai.audit.models import Entry, Kind
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.ring_duty import ring_duty
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actor import Actor
from tongdai.channels.voice.models import Call
from tongdai.knowledge.models import Inquiry
from tongdai.people.models import Channel, Interaction
from tongdai.reports import commands
from tongdai.reports.document import pdf, standard, word, workbook
from tongdai.reports.document.content import gather, heading
from tongdai.reports.document.numerals import day_in_words
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))
NUMBER = re.compile(r"\d[\d.,/]*\d|\d")


@pytest.fixture
def world(city: City) -> City:
    """A month at every channel, with cases answered in time and late, rejected, urgent, confidential and outside the days."""
    for number in range(7):
        city.answered(f"Rác ngõ {number}", topic="waste", place="Lê Chân", lead=LE_CHAN, channel=Channel.SMS)
    for number in range(22):
        city.case(f"Rác phố {number}", topic="waste", place="Hồng Bàng", lead=HONG_BANG, received="2022-02-03 09:00")
    for number in range(3):
        city.answered(f"Đèn đường hỏng {number}", topic="lighting", lead=LIGHTING, channel=Channel.VOICE)
    city.answered("Đèn đường tắt", topic="lighting", lead=LIGHTING, received="2022-02-01 00:00")
    city.answered("Rác ngày rằm", topic="waste", place="Lê Chân", lead=LE_CHAN, received="2022-02-15 08:30")
    city.case("F0 sốt", topic="covid-help", place="Hồng Bàng", received="2022-02-28 23:59")
    for number, minutes in enumerate((1, 3, 40)):
        fire = city.case(f"Cháy nhà, có người kẹt bên trong {number}", received=f"2022-02-2{number} 08:00")
        for ring in range(number + 1):
            ring_duty(fire, ring=ring, rank=1, at=fire.received_at + timedelta(seconds=ring))
        take_duty(fire, by=Actor.system(), at=fire.received_at + timedelta(minutes=minutes))
    city.answered("Trước kỳ", topic="waste", received="2022-01-31 23:59")
    city.case("Sau kỳ", topic="waste", received="2022-03-01 00:00")
    for number in range(2):
        city.case("Tôi tố cáo cán bộ nhận hối lộ", topic="denunciation", received=f"2022-02-1{number} 09:00")
    out = city.case("Linh tinh", received="2022-02-11 09:00")
    at = city.at("2022-02-11 10:00")
    reject(out, by=Actor.staff(city.coordinator), ground="no_content", reason="Chưa rõ.", at=at)
    _texts_calls_and_questions(city)
    return city


def _texts_calls_and_questions(city: City) -> None:
    at = city.at("2022-02-14 08:00")
    common = {"happened_at": at, "direction": Interaction.Direction.OUT, "channel": Channel.SMS}
    states = ["delivered"] * 11 + ["sent"] * 2 + ["failed"] * 4
    Interaction.objects.bulk_create(
        Interaction(key=f"out:{n}", state=state, **common) for n, state in enumerate(states)
    )
    rung = {**common, "direction": Interaction.Direction.IN, "channel": Channel.VOICE, "state": "received"}
    for number in range(13):
        Call.objects.create(
            channel=f"PJSIP/{number}",
            interaction=Interaction.objects.create(key=f"in:{number}", **rung),
            state=Call.State.ENDED,
            came_at=at,
            waited_from=at,
            answered_at=at + timedelta(seconds=9) if number < 8 else None,
            ended_at=at + timedelta(minutes=2),
            outcome=Call.Outcome.ANSWERED if number < 8 else Call.Outcome.ABANDONED,
        )
    told = {"question": "x", "at": at, "channel": "web"}
    Inquiry.objects.bulk_create(
        [Inquiry(certainty="found", opened="procedure:1", **told) for _ in range(9)]
        + [Inquiry(certainty="not_found", **told) for _ in range(5)]
    )


# --- what the SQL says ----------------------------------------------------------------------------------------------

DAY = "(c.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
NOT_REJECTED = "NOT EXISTS (SELECT 1 FROM cases_rejection r WHERE r.case_id = c.id)"


def asked(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def line_of(first: date, last: date) -> str:
    """Received, answered, sayable, on time and the median in hours, of the cases `c` that came on these days."""
    ends = f"'{last}'::date + 1"
    by_then = f"(c.answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh') < {ends}"
    due = f"(c.due_at AT TIME ZONE 'Asia/Ho_Chi_Minh') < {ends}"
    return (
        f"count(*), count(*) FILTER (WHERE {by_then}),"
        f" count(*) FILTER (WHERE ({by_then} OR {due}) AND {NOT_REJECTED}),"
        f" count(*) FILTER (WHERE {by_then} AND c.answered_at <= c.due_at AND {NOT_REJECTED}),"
        f" extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY c.answered_at - c.received_at)"
        f" FILTER (WHERE {by_then})) / 3600"
    )


def within(first: date, last: date) -> str:
    return f"{DAY} BETWEEN '{first}' AND '{last}'"


LINE, IN_FEBRUARY = line_of(FEBRUARY.first, FEBRUARY.last), within(FEBRUARY.first, FEBRUARY.last)


def whole(n: int) -> str:
    return f"{n:,}".replace(",", ".")


def decimal(n: float) -> str:
    return f"{n:.1f}".replace(".", ",")


def rate(part: int, of: int) -> str:
    return f"{decimal(100 * part / of)} %" if of else "–"


def cells(name: str, line: tuple) -> str:
    received, answered, sayable, on_time, _median = line
    shown = (whole(received), whole(answered), rate(answered, received), rate(on_time, sayable))
    return " | ".join((name, *shown))


def tables() -> Iterator[str]:
    """Each line that the tables must have, whole."""
    channels = dict(
        asked(f"SELECT channel, count(*) FROM cases_case c WHERE {IN_FEBRUARY} AND NOT confidential GROUP BY 1")
    )
    ((every,),) = asked(f"SELECT count(*) FROM cases_case c WHERE {IN_FEBRUARY}")
    for channel, name in Channel.choices:
        number, called = channels.get(channel, 0), str(name)
        yield f"{called[:1].upper()}{called[1:]} | {number} | {rate(number, every)}"
    for column, table, name, unnamed in (
        ("topic_id", "directory_topic", "name", "Chưa phân loại"),
        ("lead_id", "directory_agency", "name", "Chưa chuyển"),
        ("place_id", "directory_place", "full_name", "Chưa rõ nơi"),
    ):
        for group, *line in asked(
            f"SELECT min(g.{name}), {LINE} FROM cases_case c LEFT JOIN {table} g ON g.id = c.{column}"
            f" WHERE {IN_FEBRUARY} AND NOT c.confidential GROUP BY c.{column}"
        ):
            yield cells(group or unnamed, tuple(line))
    ((*hidden,),) = asked(f"SELECT {LINE} FROM cases_case c WHERE {IN_FEBRUARY} AND c.confidential")
    yield f"Không liệt kê | {hidden[0]} | {rate(hidden[0], every)}"
    yield cells("Không liệt kê", tuple(hidden))


def sentences(city: City) -> Iterator[str]:
    """Each sentence with figures in it, with those of the SQL."""
    ((received, answered, sayable, on_time, median),) = asked(f"SELECT {LINE} FROM cases_case c WHERE {IN_FEBRUARY}")
    ((busiest, most),) = asked(
        f"SELECT {DAY}, count(*) FROM cases_case c WHERE {IN_FEBRUARY} AND NOT confidential GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
    )
    yield f"Tổng đài đã nhận {received} phiếu, trung bình {decimal(received / 28)} phiếu mỗi ngày."
    yield f"Ngày nhiều nhất là {busiest:%d/%m/%Y}, với {most} phiếu được liệt kê."
    ((portal, help_),) = asked(
        "SELECT count(*), count(*) FILTER (WHERE t.code ~ '^covid-(help|lookup)') FROM cases_case c LEFT JOIN directory_topic t"
        f" ON t.id = c.topic_id WHERE {IN_FEBRUARY} AND NOT c.confidential AND channel = 'web'"
    )
    yield f"{help_} phiếu xin giúp người mắc COVID-19 hoặc tra cứu, chiếm {rate(help_, portal)}."
    yield f"Đã trả lời {answered} trên {received} phiếu nhận trong kỳ; tỷ lệ thành công {rate(answered, received)}."
    yield (
        f"Trong {sayable} phiếu xét hạn, {on_time} phiếu được trả lời đúng hạn; tỷ lệ đúng hạn {rate(on_time, sayable)}."
    )
    yield f"được trả lời trong {decimal(float(median))} giờ kể từ lúc nhận (trung vị)."
    yield from halves()
    yield from of_channels()
    yield from assessed(received, answered, sayable, on_time)


def halves() -> Iterator[str]:
    spans = (date(2022, 2, 1), date(2022, 2, 14)), (date(2022, 2, 15), date(2022, 2, 28))
    a, b = (asked(f"SELECT {line_of(*span)} FROM cases_case c WHERE {within(*span)}")[0] for span in spans)

    def change(value: float, unit: str = "", form=decimal) -> str:
        shown = form(abs(value))
        return "không đổi" if not shown.strip("0,") else f"{'tăng' if value > 0 else 'giảm'} {shown}{unit}"

    yield f"Phiếu đã nhận | {a[0]} | {b[0]} | {change(b[0] - a[0], form=whole)}"
    success = apart(100 * a[1] / a[0], 100 * b[1] / b[0])
    yield f"Tỷ lệ thành công | {rate(a[1], a[0])} | {rate(b[1], b[0])} | {change(success, ' điểm')}"
    timely = change(apart(100 * a[3] / a[2], 100 * b[3] / b[2]), " điểm") if a[2] and b[2] else "–"
    yield f"Tỷ lệ đúng hạn | {rate(a[3], a[2])} | {rate(b[3], b[2])} | {timely}"
    medians = [decimal(float(each[4])) if each[4] is not None else "–" for each in (a, b)]
    both = a[4] is not None and b[4] is not None
    yield f"Trung vị đến lúc trả lời (giờ) | {' | '.join(medians)} | {change(apart(a[4], b[4])) if both else '–'}"
    assert success
    way = "tăng" if success > 0 else "giảm"
    said = f"{rate(a[1], a[0])} ở nửa đầu, {rate(b[1], b[0])} ở nửa sau."
    yield f"Tính trọn trong từng nửa kỳ, tỷ lệ thành công {way} {decimal(abs(success))} điểm phần trăm: {said}"


def apart(first: float, second: float) -> float:
    """What is left when the figures as they are printed are subtracted."""
    return float(f"{float(second):.1f}") - float(f"{float(first):.1f}")


def of_channels() -> Iterator[str]:
    ((offered, answered),) = asked("SELECT count(*), count(answered_at) FROM voice_call WHERE waited_from IS NOT NULL")
    yield f"{offered} cuộc gọi chờ gặp người, {answered} cuộc gặp được, {offered - answered} cuộc gác máy trước."
    ((soon,),) = asked("SELECT count(*) FROM voice_call WHERE answered_at - waited_from <= interval '20 seconds'")
    yield (
        f"Mức phục vụ: {soon} trên {offered} cuộc đã hết chờ được nghe máy trong 20 giây, đạt {rate(soon, offered)}."
    )
    yield f"Chỉ {answered} trên {offered} cuộc gọi chờ đã gặp được người, đạt {rate(answered, offered)}, dưới mức 80,0 %."
    ((sent, came),) = asked(
        "SELECT count(*) FILTER (WHERE state IN ('sent', 'delivered', 'failed', 'unknown')), count(*) FILTER (WHERE state ="
        " 'delivered') FROM people_interaction WHERE channel = 'sms' AND direction = 'out'"
        " AND (happened_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN '2022-02-01' AND '2022-02-28'"
    )
    yield f"Tin nhắn: đã gửi {sent} tin, {came} tin tới máy người dân."
    yield f"Chỉ {came} trên {sent} tin nhắn đã tới máy người dân, đạt {rate(came, sent)}, dưới mức 95,0 %."
    taken = (
        "SELECT c.received_at, (SELECT min(e.happened_at) FROM cases_event e WHERE e.case_id = c.id AND e.action IN"
        " ('take_duty', 'accept', 'answer')) AS taken, (SELECT count(*) FROM cases_event e WHERE e.case_id = c.id AND"
        f" e.action = 'ring_duty') AS rung FROM cases_case c WHERE {IN_FEBRUARY} AND urgent"
    )
    ((urgent, got, soon, undue, more, median, ninth),) = asked(
        "SELECT count(*), count(taken), count(*) FILTER (WHERE taken <= received_at + interval '5 minutes'),"
        " count(*) FILTER (WHERE taken IS NULL AND received_at >= '2022-03-01 00:00+07'::timestamptz - interval '5 minutes'),"
        " count(*) FILTER (WHERE rung > 1),"
        " extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY taken - received_at)) / 60,"
        " extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY taken - received_at)) / 60"
        f" FROM ({taken}) urgent"
    )
    yield (
        f"Phiếu khẩn: {urgent} phiếu, {got} phiếu có người nhận, {soon} phiếu trong 5 phút ({rate(soon, urgent - undue)}), "
        f"{undue} phiếu chưa quá 5 phút; trung vị "
        f"{decimal(float(median))} phút, chín phần mười trong {decimal(float(ninth))} phút; {more} phiếu phải báo thêm người."
    )
    yield (
        f"Chỉ {soon} trên {urgent - undue} phiếu khẩn có người nhận trong 5 phút, "
        f"đạt {rate(soon, urgent - undue)}, dưới mức 90,0 %."
    )
    ((questions, ready, nothing),) = asked(
        "SELECT count(*), count(*) FILTER (WHERE opened <> '' AND NOT to_person), count(*) FILTER (WHERE certainty ="
        " 'not_found') FROM knowledge_inquiry"
    )
    yield f"{ready} trên {questions} lượt hỏi, không cần lập phiếu; {nothing} lượt chưa có sẵn câu trả lời."
    yield f"{ready} trên {questions} lượt hỏi được trả lời ngay, không cần lập phiếu."
    yield f"Kho trả lời chưa có câu trả lời cho {nothing} lượt hỏi."


def assessed(received: int, answered: int, sayable: int, on_time: int) -> Iterator[str]:
    """What follows by the rules, for this month: success and punctuality are below, one agency is slow."""
    yield (
        f"Mới trả lời {answered} trên {received} phiếu nhận trong kỳ, đạt {rate(answered, received)}; đến hết kỳ còn "
        f"{received - answered} phiếu chưa được trả lời."
    )
    yield (
        f"Chỉ {on_time} trên {sayable} phiếu xét hạn được trả lời đúng hạn, đạt {rate(on_time, sayable)}, dưới mức 85,0 %."
    )
    yield (
        f"Chưa đạt: tỷ lệ thành công {rate(answered, received)} (mức dùng để xét: 70,0 %); tỷ lệ đúng hạn "
        f"{rate(on_time, sayable)} (mức dùng để xét: 85,0 %)."
    )
    slow = asked(
        f"SELECT a.name, {LINE} FROM cases_case c JOIN directory_agency a ON a.id = c.lead_id WHERE {IN_FEBRUARY}"
        " AND NOT c.confidential GROUP BY a.name"
    )
    ((name, *line),) = [row for row in slow if row[3] >= 20]
    yield (
        f"Trong 1 cơ quan có từ 20 phiếu xét hạn trở lên, 1 cơ quan đạt dưới 85,0 % đúng hạn, gồm {name} "
        f"({rate(line[3], line[2])})."
    )
    for column, words in (("topic_id", "chưa phân loại"), ("place_id", "chưa rõ nơi")):
        ((without,),) = asked(
            f"SELECT count(*) FROM cases_case c WHERE {IN_FEBRUARY} AND NOT confidential AND {column} IS NULL"
        )
        if without / received >= 0.1:
            yield f"{without} phiếu {words}, chiếm {rate(without, received)}."


# what is no figure of the cases: law, names, the rules' levels, the days themselves and the numbers of sections
FIXED = (
    "Tổng đài 1022", "COVID-19", "F0", "ngày 05 tháng 4 năm 2022", "từ ngày 01/02/2022 đến ngày 28/02/2022",
    "gồm 28 ngày", "01/02/2022 – 14/02/2022", "15/02/2022 – 28/02/2022", "thành công từ 70,0 %, đúng hạn từ 85,0 %",
    "trong 5 phút từ 90,0 %", "được nghe máy trong 20 giây kể từ lúc chờ", "gặp được người từ 80,0 %", "tới máy từ 95,0 %",
)  # fmt: skip
NUMBERED = re.compile(r"^(Bảng|Biểu đồ) \d\. |^\d{1,2}\. ", re.MULTILINE)


def text_of(made: bytes) -> list[str]:
    """Return the paragraphs and the lines of tables, in order."""
    found = []
    for block in Document(io.BytesIO(made)).iter_inner_content():
        if isinstance(block, Table):
            found += [" | ".join(cell.text.replace("\n", " ") for cell in row.cells) for row in block.rows]
        elif isinstance(block, Paragraph):
            found.append(block.text)
    return [" ".join(line.split()) for line in found if line.strip()]


def test_every_number_of_the_word_is_one_the_sql_counts_and_stands_where_it_belongs(city: City, world: City) -> None:
    lines = text_of(word.make(gather(FEBRUARY, made_at=city.at("2022-04-05 09:00")), template=standard.FILE))
    left = NUMBERED.sub("", "\n".join(lines))
    counted = sorted([*tables(), *sentences(city)], key=len, reverse=True)
    missing = [each for each in counted if each not in left]
    assert not missing, "\n".join([*missing, "--- not in ---", *lines])
    for each in [*counted, *FIXED]:
        left = left.replace(each, "")
    left = re.sub(r"^Không liệt kê \|.*$", "", left, flags=re.MULTILINE | re.IGNORECASE)
    assert not NUMBER.findall(left), [line for line in left.splitlines() if NUMBER.search(line)]


def test_the_pdf_says_what_the_word_says(city: City, world: City, tmp_path: Path) -> None:
    made = word.make(gather(FEBRUARY, made_at=city.at("2022-04-05 09:00")), template=standard.FILE)
    (tmp_path / "report.pdf").write_bytes(pdf.make(made))
    (tmp_path / "report.docx").write_bytes(made)
    read = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = read.rstrip("\f").split("\f")
    assert len(pages) >= 3
    for number, page in enumerate(pages[1:], start=2):
        assert page.split()[0] == str(number)
    printed = "\n".join(re.sub(r"^\s*\d+\s", "", page) if n else page for n, page in enumerate(pages))
    lines = text_of(made)
    assert Counter(NUMBER.findall(printed)) == Counter(NUMBER.findall("\n".join(lines)))
    squeezed = "".join(printed.split())
    gone = [line for line in lines if " | " not in line and "".join(line.split()) not in squeezed]
    assert not gone


# --- the template, the workbook, the page ---------------------------------------------------------------------------


def template_with(words: str, file: Path) -> Path:
    document = Document(str(standard.FILE))
    document.add_paragraph(words)
    document.save(str(file))
    return file


def test_a_template_of_the_citys_own_is_filled(city: City, tmp_path: Path) -> None:
    mine = template_with("Bản của sở: {{ received | join(' ') }}", tmp_path / "mau.docx")
    lines = text_of(word.make(gather(FEBRUARY, made_at=city.at("2022-04-05 09:00")), template=mine))
    assert lines[-1] == "Bản của sở: Kỳ này chưa có phiếu nào."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ tong_so }}", "không có chỗ trống {{ tong_so }}"),
        ("{% for row in topics %}{{ row.ten }}{% endfor %}", "'ten'"),
        ("{% for row in topics %}", "viết sai chỗ trống"),
        ("{{ received.__class__.__mro__ }}", "__class__"),
    ],
)
def test_a_broken_template_names_the_placeholder(city: City, tmp_path: Path, words: str, said: str) -> None:
    city.case(topic="waste")
    broken = template_with(words, tmp_path / "mau.docx")
    with pytest.raises(word.BrokenTemplate, match=re.escape(said)) as raised:
        word.make(gather(FEBRUARY, made_at=city.at("2022-04-05 09:00")), template=broken)
    assert "mau.docx" in str(raised.value)


def test_the_standard_template_is_handed_out_as_it_is_made(tmp_path: Path) -> None:
    assert CliRunner().invoke(commands.app, ["template", str(tmp_path / "mau.docx")]).exit_code == 0
    made = io.BytesIO()
    standard.make().save(made)
    assert text_of((tmp_path / "mau.docx").read_bytes()) == text_of(made.getvalue())


def test_what_is_no_word_file_is_no_template(city: City, tmp_path: Path) -> None:
    (tmp_path / "mau.docx").write_text("xin chào")
    content = gather(FEBRUARY, made_at=city.at("2022-04-05 09:00"))
    for file in (tmp_path / "mau.docx", tmp_path / "không có.docx"):
        with pytest.raises(word.BrokenTemplate):
            word.make(content, template=file)


def test_an_empty_period_is_a_document_too(city: City) -> None:
    lines = text_of(word.make(gather(FEBRUARY, made_at=city.at("2022-04-05 09:00")), template=standard.FILE))
    assert "Kỳ này chưa có phiếu nào." in lines
    assert not [line for line in lines if "Biểu đồ" in line]


def test_the_workbook_holds_the_data_with_charts_of_its_own(city: City, world: City) -> None:
    made = workbook.make(gather(FEBRUARY, made_at=city.at("2022-04-05 09:00")))
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    (line,) = asked(f"SELECT {LINE} FROM cases_case c WHERE {IN_FEBRUARY}")
    assert [row[1] for row in sheets["Tổng hợp"][1:3]] == [line[0], line[1]]
    soon = "answered_at - waited_from <= interval '20 seconds'"
    ((level,),) = asked(f"SELECT avg(CASE WHEN {soon} THEN 1 ELSE 0 END)::float FROM voice_call")
    assert {row[0]: row[1] for row in sheets["Tổng hợp"]}["Mức phục vụ"] == pytest.approx(level)
    days = asked(f"SELECT {DAY}, count(*) FROM cases_case c WHERE {IN_FEBRUARY} AND NOT confidential GROUP BY 1")
    assert {row[0]: row[1] for row in sheets["Từng ngày"][1:] if row[1]} == dict(days)
    waste = next(row for row in sheets["Lĩnh vực"] if row[0] == "Rác thải, môi trường")
    (counted,) = asked(
        f"SELECT {LINE} FROM cases_case c JOIN directory_topic t ON t.id = c.topic_id WHERE {IN_FEBRUARY} AND t.code = 'waste'"
    )
    assert waste[1:5] == list(counted[:4]) and waste[5] == pytest.approx(counted[1] / counted[0])
    charts = [name for name in zipfile.ZipFile(io.BytesIO(made)).namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 5


@pytest.mark.parametrize(
    ("form", "begins"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbf")]
)
def test_the_page_offers_the_files_and_each_is_on_record(city: City, world: City, form: str, begins: bytes) -> None:
    client = Client()
    client.force_login(city.leader)
    page = client.get("/bao-cao/?tu=1.2.2022&den=28.2.2022").content.decode()
    address = html.unescape(re.search(rf'href="(/bao-cao/tong-ket/{form}/\?[^"]*)"', page)[1])
    response = client.get(address)
    assert response.status_code == 200 and response.content.startswith(begins)
    assert f"bao-cao-1022-20220201-20220228.{form}" in response["Content-Disposition"]
    entry = Entry.objects.filter(kind=Kind.EXPORT).latest("pk")
    assert (entry.action, entry.by) == ("report", city.leader.pk)
    assert entry.detail == {"from": "2022-02-01", "to": "2022-02-28", "as": form}


def test_the_files_are_for_those_who_read_reports(city: City) -> None:
    for user, status in ((city.call_taker, 403), (city.officer(HONG_BANG), 403), (city.coordinator, 200)):
        client = Client()
        client.force_login(user)
        assert client.get("/bao-cao/tong-ket/docx/?tu=1.2.2022&den=28.2.2022").status_code == status
    assert Client().get("/bao-cao/tong-ket/docx/").status_code == 302


def test_a_broken_template_is_said_on_the_page(city: City, tmp_path: Path, settings) -> None:
    settings.REPORT_TEMPLATE = str(template_with("{{ tong_so }}", tmp_path / "mau.docx"))
    client = Client()
    client.force_login(city.leader)
    page = client.get("/bao-cao/tong-ket/docx/?tu=1.2.2022&den=28.2.2022")
    assert page.status_code == 500 and "tong_so" in page.content.decode()


def test_without_libreoffice_no_pdf_is_offered(city: City, monkeypatch) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", ("no-such-program",))
    client = Client()
    client.force_login(city.leader)
    page = client.get("/bao-cao/").content.decode()
    assert "tong-ket/docx/" in page and "tong-ket/pdf/" not in page
    with pytest.raises(pdf.NoPdf, match="apt-get install"):
        pdf.make(b"")


@pytest.mark.parametrize(
    ("owner", "above", "issuer"),
    [
        ("Văn phòng UBND thành phố Hải Phòng", "ỦY BAN NHÂN DÂN THÀNH PHỐ HẢI PHÒNG", "VĂN PHÒNG"),
        ("UBND thành phố Huế", "", "ỦY BAN NHÂN DÂN THÀNH PHỐ HUẾ"),
        ("Sở Khoa học và Công nghệ", "……", "SỞ KHOA HỌC VÀ CÔNG NGHỆ"),
        ("", "……", "……"),
    ],
)
def test_the_issuing_body_stands_under_the_one_above_it(owner: str, above: str, issuer: str) -> None:
    assert tuple(" ".join(each.split()) for each in heading(owner)) == (above, issuer)


def test_small_days_and_months_have_a_nought_as_the_decree_wants() -> None:
    assert day_in_words(date(2022, 4, 1)) == "ngày 01 tháng 4 năm 2022"
    assert day_in_words(date(2022, 2, 15)) == "ngày 15 tháng 02 năm 2022"
