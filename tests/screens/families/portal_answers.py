"""What the city knows: searched, opened, printed."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from tests.screens.states import There, state
from tests.screens.world import LONG_AGENCY, LONG_TEXT, UNBROKEN
from tongdai.knowledge.answers import revision
from tongdai.knowledge.dossiers import one_stop
from tongdai.knowledge.models import Article, DossierSource, LookupRow, LookupTable, Procedure, State
from tongdai.peers.one_stop.peer import EXAMPLE, MAPPING, PATTERN
from tongdai.platform.clock import now

LONG_FIELD = "Quản lý hoạt động xây dựng, hạ tầng kỹ thuật đô thị và phát triển nhà ở tại khu vực nông thôn"
COLUMNS = [
    {"name": "ten", "label": "Tên", "role": "name"},
    {"name": "dia_chi", "label": "Địa chỉ", "role": "address"},
    {"name": "dien_thoai", "label": "Điện thoại", "role": "phone"},
    {"name": "ghi_chu", "label": "Giờ mở cửa và những điều cần biết trước khi đến", "role": ""},
]


@state("portal:search", "empty")
def search(there: There) -> str:
    return reverse("portal:search")


@state("portal:search", "found", words="khai sinh")
def found(there: There) -> str:
    return reverse("portal:search") + "?q=đăng ký khai sinh cần giấy tờ gì"


@state("portal:search", "found nothing")
def nothing(there: There) -> str:
    return reverse("portal:search") + "?q=xin phép nuôi kỳ đà trên sân thượng"


@state("portal:search", "one long word")
def long_word(there: There) -> str:
    return reverse("portal:search") + "?q=" + "khaisinh" * 40


@state("portal:search", "somebody in danger", words="115")
def danger(there: There) -> str:
    return reverse("portal:search") + "?q=bố tôi khó thở tím tái cần cấp cứu"


@state("portal:answers", "all")
def browse(there: There) -> str:
    table()
    return reverse("portal:answers")


@state("portal:answers", "no answers yet", words="Chưa có câu trả lời nào được soạn sẵn")
def browse_nothing(there: There) -> str:
    for model in (Article, Procedure, LookupTable):
        model.objects.update(state=State.WITHDRAWN)
    revision.advance()
    return reverse("portal:answers")


@state("portal:answers", "many", words="Xem cả 87 câu hỏi")
def browse_many(there: There) -> str:
    _many()
    return reverse("portal:answers")


@state("portal:answers", "a field, its first page", words="Mục 1–50 trong 134 mục.")
def field_first(there: There) -> str:
    return _field_at("")


@state("portal:answers", "a field, a page amid", words="Mục 51–100 trong 134 mục.")
def field_amid(there: There) -> str:
    return _field_at("51")


@state("portal:answers", "a field, its last page", words="Mục 101–134 trong 134 mục.")
def field_last(there: There) -> str:
    return _field_at("101")


@state("portal:answers", "a field, beyond its end", words="Mục 101–134 trong 134 mục.")
def field_beyond(there: There) -> str:
    return _field_at("9999")


@state("portal:answers", "no such field", status=404)
def no_such_field(there: There) -> str:
    return reverse("portal:answers") + "?linh-vuc=kh%C3%B4ng+c%C3%B3"


@state("portal:questions", "few")
def questions(there: There) -> str:
    return reverse("portal:questions")


@state("portal:questions", "many", words="Mục 51–")
def questions_many(there: There) -> str:
    _many()
    return reverse("portal:questions") + "?tu=51"


@state("portal:questions", "none", words="Chưa có câu hỏi nào được trả lời sẵn.")
def questions_none(there: There) -> str:
    Article.objects.update(state=State.WITHDRAWN)
    revision.advance()
    return reverse("portal:questions")


@state("portal:procedure", "usual")
def procedure(there: There) -> str:
    return reverse("portal:procedure", args=["1.000894"])


@state("portal:procedure", "asked for a part that isn't recorded", words="trong kho")
def part_not_recorded(there: There) -> str:
    return reverse("portal:procedure", args=["1.000894"]) + "?phan=deadline"


@state("portal:procedure", "asked for the conditions")
def part_conditions(there: There) -> str:
    return reverse("portal:procedure", args=["1.004884"]) + "?phan=conditions"


@state("portal:procedure", "long")
def long_procedure(there: There) -> str:
    return reverse("portal:procedure", args=[_long().code])


@state("portal:sheet", "usual", printed=True)
def sheet(there: There) -> str:
    return reverse("portal:sheet", args=["1.000894"])


@state("portal:sheet", "long", printed=True)
def long_sheet(there: There) -> str:
    return reverse("portal:sheet", args=[_long().code])


@state("portal:article", "usual")
def article(there: There) -> str:
    return reverse("portal:article", args=[_article().pk])


@state("portal:article", "long")
def long_article(there: There) -> str:
    row = _article()
    Article.objects.filter(pk=row.pk).update(
        question=LONG_TEXT[:280], answer=f"{LONG_TEXT}\n\n{UNBROKEN}\n\n{LONG_TEXT}"
    )
    return reverse("portal:article", args=[row.pk])


@state("portal:article", "no such", status=404)
def no_such_article(there: There) -> str:
    return reverse("portal:article", args=[999_999])


@state("portal:useful", "thanked")
def useful(there: There) -> HttpResponse:
    return there.client.post(reverse("portal:useful"), {"useful": "1", "answer": f"article:{_article().pk}"})


@state("portal:table", "full")
def table_full(there: There) -> str:
    return reverse("portal:table", args=[table().slug])


@state("portal:table", "nothing found")
def table_nothing(there: There) -> str:
    return reverse("portal:table", args=[table().slug]) + "?q=khongcogi"


@state("portal:table", "the nearest first")
def table_near(there: There) -> HttpResponse:
    return there.client.post(reverse("portal:table", args=[table().slug]), {"latitude": "20.86", "longitude": "106.68"})


@state("portal:row", "one")
def row(there: There) -> str:
    return reverse("portal:row", args=[table().rows.all()[0].pk])


@state("portal:dossier", "asked")
def dossier(there: There) -> str:
    one_stop_there(there)
    return reverse("portal:dossier")


@state("portal:dossier", "found")
def dossier_found(there: There) -> str:
    one_stop_there(there)
    told = one_stop.Dossier(
        EXAMPLE, "đang giải quyết", LONG_AGENCY, "Đăng ký khai sinh", date(2022, 2, 14), date(2022, 2, 18)
    )
    there.patch.setattr(one_stop, "look_up", lambda code: told)
    return reverse("portal:dossier") + f"?ma={EXAMPLE}"


@state("portal:dossier", "none", status=404)
def dossier_none(there: There) -> str:
    one_stop_there(there)
    there.patch.setattr(one_stop, "look_up", lambda code: None)
    return reverse("portal:dossier") + f"?ma={EXAMPLE}"


@state("portal:dossier", "wrong code", status=422)
def dossier_wrong(there: There) -> str:
    one_stop_there(there)
    return reverse("portal:dossier") + "?ma=" + "H24" * 19


@state("portal:dossier", "the other system is away", status=503)
def dossier_away(there: There) -> str:
    one_stop_there(there)

    def away(code: str) -> Any:
        raise one_stop.Unavailable

    there.patch.setattr(one_stop, "look_up", away)
    return reverse("portal:dossier") + f"?ma={EXAMPLE}"


def one_stop_there(there: There) -> DossierSource:
    """A one-stop system is connected."""
    made, _new = DossierSource.objects.update_or_create(
        pk=1, defaults={"url": "https://motcua.example.vn/ho-so/{code}", "pattern": PATTERN, "example": EXAMPLE,
                        "mapping": MAPPING, "states": {"DANG_XU_LY": "đang giải quyết"}, "active": True},
    )  # fmt: skip
    one_stop.forget()
    return made


def table(**more: Any) -> LookupTable:
    """A published table of night pharmacies, one with a very long name."""
    made = LookupTable.objects.create(
        slug="nha-thuoc", name="Nhà thuốc trực đêm", about="Mở cửa sau 22 giờ, cả ngày lễ.", source="Sở Y tế",
        as_of=date(2022, 2, 14), columns=COLUMNS, generation=1, state=State.PUBLISHED, updated_at=now(), **more,
    )  # fmt: skip
    for number in range(30):
        LookupRow.objects.create(
            table=made, generation=1, number=number, latitude=20.86 + number / 1000, longitude=106.68,
            name=LONG_AGENCY if number == 1 else f"Nhà thuốc Hồng Phúc {number}",
            values={"ten": f"Nhà thuốc Hồng Phúc {number}", "dia_chi": "Số 12, ngõ 61, phố Tam Bạc, phường Hồng Bàng",
                    "dien_thoai": "0225 3842 123", "ghi_chu": LONG_TEXT[:180] if number % 3 else ""},
        )  # fmt: skip
    return made


def _field_at(first: str) -> str:
    _many()
    return f"{reverse('portal:answers')}?{urlencode({'linh-vuc': LONG_FIELD, 'tu': first})}"


def _many() -> None:
    """A field of 134 procedures with a long name, and 87 questions."""
    since = date(2022, 2, 1)
    Procedure.objects.bulk_create(
        Procedure(code=f"9.{n:06}", name=LONG_TEXT[:220] if n % 9 == 0 else f"Cấp giấy xác nhận số {n}", field=LONG_FIELD,
                  state=State.PUBLISHED, valid_from=since, updated_at=now())
        for n in range(134)
    )  # fmt: skip
    missing = 87 - Article.objects.filter(state=State.PUBLISHED).count()
    Article.objects.bulk_create(
        Article(key=f"nhieu-{n}", question=LONG_TEXT[:200] if n % 9 == 0 else f"Việc thứ {n} làm ở đâu?", answer="Ở phường.",
                state=State.PUBLISHED, valid_from=since, updated_at=now())
        for n in range(missing)
    )  # fmt: skip
    revision.advance()


def _article() -> Article:
    return Article.objects.filter(state=State.PUBLISHED).order_by("pk")[0]


def _long() -> Procedure:
    """With everything a procedure may have, at length."""
    row = Procedure.objects.get(code="1.000894")
    papers = [
        {"name": f"{LONG_TEXT[:160]} (bản {n})", "originals": "1", "copies": "2", "form": "Mẫu TK-04", "note": ""}
        for n in range(14)
    ]
    ways = [
        {
            "way": "Trực tuyến",
            "time_limit": "15 ngày làm việc",
            "fee": "Lệ phí: 1.500.000 đồng",
            "note": LONG_TEXT[:140],
        }
    ] * 3
    Procedure.objects.filter(pk=row.pk).update(
        name=f"Cấp giấy chứng nhận {LONG_AGENCY.lower()} " * 3, papers=papers, ways=ways, steps=[LONG_TEXT[:200]] * 9,
        legal_basis=[{"number": f"{n}/2020/NĐ-CP", "title": LONG_TEXT[:120]} for n in range(12)],
        requirements=LONG_TEXT, result=LONG_TEXT[:150],
    )  # fmt: skip
    row.refresh_from_db()
    return row
