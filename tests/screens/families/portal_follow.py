"""A case as its citizen follows it, and as anybody sees it who has the code."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import reverse

from tests.city import HONG_BANG, LIGHTING, forget_snapshots
from tests.screens.states import There, state
from tests.screens.world import LONG_TEXT, with_files
from tongdai.cases.access import links
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.correct import correct
from tongdai.cases.actions.go_on import go_on
from tongdai.cases.actions.merge import merge
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.request_support import request_support
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.models import CaseLink, Rejection
from tongdai.channels import links as links_in_texts
from tongdai.directory.models import Topic
from tongdai.people.models import Channel
from tongdai.platform.clock import now


@state("portal:case", "for anybody")
def for_anybody(there: There) -> str:
    return _case(there, "accepted")


@state("portal:case", "for anybody, answered")
def answered_for_anybody(there: There) -> str:
    return _case(there, "photos")


@state("portal:case", "wrong digits", status=422)
def wrong_digits(there: There) -> HttpResponse:
    return there.client.post(_case(there, "answered"), {"digits": "0000"})


@state("portal:case", "too many tries", status=429)
def too_many(there: There) -> HttpResponse:
    for _try in range(6):
        there.client.post(_case(there, "answered"), {"digits": "0000"})
    return there.client.post(_case(there, "answered"), {"digits": "0000"})


@state("portal:case", "no such case", status=404)
def no_such(there: There) -> str:
    return reverse("portal:case", args=["73041859261"])


@state("portal:case", "just received")
def received(there: There) -> str:
    return _mine(there, "new")


@state("portal:case", "the agency sees no name", words="Cơ quan xử lý không thấy tên")
def the_agency_sees_no_name(there: There) -> str:
    Topic.objects.filter(pk=there.rows["late"].topic_id).update(hides_sender=True)
    forget_snapshots()
    return _mine(there, "late")


@state("portal:case", "another agency takes part", words="cùng tham gia xử lý", printed=True)
def helped(there: There) -> str:
    case = there.rows["accepted"]
    by, at = Actor.staff(there.city.officer(HONG_BANG)), now()
    agency, until = there.city.agencies[LIGHTING], case.due_at.date()
    request_support(case, by=by, agency=agency, task=LONG_TEXT[:600], until=until, at=at)
    return _mine(there, "accepted")


@state("portal:case", "urgent")
def urgent(there: There) -> str:
    return _mine(there, "urgent")


@state("portal:case", "long words")
def long_words(there: There) -> str:
    return _mine(there, "long")


@state("portal:case", "one long word")
def unbroken(there: There) -> str:
    return _mine(there, "unbroken")


@state("portal:case", "late")
def late(there: There) -> str:
    return _mine(there, "late")


@state("portal:case", "in danger perhaps, nobody rung", words="đang chuyển đến cơ quan có trách nhiệm")
def no_date(there: There) -> str:
    there.rows["beaten"] = there.city.case("Tôi bị chồng đánh, xin hỏi thủ tục ly hôn")
    return _mine(there, "beaten")


@state("portal:case", "answered at length", printed=True)
def answered(there: There) -> str:
    return _mine(there, "answered")


@state("portal:case", "answered, with photos", printed=True)
def photos(there: There) -> str:
    return _mine(there, "photos")


@state("portal:case", "answered, with photos before and after", words="Ảnh trước khi xử lý", printed=True)
def before_and_after(there: There) -> str:
    with_files(there.rows["photos"], at=now())
    return _mine(there, "photos")


@state("portal:case", "corrected", words="Xem lời trước")
def corrected(there: There) -> str:
    with_files(there.rows["photos"], at=now())
    by = Actor.staff(there.people["officer"])
    correct(there.rows["photos"], by=by, text=LONG_TEXT, reason=LONG_TEXT, at=now())
    return _mine(there, "photos")


@state("portal:case", "rejected")
def rejected(there: There) -> str:
    case = there.rows["new"]
    reject(
        case, by=Actor.staff(there.people["coordinator"]), ground=Rejection.Ground.values[0], reason=LONG_TEXT, at=now()
    )
    return _mine(there, "new")


@state("portal:case", "withdrawn", words="Bạn rút phiếu này")
def withdrawn(there: There) -> str:
    _withdraw(there, "long")
    return _mine(there, "long")


@state("portal:case", "withdrawn, for anybody", words="Người gửi đã rút phiếu này")
def withdrawn_for_anybody(there: There) -> str:
    _withdraw(there, "accepted")
    return _case(there, "accepted")


@state("portal:case", "merged", words="các phiếu được xử lý chung")
def merged(there: There) -> str:
    by = Actor.staff(there.people["coordinator"])
    merge(there.rows["new"], into=there.rows["accepted"], by=by, at=now())
    return _mine(there, "new")


@state("portal:rating", "five choices")
def rating(there: There) -> str:
    return _rating(there)


@state("portal:rating", "nothing chosen, words too long", status=422)
def rating_wrong(there: There) -> HttpResponse:
    return there.client.post(_rating(there), {"words": "Đã sửa. " * 200})


@state("portal:case", "rated", words="Đã ghi đánh giá của bạn")
def rated(there: There) -> HttpResponse:
    return there.client.post(_rating(there), {"stars": "2", "words": LONG_TEXT}, follow=True)


@state("portal:reopening", "what is not settled")
def reopening(there: There) -> str:
    return _reopening(there)


@state("portal:reopening", "nothing said", status=422)
def reopening_wrong(there: There) -> HttpResponse:
    return there.client.post(_reopening(there), {"words": ""})


@state("portal:case", "reopened", words="Bạn yêu cầu xem lại")
def reopened(there: There) -> HttpResponse:
    return there.client.post(_reopening(there), {"words": LONG_TEXT[:1500]}, follow=True)


@state("portal:case", "asked, for anybody", words="chờ người gửi trả lời")
def asked_for_anybody(there: There) -> str:
    _ask(there)
    return reverse("portal:case", args=[there.rows["accepted"].code])


@state("portal:case", "asked", words="Thành phố hỏi bạn")
def asked(there: There) -> str:
    _ask(there, LONG_TEXT[:900])
    return _mine(there, "accepted")


@state("portal:case", "replied", words="Bạn trả lời")
def replied(there: There) -> HttpResponse:
    return there.client.post(_replying(there), {"words": LONG_TEXT[:600], "key": "k" * 22}, follow=True)


@state("portal:reply", "open", words="Trả lời của bạn")
def replying(there: There) -> str:
    return _replying(there)


@state("portal:reply", "nothing said", status=422)
def replying_wrong(there: There) -> HttpResponse:
    return there.client.post(_replying(there), {"words": ""})


@state("portal:reply", "too late", status=409, words="không còn chờ trả lời")
def replying_too_late(there: There) -> HttpResponse:
    address = _replying(there)
    go_on(there.rows["accepted"], by=Actor.staff(there.city.coordinator), at=now())
    return there.client.post(address, {"words": LONG_TEXT[:900]})


@state("portal:withdrawal", "asked once more")
def withdrawal(there: There) -> str:
    return _withdrawal(there, "accepted")


@state("portal:withdrawal", "of an urgent case", words="Xin rút phiếu")
def withdrawal_urgent(there: There) -> str:
    return _withdrawal(there, "urgent")


@state("portal:withdrawal", "of a denunciation", words="Luật Tố cáo")
def withdrawal_denunciation(there: There) -> str:
    return _withdrawal(there, "denunciation")


@state("portal:withdrawal", "words too long", status=422)
def withdrawal_too_long(there: There) -> HttpResponse:
    return there.client.post(_withdrawal(there, "accepted"), {"words": "Đã sửa. " * 200})


@state("portal:case_by_link", "expired", status=410)
def expired(there: There) -> str:
    link = links.give(there.rows["answered"], purpose=CaseLink.Purpose.TEXT, at=now())
    CaseLink.objects.filter(pk=link.pk).update(expires_at=now() - timedelta(days=1))
    return urlsplit(links_in_texts.address(link)).path


@state("portal:data", "nothing asked yet")
def data(there: There) -> str:
    return _data(there, "answered")


@state("portal:data", "asked")
def data_asked(there: There) -> str:
    address = _data(there, "answered")
    for kind in ("correction", "erasure", "objection"):
        there.client.post(address, {"kind": kind, "words": LONG_TEXT})
    return address


@state("portal:data", "nothing said", status=422)
def data_wrong(there: There) -> HttpResponse:
    return there.client.post(_data(there, "answered"), {"kind": "correction", "words": ""})


def _case(there: There, name: str) -> str:
    return reverse("portal:case", args=[there.rows[name].code])


def _mine(there: There, name: str) -> str:
    there.remember(there.rows[name])
    return _case(there, name)


def _withdraw(there: There, name: str) -> None:
    withdraw(there.rows[name], by=Actor.citizen(channel=Channel.WEB), words=LONG_TEXT, at=now())


def _rating(there: There) -> str:
    there.remember(there.rows["photos"])
    return reverse("portal:rating", args=[there.rows["photos"].code])


def _reopening(there: There) -> str:
    there.rows["photos"].answers.update(answered_at=now())
    there.remember(there.rows["photos"])
    return reverse("portal:reopening", args=[there.rows["photos"].code])


def _ask(there: There, words: str = "Rác ở đoạn nào, trước số nhà bao nhiêu?") -> None:
    ask(there.rows["accepted"], by=Actor.staff(there.city.coordinator), words=words, at=now())


def _replying(there: There) -> str:
    _ask(there)
    there.remember(there.rows["accepted"])
    return reverse("portal:reply", args=[there.rows["accepted"].code])


def _withdrawal(there: There, name: str) -> str:
    there.remember(there.rows[name])
    return reverse("portal:withdrawal", args=[there.rows[name].code])


def _data(there: There, name: str) -> str:
    there.remember(there.rows[name])
    return reverse("portal:data", args=[there.rows[name].code])
