"""One case on the desk, and each thing that may be done with it."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from tests.city import HONG_BANG, LE_CHAN, LIGHTING, doubtful, forget_snapshots
from tests.screens.states import There, state
from tests.screens.world import LONG_NAME, LONG_TEXT, UNBROKEN, photo, with_draft, with_files, with_photo
from tongdai.accounts.models import Role, User
from tongdai.cases.actions.ask import ask as ask_citizen
from tongdai.cases.actions.ask_to_withdraw import ask_to_withdraw
from tongdai.cases.actions.correct import correct as correct_answer
from tongdai.cases.actions.decline_support import decline_support
from tongdai.cases.actions.merge import merge as merge_cases
from tongdai.cases.actions.provide_support import provide_support
from tongdai.cases.actions.rate import rate
from tongdai.cases.actions.reopen import reopen as reopen_case
from tongdai.cases.actions.request_support import request_support
from tongdai.cases.actions.return_draft import return_draft as return_it
from tongdai.cases.actions.withdraw import withdraw as withdraw_case
from tongdai.cases.actor import Actor
from tongdai.cases.models import Assignment, Case, Support
from tongdai.channels.sms.inbound import intake
from tongdai.channels.sms.inbound.pdus import Arrival
from tongdai.channels.sms.inbound.retries import Window
from tongdai.channels.sms.models import Link
from tongdai.directory.models import Topic
from tongdai.people.models import Channel
from tongdai.platform.clock import now

CITIZEN = Actor.citizen(channel=Channel.WEB)


def _open(there: There, name: str, who: str = "coordinator", page: str = "case") -> str:
    there.sign_in(who)
    return reverse(f"desk:{page}", args=[there.rows[name].code])


@state("desk:case", "new")
def new(there: There) -> str:
    return _open(there, "new")


@state("desk:case", "urgent")
def urgent(there: There) -> str:
    return _open(there, "urgent")


@state("desk:case", "with photos", printed=True)
def photos(there: There) -> str:
    return _open(there, "photos")


@state("desk:case", "long words", printed=True)
def long_words(there: There) -> str:
    return _open(there, "long")


@state("desk:case", "one long word")
def unbroken(there: There) -> str:
    return _open(there, "unbroken")


@state("desk:case", "answered at length")
def answered(there: There) -> str:
    return _open(there, "answered")


@state("desk:case", "a text that could not be read", words="Không đọc được", printed=True)
def unreadable(there: There) -> str:
    octets = "Nước tràn vào nhà số 12 Lạch Tray, ngập đến đầu gối rồi, cho người xuống xem".encode()
    return _texted(there, octets.replace("ngập".encode(), b"\x80\xff"), data_coding=0)


@state("desk:case", "a text in an old encoding", words="TCVN3")
def old_encoding(there: There) -> str:
    return _texted(there, "R¸c ë ngâ 5 CÇu §Êt ch\xada ai dän".encode("latin-1"), data_coding=3)


def _texted(there: There, octets: bytes, *, data_coding: int) -> str:
    at = there.city.at("2022-02-16 11:00")
    link = Link.objects.create(smsc="127.0.0.1:2775", started_at=at)
    text = Arrival("k", "+84912345678", "+84912345678", "1022", data_coding, octets)
    intake.take_in([text], window=Window(link, 1, 0), at=at)
    there.sign_in("coordinator")
    return reverse("desk:case", args=[Case.objects.order_by("-pk")[0].code])


@state("desk:case", "of an officer, to be accepted")
def to_accept(there: There) -> str:
    return _open(there, "to accept", "officer")


@state("desk:case", "of an officer, late")
def late(there: There) -> str:
    return _open(there, "late", "officer")


@state("desk:case", "a denunciation, for the inspector")
def denunciation(there: There) -> str:
    return _open(there, "denunciation", "inspector")


@state("desk:case", "perhaps a denunciation")
def doubt(there: There) -> str:
    case = there.city.case(doubtful(), name=LONG_NAME, received="2022-02-16 11:00")
    there.sign_in("coordinator")
    return reverse("desk:case", args=[case.code])


@state("desk:case", "the number shown")
def number_shown(there: There) -> HttpResponse:
    client = there.sign_in("coordinator")
    return client.post(f"{reverse('desk:case', args=[there.rows['long'].code])}hien-so/")


@state("desk:case", "no such case", status=404)
def no_such(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:case", args=["73041859261"])


@state("desk:assign", "open")
def assign(there: There) -> str:
    return _open(there, "new", page="assign")


@state("desk:assign", "no agency chosen", status=422)
def assign_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "new", page="assign"), {"note": UNBROKEN})


@state("desk:assign", "somebody else was quicker", status=409)
def assign_late(there: There) -> HttpResponse:
    agency = there.city.agencies[HONG_BANG].pk
    return there.client.post(_open(there, "answered", page="assign"), {"agency": agency, "note": LONG_TEXT})


@state("desk:classify", "open")
def classify(there: There) -> str:
    return _open(there, "unbroken", page="classify")


@state("desk:hand_back", "open")
def hand_back(there: There) -> str:
    return _open(there, "to accept", "officer", "hand_back")


@state("desk:hand_back", "no reason", status=422)
def hand_back_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "to accept", "officer", "hand_back"), {})


@state("desk:extend", "open")
def extend(there: There) -> str:
    return _open(there, "to accept", page="extend")


@state("desk:extend", "no day, no reason", status=422)
def extend_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "to accept", page="extend"), {"until": "hôm qua", "reason": ""})


@state("desk:extend", "a day before the one it has", status=422, words="Hạn mới phải sau hạn đang có")
def extend_refused(there: There) -> HttpResponse:
    return there.client.post(_open(there, "to accept", page="extend"), {"until": "2022-02-17", "reason": LONG_TEXT})


@state("desk:reassign", "open")
def reassign(there: There) -> str:
    return _open(there, "to accept", page="reassign")


@state("desk:reassign", "no agency", status=422)
def reassign_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "to accept", page="reassign"), {"reason": LONG_TEXT})


@state("desk:delegate", "open")
def delegate(there: There) -> str:
    for name in (LONG_NAME, "Nguyễn Thị Hoa", "Trần Văn An"):
        there.city.staff(Role.OFFICER, name, agency=HONG_BANG)
    return _open(there, "accepted", "officer", "delegate")


@state("desk:delegate", "nobody chosen", status=422)
def delegate_wrong(there: There) -> HttpResponse:
    there.city.staff(Role.OFFICER, "Nguyễn Thị Hoa", agency=HONG_BANG)
    return there.client.post(_open(there, "accepted", "officer", "delegate"), {})


@state("desk:delegate", "nobody else is there", words="Cơ quan chưa có ai khác")
def delegate_alone(there: There) -> str:
    User.objects.filter(agency=there.people["officer"].agency).exclude(pk=there.people["officer"].pk).update(
        is_active=False
    )
    return _open(there, "accepted", "officer", "delegate")


@state("desk:case", "who sent it is hidden", words="Giấu với cơ quan xử lý")
def sender_hidden(there: There) -> str:
    return _whose_topic_hides_the_sender(there)


@state("desk:show_sender", "open")
def show_sender_form(there: There) -> str:
    return _whose_topic_hides_the_sender(there, "show_sender")


@state("desk:show_sender", "no reason", status=422)
def show_sender_wrong(there: There) -> HttpResponse:
    return there.client.post(_whose_topic_hides_the_sender(there, "show_sender"), {})


@state("desk:case", "who sent it is shown, for a reason", words="xem người gửi")
def sender_shown(there: There) -> str:
    there.client.post(_whose_topic_hides_the_sender(there, "show_sender"), {"reason": LONG_TEXT[:480]})
    return _open(there, "late", "officer")


def _whose_topic_hides_the_sender(there: There, page: str = "case") -> str:
    Topic.objects.filter(pk=there.rows["late"].topic_id).update(hides_sender=True)
    forget_snapshots()
    return _open(there, "late", "officer", page)


@state("desk:case", "others are asked to help, one of them late", words="Đang nhờ phối hợp")
def helped(there: There) -> str:
    _asked_to_help(there)
    return _open(there, "accepted", "officer")


@state("desk:case", "one's own agency is asked to help", words="Trả lời phối hợp")
def helping(there: There) -> str:
    _asked_to_help(there)
    return _open(there, "accepted", "officer who helps")


@state("desk:inbox", "what one helps with", words="Phối hợp")
def helping_list(there: There) -> str:
    _asked_to_help(there)
    there.sign_in("officer who helps")
    return f"{reverse('desk:inbox')}?khung=to_support"


@state("desk:request_support", "open")
def request_support_form(there: There) -> str:
    return _open(there, "accepted", "officer", "request_support")


@state("desk:request_support", "nothing filled in", status=422)
def request_support_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "accepted", "officer", "request_support"), {})


@state("desk:provide_support", "open")
def provide_support_form(there: There) -> str:
    _asked_to_help(there)
    return _open(there, "accepted", "officer who helps", "provide_support")


@state("desk:provide_support", "no words", status=422)
def provide_support_wrong(there: There) -> HttpResponse:
    _asked_to_help(there)
    return there.client.post(_open(there, "accepted", "officer who helps", "provide_support"), {})


@state("desk:decline_support", "open")
def decline_support_form(there: There) -> str:
    _asked_to_help(there)
    return _open(there, "accepted", "officer who helps", "decline_support")


@state("desk:decline_support", "no reason", status=422)
def decline_support_wrong(there: There) -> HttpResponse:
    _asked_to_help(there)
    return there.client.post(_open(there, "accepted", "officer who helps", "decline_support"), {})


@state("desk:withdraw_support", "open")
def withdraw_support_form(there: There) -> str:
    _asked_to_help(there)
    return _open(there, "accepted", "officer", "withdraw_support")


@state("desk:withdraw_support", "none chosen", status=422)
def withdraw_support_wrong(there: There) -> HttpResponse:
    _asked_to_help(there)
    return there.client.post(_open(there, "accepted", "officer", "withdraw_support"), {})


@state("desk:case", "others have helped, or could not", words="trả lời phối hợp")
def has_been_helped(there: There) -> str:
    case, at = _asked_to_help(there), now()
    case = provide_support(case, by=Actor.staff(there.city.officer(LIGHTING)), words=LONG_TEXT[:900], at=at)
    decline_support(case, by=Actor.staff(there.city.officer(LE_CHAN)), reason=UNBROKEN, at=at)
    return _open(there, "accepted", "officer")


@state("desk:inbox", "one of them has been helped with", words="có trả lời phối hợp")
def helped_list(there: There) -> str:
    case = _asked_to_help(there)
    provide_support(case, by=Actor.staff(there.city.officer(LIGHTING)), words="Của chúng tôi.", at=now())
    there.sign_in("officer")
    return f"{reverse('desk:inbox')}?khung=in_progress"


def _asked_to_help(there: There) -> Case:
    """Two agencies, with much to do; one of them is late."""
    case = Case.objects.get(pk=there.rows["accepted"].pk)
    by = Actor.staff(there.city.officer(HONG_BANG))
    for agency, task in ((LIGHTING, LONG_TEXT[:600]), (LE_CHAN, "Ai quản lý đoạn vỉa hè này?")):
        case = request_support(
            case, by=by, agency=there.city.agencies[agency], task=task, until=case.due_at.date(), at=now()
        )
    Support.objects.filter(agency=there.city.agencies[LE_CHAN]).update(due_at=now() - timedelta(days=2))
    return case


@state("desk:case", "who has it has left the agency", words="không còn ở cơ quan này")
def handler_left(there: There) -> str:
    gone = there.city.staff(Role.OFFICER, LONG_NAME, agency=HONG_BANG)
    Assignment.objects.filter(case=there.rows["accepted"].pk, ended_at=None).update(handler=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return _open(there, "accepted", "officer")


@state("desk:recall", "open")
def recall(there: There) -> str:
    return _open(there, "to accept", page="recall")


@state("desk:case", "a step just done, which can be undone", words="Hoàn tác")
def just_done(there: There) -> str:
    return _a_moment_ago(there)


@state("desk:case", "a step just undone", words="Đã hoàn tác")
def just_undone(there: There) -> str:
    address = _a_moment_ago(there)
    seq = Case.objects.get(pk=there.rows["to accept"].pk).events_count
    with override_settings(UNDO_SECONDS=30):
        there.client.post(reverse("desk:undo", args=[there.rows["to accept"].code, seq]))
    return address


def _a_moment_ago(there: There) -> str:
    with override_settings(UNDO_SECONDS=30):
        there.client.post(_open(there, "to accept", page="extend"), {"until": "25/02/2022", "reason": "Chờ vật tư."})
    return reverse("desk:case", args=[there.rows["to accept"].code])


@state("desk:reject", "open")
def reject(there: There) -> str:
    return _open(there, "new", page="reject")


@state("desk:reject", "no reason", status=422)
def reject_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "new", page="reject"), {})


@state("desk:answer", "open")
def answer(there: There) -> str:
    return _open(there, "accepted", "officer", "answer")


@state("desk:answer", "empty", status=422)
def answer_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "accepted", "officer", "answer"), {"text": ""})


@state("desk:answer", "files refused", status=422, words="không phải ảnh")
def answer_files_wrong(there: There) -> HttpResponse:
    good = SimpleUploadedFile("Ảnh hiện trường sau khi dọn.jpg", photo((800, 600)), content_type="image/jpeg")
    bad = [SimpleUploadedFile(f"{UNBROKEN[:40]}.{end}", b"<html>") for end in ("jpg", "pdf")]
    sent = {"text": LONG_TEXT, "after": [good, bad[0]], "document": bad[1]}
    return there.client.post(_open(there, "accepted", "officer", "answer"), sent)


@state("desk:answer", "proof demanded", status=422, words="phải có ảnh hoặc tài liệu")
def answer_without_proof(there: There) -> HttpResponse:
    Topic.objects.update(proof_required=True)
    return there.client.post(_open(there, "late", "officer", "answer"), {"text": LONG_TEXT})


@state("desk:case", "where the topic demands an approver", words="Trình duyệt")
def needs_an_approver(there: There) -> str:
    Topic.objects.update(approval_required=True)
    return _open(there, "late", "officer")


@state("desk:draft", "open", words="Người duyệt của cơ quan đọc trước")
def draft(there: There) -> str:
    Topic.objects.update(approval_required=True)
    return _open(there, "late", "officer", "draft")


@state("desk:draft", "proof demanded", status=422, words="phải có ảnh hoặc tài liệu")
def draft_without_proof(there: There) -> HttpResponse:
    Topic.objects.update(approval_required=True, proof_required=True)
    return there.client.post(_open(there, "late", "officer", "draft"), {"text": LONG_TEXT})


@state("desk:draft", "no approver", words="chưa có người duyệt")
def draft_without_approver(there: There) -> str:
    Topic.objects.update(approval_required=True)
    User.objects.filter(role=Role.APPROVER).update(is_active=False)
    return _open(there, "late", "officer", "draft")


@state("desk:draft", "returned, to be mended", words="Cần sửa:")
def draft_returned(there: There) -> str:
    return _returned(there, "draft")


@state("desk:case", "a draft, for its approver", words="Duyệt và gửi người dân", printed=True)
def drafted(there: There) -> str:
    return _drafted(there, "approver")


@state("desk:case", "a draft at length, for its approver", words="Duyệt và gửi người dân")
def drafted_at_length(there: There) -> str:
    return _drafted(there, "approver", text=LONG_TEXT * 4)


@state("desk:case", "a draft, for its author", words="Rút lại dự thảo")
def drafted_by_oneself(there: There) -> str:
    return _drafted(there, "officer")


@state("desk:case", "a draft, for the coordinator", words="Dự thảo chờ duyệt")
def drafted_elsewhere(there: There) -> str:
    return _drafted(there, "coordinator")


@state("desk:case", "a returned draft, for its officers", words="Dự thảo cần sửa")
def returned(there: There) -> str:
    return _returned(there, "case")


@state("desk:approve", "open", words="Duyệt và gửi người dân")
def approve(there: There) -> str:
    return _drafted(there, "approver", "approve")


@state("desk:approve", "not read", status=422, words="Hãy đọc dự thảo")
def approve_unread(there: There) -> HttpResponse:
    return there.client.post(_drafted(there, "approver", "approve"), {})


@state("desk:case", "approved", words="Đã duyệt: phiếu")
def approved(there: There) -> HttpResponse:
    where = _drafted(there, "approver", "approve")
    seen = there.rows["late"].drafts.get().pk
    return there.client.post(where, {"seen": seen}, follow=True)


@state("desk:return_draft", "open", words="Người soạn thấy lời này trước tiên")
def return_draft(there: There) -> str:
    return _drafted(there, "approver", "return_draft")


@state("desk:return_draft", "no words", status=422, words="Hãy viết cần sửa gì")
def return_draft_wrong(there: There) -> HttpResponse:
    return there.client.post(_drafted(there, "approver", "return_draft"), {"words": " "})


def _drafted(there: There, who: str, page: str = "case", text: str = LONG_TEXT) -> str:
    Topic.objects.update(approval_required=True)
    with_photo(there.rows["late"], 1, (1600, 1200), at=now())
    with_draft(there.rows["late"], by=there.people["officer"], text=text, at=now())
    return _open(there, "late", who, page)


def _returned(there: There, page: str) -> str:
    _drafted(there, "approver")
    return_it(there.rows["late"], by=Actor.staff(there.people["approver"]), words=LONG_TEXT, at=now())
    return _open(there, "late", "officer", page)


@state("desk:case", "answered, with photos and a document", words="Biên bản nghiệm thu", printed=True)
def answered_with_files(there: There) -> str:
    with_files(there.rows["photos"], at=now())
    return _open(there, "photos")


@state("desk:correct", "open")
def correct(there: There) -> str:
    with_files(there.rows["photos"], at=now())
    return _open(there, "photos", "officer", "correct")


@state("desk:correct", "no reason", status=422)
def correct_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "photos", "officer", "correct"), {"text": LONG_TEXT, "reason": ""})


@state("desk:case", "corrected", words="Xem lời trước")
def corrected(there: There) -> str:
    with_files(there.rows["photos"], at=now())
    by = Actor.staff(there.people["officer"])
    correct_answer(there.rows["photos"], by=by, text=LONG_TEXT, reason=LONG_TEXT, at=now())
    return _open(there, "photos")


@state("desk:case", "withdrawn", words="Người dân rút phiếu")
def withdrawn(there: There) -> str:
    withdraw_case(there.rows["accepted"], by=CITIZEN, words=LONG_TEXT, at=now())
    return _open(there, "accepted")


@state("desk:case", "rated", words="Người dân đánh giá")
def rated(there: There) -> str:
    rate(there.rows["answered"], by=CITIZEN, stars=2, words=LONG_TEXT, at=now())
    return _open(there, "answered")


@state("desk:case", "reopened", words="phiếu mở lại, về")
def reopened(there: There) -> str:
    there.rows["answered"].answers.update(answered_at=now())
    reopen_case(there.rows["answered"], by=CITIZEN, words=LONG_TEXT, at=now())
    return _open(there, "answered")


@state("desk:reopen", "open")
def reopen(there: There) -> str:
    return _open(there, "answered", page="reopen")


@state("desk:reopen", "no words", status=422)
def reopen_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "answered", page="reopen"), {})


@state("desk:case", "waiting for its citizen", words="Chờ người dân")
def waiting(there: There) -> str:
    return _waiting(there, "case", LONG_TEXT[:900])


@state("desk:ask", "open", words="Người dân đọc đúng lời này")
def ask(there: There) -> str:
    return _open(there, "accepted", page="ask")


@state("desk:ask", "nothing asked", status=422)
def ask_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "accepted", page="ask"), {"words": ""})


@state("desk:ask", "nobody to be asked", words="không để lại số")
def ask_nobody(there: There) -> str:
    Case.objects.filter(pk=there.rows["accepted"].pk).update(contact=None)
    return _open(there, "accepted", page="ask")


@state("desk:merge", "the likeliest", words="Loa kéo hát to đến nửa đêm ở ngõ 3")
def merge(there: There) -> str:
    return _alike(there, "merge")


@state("desk:merge", "none alike", words="không có phiếu nào giống")
def merge_none(there: There) -> str:
    return _open(there, "unbroken", page="merge")


@state("desk:merge", "another by its code, looked at first", status=422, words="bấm ghép lần nữa")
def merge_by_code(there: There) -> HttpResponse:
    return there.client.post(_alike(there, "merge"), {"code": there.rows["long"].code})


@state("desk:merge", "nothing chosen", status=422, words="Hãy chọn một phiếu")
def merge_wrong(there: There) -> HttpResponse:
    return there.client.post(_alike(there, "merge"), {})


@state("desk:case", "merged into another one", words="đi theo phiếu chính")
def merged(there: There) -> str:
    _merged(there)
    return _open(there, "new")


@state("desk:unmerge", "asked once more", words="hạn đã hứa")
def unmerge(there: There) -> str:
    _merged(there)
    return _open(there, "new", page="unmerge")


@state("desk:case", "others follow it", words="phiếu khác đi theo phiếu này", printed=True)
def leads(there: There) -> str:
    _merged(there)
    return _open(there, "accepted", "officer")


@state("desk:answer", "others follow it", words="không nêu tên")
def answer_to_many(there: There) -> str:
    _merged(there)
    return _open(there, "accepted", "officer", "answer")


@state("desk:reply", "open")
def reply(there: There) -> str:
    return _waiting(there, "reply")


@state("desk:reply", "nothing said", status=422)
def reply_wrong(there: There) -> HttpResponse:
    return there.client.post(_waiting(there, "reply"), {"words": ""})


@state("desk:case", "goes on without a reply", words="không chờ trả lời")
def go_on(there: There) -> HttpResponse:
    return there.client.post(_waiting(there, "go_on"), follow=True)


def _alike(there: There, page: str) -> str:
    case = there.city.case(
        "Loa kéo hát to quá, ngõ 4", place="Lê Chân", received="2022-02-16 11:00", phone="+84904000077"
    )
    there.sign_in("coordinator")
    return reverse(f"desk:{page}", args=[case.code])


def _merged(there: There) -> None:
    """A new case and one by text follow one that an officer has in hand."""
    by = Actor.staff(there.people["coordinator"])
    for name in ("new", "by text"):
        merge_cases(there.rows[name], into=there.rows["accepted"], by=by, at=now())


def _waiting(there: There, page: str, words: str = "Rác ở đoạn nào, trước số nhà bao nhiêu?") -> str:
    ask_citizen(there.rows["accepted"], by=Actor.staff(there.city.coordinator), words=words, at=now())
    return _open(there, "accepted", page=page)


@state("desk:note", "open")
def note(there: There) -> str:
    return _open(there, "accepted", page="note")


@state("desk:note", "nothing written", status=422)
def note_wrong(there: There) -> HttpResponse:
    return there.client.post(_open(there, "accepted", page="note"), {"words": ""})


@state("desk:case", "noted", words="Ghi chú nội bộ")
def noted(there: There) -> HttpResponse:
    return there.client.post(_open(there, "accepted", page="note"), {"words": LONG_TEXT}, follow=True)


def _asked(there: There) -> str:
    ask_to_withdraw(there.rows["denunciation"], by=CITIZEN, words=LONG_TEXT, at=now())
    return _open(there, "denunciation", "inspector", "withdraw")


@state("desk:withdraw", "open")
def withdraw(there: There) -> str:
    return _asked(there)


@state("desk:withdraw", "no words", status=422)
def withdraw_wrong(there: There) -> HttpResponse:
    return there.client.post(_asked(there), {})


@state("desk:mark_denunciation", "open")
def mark(there: There) -> str:
    return _open(there, "new", page="mark_denunciation")


@state("desk:unmark_denunciation", "open")
def unmark(there: There) -> str:
    return _open(there, "denunciation", "inspector", "unmark_denunciation")


@state("desk:name_denounced", "open")
def name_denounced(there: There) -> str:
    return _open(there, "denunciation", "inspector", "name_denounced")
