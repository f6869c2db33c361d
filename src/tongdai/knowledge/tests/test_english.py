"""A question in English finds, what is shipped exists in English, and what has no English says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils.translation import override

from tests.city import City
from tongdai.knowledge.answer_key import Part
from tongdai.knowledge.answers import aliases, english, english_parts, english_rules
from tongdai.knowledge.ask import Reply, ask
from tongdai.knowledge.importing import english as importing
from tongdai.knowledge.importing import seed
from tongdai.knowledge.models import Alias, Article, Procedure, Translation
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.knowledge.starter.files import english_phrases, english_texts, lines_of

TEXTS = english_texts()
MONTHS = [date(2026, month, 1).strftime("%B") for month in range(1, 13)]


def shipped() -> Iterator[tuple[str, str]]:
    """(code or key, line) for every line that a shipped answer says."""
    for line in lines_of("procedures.jsonl"):
        row = json.loads(line)
        texts = [row[name] for name in ("name", "field", "summary", "agency", "place", "requirements", "result")]
        texts += row["steps"]
        texts += [paper[name] for paper in row["papers"] for name in ("name", "form", "note")]
        texts += [way[name] for way in row["ways"] for name in ("time_limit", "fee")]
        yield from ((row["code"], each) for text in texts for each in text.split("\n") if each.strip())
    for line in lines_of("articles.jsonl"):
        row = json.loads(line)
        texts = [row[name] for name in ("question", "answer", "short")]
        yield from ((row["key"], each) for text in texts for each in text.split("\n") if each.strip())


def figures(text: str) -> list[int]:
    for number, month in enumerate(MONTHS, start=1):
        text = re.sub(rf"\b{month}\b", str(number), text)
    text = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text.replace(":00", ""))
    words = {"ten": 10, "eleven": 11, "mười một": 11}
    found = [int(each) for each in re.findall(r"\d+", text)]
    return sorted(found + [number for word, number in words.items() if re.search(rf"\b{word}\b", text)])


def codes(reply: Reply) -> list[str]:
    return [getattr(found.answer, "code", "") or getattr(found.answer, "key", "") for found in reply.answers]


# ── what is shipped ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_line_of_every_shipped_answer_has_its_english() -> None:
    assert [(code, line) for code, line in shipped() if line not in TEXTS] == []


def test_english_says_the_same_figures() -> None:
    assert [(line, TEXTS[line]) for _code, line in shipped() if figures(line) != figures(TEXTS.get(line, ""))] == []


def test_every_shipped_answer_has_names_that_people_call_it_in_english() -> None:
    called = english_phrases()
    assert {code for code, _line in shipped() if len(called.get(code, ())) < 3} == set()


@pytest.mark.django_db
def test_the_seed_brings_all_of_it_once_and_leaves_an_editors_words(knowing: City) -> None:
    assert Translation.objects.count() == len(TEXTS)
    row = Translation.objects.get(vietnamese="Đăng ký khai sinh")
    row.text, row.origin = "Registering a birth", Alias.Origin.EDITOR
    row.save()
    stale = Translation.objects.get(vietnamese="Giấy khai sinh")
    stale.text = "what an earlier version said"
    stale.save()
    before = Alias.objects.count()

    seed.start(at=knowing.at("2022-02-02 08:00"), today=date(2022, 2, 2))

    row.refresh_from_db()
    stale.refresh_from_db()
    assert row.text == "Registering a birth"
    assert stale.text == TEXTS["Giấy khai sinh"]
    assert (Alias.objects.count(), Translation.objects.count()) == (before, len(TEXTS))
    assert importing.texts() == 0


@pytest.mark.django_db
def test_an_editors_list_of_what_people_call_it_stays_vietnamese(knowing: City) -> None:
    row = Procedure.objects.get(code="3.000228")
    assert "digital identity" not in aliases.aliases_of(row)

    aliases.set_aliases(row, ["định danh", "VNeID"])

    assert row.aliases.filter(language="en", phrase="digital identity").exists()
    assert row.aliases.filter(phrase="VNeID").count() == 2


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "code", "part"),
    [
        ("What documents do we need to get married?", "1.000894", "papers"),
        ("how much is a copy of my birth certificate", "2.000635", "fee"),
        ("How long does it take to get a police clearance certificate?", "3.000333", "time"),
        ("where can I buy health insurance for my family", "1.001939", "where"),
        ("How do I open a small coffee shop?", "1.001612", "steps"),
        ("marriage registration", "1.000894", None),
        ("register tempory residance", "1.004194", None),
        ("lost my driving lisence", "3.000348", None),
        ("Which number do I call for an ambulance?", "khan-cap", None),
    ],
)
def test_a_question_in_english_finds_its_answer_at_the_right_part(
    knowing: City, typed: str, code: str, part: str | None
) -> None:
    reply = ask(typed)

    assert reply.language == "en"
    assert codes(reply)[0] == code
    assert reply.part == part


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "work permit for an english teacher",
        "I'm American and marry my Vietnamese girlfriend",
        "is there a bus to Cat Ba",
        "dog licence",
        "garbage is not collected",
    ],
)
def test_what_this_city_cannot_answer_is_not_answered_by_a_sister(knowing: City, typed: str) -> None:
    reply = ask(typed)

    assert (reply.language, reply.certainty, reply.answers) == ("en", Certainty.NOT_FOUND, ())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed",
    [
        "lam passport o dau",
        "passport",
        "xin visa",
        "dang ky ket hon can giay to gi",
        "nop ho so online duoc khong",
        "con toi can gi de lam the can cuoc",
        "to khai tam tru",
    ],
)
def test_vietnamese_with_borrowed_words_is_no_english(knowing: City, typed: str) -> None:
    assert ask(typed).language == ""


@pytest.mark.django_db
def test_on_an_english_page_a_borrowed_name_is_searched_in_vietnamese_and_one_word_of_english_in_english(
    knowing: City,
) -> None:
    assert codes(ask("dang ky ket hon", language="en"))[0] == "1.000894"
    assert ask("guardianship", language="en").language == "en"


@pytest.mark.django_db
def test_a_lone_word_is_told_only_where_it_is_the_whole_name_of_an_answer(knowing: City) -> None:
    assert ask("open", language="en").certainty is Certainty.PERHAPS
    assert ask("police clearance", language="en").certainty is Certainty.FOUND


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_each_shipped_answer_reads_english_as_a_whole(knowing: City) -> None:
    with override("en"):
        readings = [english.reading(each) for each in (*Procedure.objects.all(), *Article.objects.all())]

    assert readings and [read.answer for read in readings if not read.whole] == []


@pytest.mark.django_db
def test_the_short_answer_is_english_with_the_papers_needed_only_in_a_case_as_in_vietnamese(knowing: City) -> None:
    row = Procedure.objects.get(code="1.000894")
    with override("en"):
        told = english.in_short(row, None)

    assert told.startswith("Registers a man and a woman as lawful husband and wife.")
    assert "Free; for further copies" in told
    assert english.in_short(row).startswith("Đăng ký để hai người")


@pytest.mark.django_db
def test_a_paper_that_is_needed_only_in_a_case_says_so_after_those_that_everybody_needs(knowing: City) -> None:
    with override("en"):
        told = english.in_short(Procedure.objects.get(code="1.001193"), Part.PAPERS)

    assert "Record of the child having been abandoned, only if the child was abandoned (1 original)" in told
    assert told.index("Birth notification") < told.index("only if the child was abandoned")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "part", "words"),
    [
        ("1.001193", "deadline", "within 60 days of the birth"),
        ("1.013076", "deadline", "within 30 days of the sale paper"),
        ("1.008498", "deadline", "within 10 working days of the tax obligation"),
        ("2.001263", "conditions", "At least 20 years older"),
        ("1.010041", "form", "Form CT01"),
        ("1.001612", "online", "online household business registration system"),
        ("1.000894", "result", "Marriage certificate"),
    ],
)
def test_parts_that_are_made_of_sentences_are_english(knowing: City, code: str, part: str, words: str) -> None:
    row = Procedure.objects.get(code=code)
    with override("en"):
        read = english.reading(row).answer

    assert words in english_parts.of_part(read, part)


@pytest.mark.django_db
def test_the_offices_time_is_never_told_as_the_citizens_deadline(knowing: City) -> None:
    row = Procedure.objects.get(code="1.001612")  # "Within 3 working days, receive the certificate …"
    with override("en"):
        assert english_parts.of_part(english.reading(row).answer, "deadline") == ""


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["1.001939", "1.002179"])
def test_whoever_asks_what_insurance_costs_is_not_told_that_it_is_free(knowing: City, code: str) -> None:
    with override("en"):
        told = english.in_short(Procedure.objects.get(code=code), Part.FEE)

    assert told.startswith("The source doesn't say how much the contributions are.")


@pytest.mark.django_db
def test_what_an_editor_changes_is_told_in_vietnamese_and_said_to_be(knowing: City) -> None:
    row = Procedure.objects.get(code="2.000635")
    row.ways = [each | {"fee": "9.000 đồng, trẻ mồ côi được miễn"} for each in row.ways]
    row.save()
    row.refresh_from_db()

    with override("en"):
        read, fee, time = english.reading(row), english.in_short(row, Part.FEE), english.in_short(row, Part.TIME)

    assert fee == "This answer exists in Vietnamese only: Lệ phí: 9.000 đồng, trẻ mồ côi được miễn."
    assert "The same day" in time
    assert (read.lang["fee"], read.lang["time"], read.lang["papers"]) == ("vi", "en", "en")
    assert not read.whole and not read.none


@pytest.mark.django_db
def test_an_article_without_english_says_so_before_its_words(knowing: City) -> None:
    row = Article.objects.create(
        key="rac",
        question="Mấy giờ đổ rác?",
        answer="18 giờ.",
        short="18 giờ.",
        updated_at=knowing.at("2022-02-02 08:00"),
    )
    with override("en"):
        assert english.in_short(row) == "This answer exists in Vietnamese only: 18 giờ."
        assert english.reading(row).none


@pytest.mark.django_db
def test_a_city_writes_the_english_of_what_it_changed(knowing: City) -> None:
    row = Procedure.objects.get(code="2.000635")
    row.ways = [each | {"fee": "9.000 đồng ở phường"} for each in row.ways]
    row.save()
    today = date(2022, 2, 2)
    assert list(importing.missing(today)) == ["9.000 đồng ở phường"]

    written = ["# fees", "9.000 đồng ở phường", "= 9,000 VND at the ward", "", "= nothing above", "Miễn phí", "="]
    taken, problems = importing.write(written)

    assert (taken, len(problems)) == (1, 2)
    assert list(importing.missing(today)) == []
    row.refresh_from_db()
    with override("en"):
        assert "9,000 VND" in english.in_short(row, Part.FEE)


# ── by rule ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("vietnamese", "told"),
    [
        ("15 ngày làm việc", "15 working days"),
        ("1 ngày", "1 day"),
        ("Miễn phí", "Free"),
        ("50.000 VNĐ", "50,000 VND"),
        ("8.000 đồng/bản", "8,000 VND a copy"),
        ("Sở Tư pháp", "Department of Justice"),
        ("Uỷ ban Nhân dân xã, phường, thị trấn.", "People's Committee of the ward or commune"),
        ("Chủ tịch Ủy ban nhân dân cấp tỉnh, Sở Xây dựng",
         "Chairperson of the People's Committee of the province or city, Department of Construction"),
        ("Công an cấp xã; hoặc nộp trực tuyến", "Police of the ward or commune; or online"),
        ("Miễn phí nếu là hộ nghèo", None),
        ("Đến phường.", None),
    ],
)  # fmt: skip
def test_limits_fees_and_offices_are_english_by_rule_and_nothing_else_is(vietnamese: str, told: str | None) -> None:
    assert english_rules.in_english(vietnamese) == told


@pytest.mark.django_db
def test_a_procedure_that_nobody_has_put_into_english_has_nothing_vietnamese_in_what_is_told_in_english() -> None:
    row = Procedure.objects.create(
        code="2.000806",
        name="Đăng ký kết hôn có yếu tố đặc biệt",
        agency="Sở Tư pháp",
        steps=["Trong thời hạn 05 ngày làm việc kể từ ngày nhận đủ hồ sơ, Sở xem xét, cấp giấy."],
        ways=[
            {"way": "in_person", "time_limit": "15 ngày làm việc", "fee": "Miễn phí", "note": "Có thể kéo dài 5 ngày."}
        ],
        plain={"requirements": {"by": "starter", "official": "Trong thời hạn 60 ngày phải khai.", "doubts": []}},
        state="published",
        updated_at="2022-02-02T08:00:00+07:00",
    )
    row.aliases.create(phrase="marry a Vietnamese citizen", language="en")

    with override("en"):
        said = [english.in_short(row, part) for part in (Part.TIME, Part.FEE, Part.WHERE, Part.DEADLINE, Part.ONLINE)]
        title = english.title(row)

    assert [each for each in said if re.search("[ăâđêôơưà-ỹ]", each.lower())] == []
    assert "15 working days" in said[0] and "Free" in said[1] and "Department of Justice" in said[2]
    assert title == "Marry a Vietnamese citizen (“Đăng ký kết hôn có yếu tố đặc biệt”)"


AGAIN = re.compile(r"\b(?:re-|again|anew|replac|renew|rejoin)", re.IGNORECASE)


def test_each_english_name_says_again_where_and_only_where_the_vietnamese_does() -> None:
    names = {json.loads(line)["name"] for line in lines_of("procedures.jsonl")}
    wrong = [
        (name, TEXTS[name])
        for name in names
        if bool(re.search(r"\b(?:đăng ký|cấp) lại\b", name, re.IGNORECASE)) != bool(AGAIN.search(TEXTS[name]))
    ]
    assert wrong == []
