"""Where a topic demands it an approver reads an answer first: draft, approve, return; and nothing of a draft gets out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, City
from tongdai.accounts.models import Role, User
from tongdai.cases import drafts, queries, standing
from tongdai.cases.actions.answer import MOST_FILES, Attached, answer
from tongdai.cases.actions.approve import approve
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.correct import correct
from tongdai.cases.actions.draft import draft
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.join import join
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.register import Photo
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.reopen import reopen
from tongdai.cases.actions.reply import reply
from tongdai.cases.actions.return_draft import return_draft
from tongdai.cases.actions.take_back import take_back
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Answer, Attachment, Case, Draft, DraftFile
from tongdai.cases.search import found
from tongdai.cases.states import ActionRefused, State
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.models import Channel, Interaction
from tongdai.privacy.copies import copy_of
from tongdai.privacy.erasure import erase
from tongdai.reports.figures import total_of
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)
WORDS = "Đội vệ sinh dọn xong bãi rác ngõ Xuyến sáng 15.02."
WANTED = "Nêu tên đội trưởng Quýnh chịu trách nhiệm."
Kind = Attachment.Kind


@pytest.fixture(autouse=True)
def demands_an_approver(city: City) -> None:
    city.topics["waste"].approval_required = True
    city.topics["waste"].save()
    approver(city)


def approver(city: City, name: str = "Lê Thị Duyệt", agency: str = HONG_BANG) -> User:
    known = User.objects.filter(full_name=name, agency=city.agencies[agency]).first()
    return known or city.staff(Role.APPROVER, name, agency=agency)


def file(name: str, kind: Kind = Kind.AFTER) -> Attached:
    content_type = "application/pdf" if kind is Kind.DOCUMENT else "image/jpeg"
    size = 0 if kind is Kind.DOCUMENT else 800
    return Attached(Photo(f"t/{name}", content_type, 3, size, size, "0" * 64), kind, name if size == 0 else "")


def in_hand(city: City, **more: object) -> Case:
    return city.case(lead=HONG_BANG, accepted=True, topic="waste", **more)


def drafted(city: City, case: Case | None = None, *, text: str = WORDS, at: str = "2022-02-15 09:00", **more) -> Case:  # type: ignore[no-untyped-def]
    by = Actor.staff(city.officer(HONG_BANG))
    return draft(case or in_hand(city), by=by, text=text, at=city.at(at), **more)


def returned(city: City, case: Case, *, words: str = WANTED, at: str = "2022-02-15 10:00") -> Case:
    return return_draft(case, by=Actor.staff(approver(city)), words=words, at=city.at(at))


def approved(city: City, case: Case, *, at: str = "2022-02-15 14:00", by: User | None = None) -> Case:
    return approve(case, by=Actor.staff(by or approver(city)), at=city.at(at))


def refusal(do: Callable[[], object]) -> str:
    with pytest.raises(ActionRefused) as refused:
        do()
    return refused.value.why


def files_to_go() -> list[str]:
    """The files in the storage that a job is to delete."""
    jobs = ProcrastinateJob.objects.filter(task_name=drafts.DELETE_FILES)
    return sorted(name for job in jobs for name in job.args["names"])


# ── draft, approve ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_officers_answer_is_refused_where_the_topic_demands_an_approver(city: City) -> None:
    case, officer, at = in_hand(city), Actor.staff(city.officer(HONG_BANG)), city.at("2022-02-15 09:00")
    why = refusal(lambda: answer(case, by=officer, text="Đã dọn.", at=at))
    assert "Rác thải, môi trường" in why and "Trình duyệt" in why and not Answer.objects.exists()
    given = answer(case, by=Actor.staff(approver(city)), text="Đã dọn.", at=at)
    assert given.state == State.ANSWERED and given.answers.get().approved_by is None


def test_the_coordinator_sends_such_a_case_to_its_agency_instead_of_answering(city: City) -> None:
    case, by = city.case(topic="waste"), Actor.staff(city.coordinator)
    why = refusal(lambda: answer(case, by=by, text="Đã dọn.", at=city.at("2022-02-14 09:00")))
    assert "chuyển phiếu cho cơ quan" in why


def test_a_draft_waits_where_the_case_stands_and_the_clock_runs_on(city: City) -> None:
    case = drafted(city)
    assert (case.state, case.drafted_at, case.answered_at) == (
        State.IN_PROGRESS, city.at("2022-02-15 09:00"), None,
    )  # fmt: skip
    assert standing.running(case) is standing.Clock.ANSWER and case.due_at == city.at("2022-02-21 08:00")
    assert standing.is_overdue(case, at=city.at("2022-02-21 08:01"))
    assert WORDS not in json.dumps(case.events.last().changed)  # type: ignore[union-attr]
    assert not Answer.objects.exists()


def test_an_approved_draft_is_its_authors_answer_at_the_moment_of_approval(city: City) -> None:
    case = approved(city, drafted(city, attached=[file("truoc.jpg", Kind.BEFORE), file("bb.pdf", Kind.DOCUMENT)]))
    given = case.answers.get()
    assert (given.author, given.approved_by, given.agency) == (
        city.officer(HONG_BANG), approver(city), city.agencies[HONG_BANG],
    )  # fmt: skip
    assert (given.text, given.answered_at, case.answered_at) == (
        WORDS, city.at("2022-02-15 14:00"), city.at("2022-02-15 14:00"),
    )  # fmt: skip
    assert (case.state, case.drafted_at, drafts.current(case)) == (State.ANSWERED, None, None)
    assert [(each.kind, each.name, each.file) for each in case.attachments.order_by("pk")] == [
        ("before", "", "t/truoc.jpg"), ("document", "bb.pdf", "t/bb.pdf"),
    ]  # fmt: skip
    assert not DraftFile.objects.exists() and files_to_go() == []  # the very files of the draft
    step = history(case)[-1]
    assert (step.action, step.answer, len(step.photos), len(step.documents)) == ("approve", given, 1, 1)
    assert found(city.coordinator, "ngõ Xuyến").filter(pk=case.pk).exists()


def test_its_citizen_is_told_as_of_any_answer_and_rates_it(city: City) -> None:
    case = approved(city, drafted(city, in_hand(city, channel=Channel.SMS, proven=True)))
    notify_citizen(case.events.get(action="approve").pk)
    text = Interaction.objects.filter(direction="out", case_link__case=case).latest("pk")
    assert WORDS in text.body and text.purpose == "answer" and "Lê Thị Duyệt" not in text.body


def test_figures_count_it_from_its_approval(city: City) -> None:
    february = Period(city.at("2022-02-01 00:00").date(), city.at("2022-02-28 00:00").date())
    case = drafted(city)
    assert total_of(february)[0].answered == 0
    approved(city, case, at="2022-02-21 08:01")
    figures, _hours = total_of(february)
    assert (figures.answered, figures.on_time) == (1, 0)
    day = queries.figures_between(city.at("2022-02-21 00:00"), city.at("2022-02-21 23:00"))
    assert day.answered == 1


def test_nobody_approves_or_returns_a_draft_of_their_own(city: City) -> None:
    head, at = approver(city), city.at("2022-02-15 09:00")
    approver(city, "Phạm Thứ Hai")
    case = draft(in_hand(city), by=Actor.staff(head), text=WORDS, at=at)
    assert "không tự duyệt" in refusal(lambda: approve(case, by=Actor.staff(head), at=at))
    assert "không tự duyệt" in refusal(lambda: return_draft(case, by=Actor.staff(head), words="-", at=at))
    assert approved(city, case, by=approver(city, "Phạm Thứ Hai")).answers.get().author == head


def test_any_approver_of_that_agency_approves_and_none_of_another(city: City) -> None:
    case, at = drafted(city), city.at("2022-02-15 14:00")
    others = [approver(city, agency=LE_CHAN), city.officer(HONG_BANG), city.coordinator, city.leader, city.admin]
    for other in others:
        refusal(lambda by=other: approve(case, by=Actor.staff(by), at=at))  # type: ignore[misc]
        refusal(lambda by=other: return_draft(case, by=Actor.staff(by), words="-", at=at))  # type: ignore[misc]
    deputy = approver(city, "Ngô Phó Phòng")
    assert approved(city, case, by=deputy).answers.get().approved_by == deputy


def test_an_agency_without_another_approver_is_told_so(city: City) -> None:
    User.objects.filter(role=Role.APPROVER).update(is_active=False)
    assert "chưa có người duyệt" in refusal(lambda: drafted(city))


def test_a_topic_that_demands_none_is_answered_at_once(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True, topic="lighting")
    assert "không cần người duyệt" in refusal(lambda: drafted(city, case))


def test_proof_is_demanded_of_a_draft_and_once_more_of_what_is_approved(city: City) -> None:
    case = drafted(city)
    city.topics["waste"].proof_required = True
    city.topics["waste"].save()
    assert "phải có ảnh hoặc tài liệu" in refusal(lambda: approved(city, case))
    case = returned(city, case)
    with pytest.raises(ActionRefused) as refused:
        drafted(city, case, at="2022-02-15 11:00")
    assert refused.value.argument == "attached"
    many = [file(f"{n}.jpg") for n in range(MOST_FILES + 1)]
    assert "tối đa 10 tệp" in refusal(lambda: drafted(city, case, attached=many))
    case = drafted(city, case, attached=many[:1], at="2022-02-15 11:00")
    assert approved(city, case).state == State.ANSWERED


# ── return, take back, draft once more ────────────────────────────────────────────────────────────────────────────────
def test_a_returned_draft_is_mended_and_takes_the_place_of_the_first(city: City) -> None:
    case = returned(city, drafted(city, attached=[file("mo.jpg"), file("ro.jpg")]))
    back = drafts.current(case)
    assert back and (back.text, back.wanted, back.returned_by) == (WORDS, WANTED, approver(city))
    assert (case.state, case.drafted_at, case.draft_returned_at) == (
        State.IN_PROGRESS, None, city.at("2022-02-15 10:00"),
    )  # fmt: skip
    [blurred, sharp] = drafts.files_of(back)
    case = drafted(
        city, case, text="Đội trưởng Quýnh: đã dọn.", at="2022-02-15 11:00", seen=back.pk, left_out=[blurred.pk],
        attached=[file("them.jpg")],
    )  # fmt: skip
    now = drafts.current(case)
    assert now and (now.text, case.draft_returned_at) == ("Đội trưởng Quýnh: đã dọn.", None)
    assert [each.file for each in drafts.files_of(now)] == ["t/ro.jpg", "t/them.jpg"] and files_to_go() == ["t/mo.jpg"]
    case = approved(city, case)
    assert [step.action for step in history(case)][-4:] == ["draft", "return_draft", "draft", "approve"]
    assert [each.file for each in case.attachments.order_by("pk")] == ["t/ro.jpg", "t/them.jpg"]
    first, returning, second, _approval = history(case)[-4:]
    assert first.draft and returning.draft and second.draft
    assert (first.draft.text, returning.draft.wanted, second.draft.text) == (
        WORDS, WANTED, "Đội trưởng Quýnh: đã dọn.",
    )  # fmt: skip


def test_its_author_takes_a_draft_back_while_nobody_has_decided(city: City) -> None:
    case, at = drafted(city), city.at("2022-02-15 09:30")
    other = city.staff(Role.OFFICER, "Vũ Văn Khác", agency=HONG_BANG)
    assert "Chỉ người soạn" in refusal(lambda: take_back(case, by=Actor.staff(other), at=at))
    case = take_back(case, by=Actor.staff(city.officer(HONG_BANG)), at=at)
    back = drafts.current(case)
    assert back and back.wanted == "" and case.drafted_at is None
    assert "Không còn dự thảo" in refusal(lambda: approved(city, case))
    assert approved(city, drafted(city, case, at="2022-02-15 10:00")).state == State.ANSWERED


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_it_stands_first_before_approvers_and_the_returned_before_officers(
    city: City, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    case, head, officer = drafted(city), approver(city), city.officer(HONG_BANG)
    assert city.inbox(head) == [case] == city.inbox(officer, "to_approve")
    assert city.inbox(officer, "in_progress") == [] == city.inbox(approver(city, agency=LE_CHAN))
    assert (queries.counts(head)["to_approve"], queries.counts(officer)["to_mend"]) == (1, 0)
    case = returned(city, case)
    assert city.inbox(head) == [] and city.inbox(officer, "to_mend") == [case] == city.inbox(officer, "in_progress")
    with django_assert_num_queries(2):  # its cases, and what it helps with
        counts = queries.counts(officer)
    assert (counts["to_approve"], counts["to_mend"]) == (0, 1)


def test_a_draft_of_a_case_nobody_accepted_waits_for_the_approver_alone(city: City) -> None:
    case = drafted(city, city.case(lead=HONG_BANG, topic="waste"))
    assert case.state == State.ASSIGNED
    assert city.inbox(city.officer(HONG_BANG), "to_accept") == [] and city.inbox(approver(city)) == [case]


# ── what ends a draft ─────────────────────────────────────────────────────────────────────────────────────────────────
def answered_otherwise(city: City, case: Case) -> Case:
    return answer(case, by=Actor.staff(approver(city)), text="Đã dọn.", at=city.at("2022-02-15 12:00"))


def withdrawn(city: City, case: Case) -> Case:
    return withdraw(case, by=CITIZEN, words="Đã sạch.", at=city.at("2022-02-15 12:00"))


def handed_back(city: City, case: Case) -> Case:
    officer = Actor.staff(city.officer(HONG_BANG))
    return hand_back(case, by=officer, reason="Thuộc phường bên", at=city.at("2022-02-15 12:00"))


def rejected(city: City, case: Case) -> Case:
    at, by = city.at("2022-02-15 12:30"), Actor.staff(city.coordinator)
    return reject(handed_back(city, case), by=by, ground="no_content", reason="Chưa rõ.", at=at)


def reassigned(city: City, case: Case) -> Case:
    at, by = city.at("2022-02-15 12:30"), Actor.staff(city.coordinator)
    return assign(handed_back(city, case), by=by, agency=city.agencies[LE_CHAN], at=at)


def denounced(city: City, case: Case) -> Case:
    return mark_denunciation(case, by=CITIZEN, at=city.at("2022-02-15 12:00"))


@pytest.mark.parametrize("stage", [drafted, returned])
@pytest.mark.parametrize("end", [answered_otherwise, withdrawn, handed_back, rejected, reassigned, denounced])
def test_a_draft_ends_with_the_cases_stay_at_its_agency(
    city: City, end: Callable[[City, Case], Case], stage: Callable[..., Case]
) -> None:
    case = drafted(city, attached=[file("sau.jpg")])
    case = end(city, case if stage is drafted else returned(city, case))
    assert (case.drafted_at, case.draft_returned_at, drafts.current(case)) == (None, None, None)
    assert Draft.objects.get(case=case).ended_at is not None
    assert not DraftFile.objects.exists() and files_to_go() == ["t/sau.jpg"]
    assert not Attachment.objects.filter(case=case).exists()
    assert not Answer.objects.filter(case=case, text=WORDS).exists()
    for by in (approver(city), approver(city, agency=LE_CHAN)):
        refusal(lambda by=by: approve(case, by=Actor.staff(by), at=city.at("2022-02-15 13:00")))  # type: ignore[misc]


def test_erasing_blanks_what_drafts_said(city: City) -> None:
    case = approved(city, drafted(city, returned(city, drafted(city)), text="Quýnh đã dọn.", at="2022-02-15 11:00"))
    assert erase(case, because="request", at=city.at("2022-02-20 09:00"))
    assert set(Draft.objects.filter(case=case).values_list("text", "wanted")) == {("", "")}
    assert not DraftFile.objects.exists()


def test_after_a_reopening_the_second_answer_needs_an_approver_too(city: City) -> None:
    case = reopen(approved(city, drafted(city)), by=CITIZEN, words="Vẫn còn rác.", at=city.at("2022-02-17 10:00"))
    assert case.state == State.ASSIGNED and drafts.current(case) is None
    officer, at = Actor.staff(city.officer(HONG_BANG)), city.at("2022-02-18 09:00")
    refusal(lambda: answer(case, by=officer, text="Dọn lại.", at=at))
    case = approved(city, drafted(city, case, text="Dọn lại.", at="2022-02-18 09:00"), at="2022-02-18 10:00")
    assert (case.answers.count(), case.answered_at) == (2, city.at("2022-02-15 14:00"))


def test_only_an_approver_corrects_what_needed_one(city: City) -> None:
    case, at = approved(city, drafted(city)), city.at("2022-02-16 09:00")
    for by in (city.officer(HONG_BANG), city.coordinator):
        why = refusal(lambda by=by: correct(case, by=Actor.staff(by), text="Đã dọn.", reason="Nhầm.", at=at))  # type: ignore[misc]
        assert "chỉ người duyệt" in why
    assert correct(case, by=Actor.staff(approver(city)), text="Đã dọn.", reason="Nhầm.", at=at).answers.count() == 2


# ── the citizen is asked, or speaks ───────────────────────────────────────────────────────────────────────────────────
def test_nobody_is_asked_while_a_draft_waits_nor_is_a_draft_handed_in_while_they_are(city: City) -> None:
    officer, case = Actor.staff(city.officer(HONG_BANG)), drafted(city)
    why = refusal(lambda: ask(case, by=officer, words="Ở đoạn nào?", at=city.at("2022-02-15 09:30")))
    assert "đang chờ duyệt" in why
    case = ask(returned(city, case), by=officer, words="Ở đoạn nào?", at=city.at("2022-02-15 10:30"))
    assert "đang chờ người dân" in refusal(lambda: drafted(city, case, at="2022-02-15 11:00"))
    back = drafts.current(case)
    assert back and back.wanted == WANTED  # it stays to be mended
    case = reply(case, by=CITIZEN, words="Trước số 24.", at=city.at("2022-02-16 09:00"))
    assert approved(city, drafted(city, case, at="2022-02-16 10:00"), at="2022-02-16 11:00").state == State.ANSWERED


def test_what_a_citizen_adds_leaves_the_draft_where_it_is(city: City) -> None:
    case = drafted(city)
    more = Interaction.objects.create(
        channel=Channel.WEB, direction="in", state="received", body="Còn ở ngõ 5 nữa.", key="more:1",
        happened_at=city.at("2022-02-15 09:30"),
    )  # fmt: skip
    case = join(case, interaction=more, by=CITIZEN, at=city.at("2022-02-15 09:30"))
    assert case.drafted_at is not None and approved(city, case).state == State.ANSWERED


def test_an_urgent_case_nobody_has_taken_up_is_taken_up_first(city: City) -> None:
    case = in_hand(city)
    Case.objects.filter(pk=case.pk).update(urgent=True, state=State.ASSIGNED)
    assert "nhận việc trước" in refusal(lambda: drafted(city, case))


# ── a denunciation ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_denunciations_answer_needs_no_approver_who_may_not_know_of_it(city: City) -> None:
    city.topics["denunciation"].approval_required = True
    city.topics["denunciation"].save()
    case = city.case("Tôi tố cáo", topic="denunciation", lead=INSPECTORATE, accepted=True)
    officer, head = city.officer(INSPECTORATE), approver(city, agency=INSPECTORATE)
    assert case.confidential and case not in queries.visible_cases(head)
    at = city.at("2022-02-15 09:00")
    refusal(lambda: draft(case, by=Actor.staff(officer), text=WORDS, at=at))
    Draft.objects.create(case=case, text=WORDS, drafted_at=at)  # were there one all the same
    Case.objects.filter(pk=case.pk).update(drafted_at=at)
    refusal(lambda: approve(case, by=Actor.staff(head), at=at))
    refusal(lambda: return_draft(case, by=Actor.staff(head), words="-", at=at))
    assert answer(case, by=Actor.staff(officer), text="Đã xem xét.", at=at).state == State.ANSWERED


# ── two at once: each holds the case as it was before the other ───────────────────────────────────────────────────────
def test_whoever_approves_first_leaves_nothing_to_return_and_the_other_way_round(city: City) -> None:
    case = drafted(city)
    approved(city, case)
    refusal(lambda: returned(city, case))
    case = drafted(city)
    returned(city, case)
    assert "Không còn dự thảo" in refusal(lambda: approved(city, case))
    assert Answer.objects.filter(case=case).count() == 0


def test_an_approval_and_a_withdrawal_at_once_leave_one_of_them(city: City) -> None:
    case = drafted(city)
    withdrawn(city, case)
    refusal(lambda: approved(city, case))
    case = drafted(city)
    approved(city, case)
    refusal(lambda: withdrawn(city, case))
    assert Case.objects.get(pk=case.pk).withdrawn_at is None


def test_two_officers_draft_at_once_and_the_second_is_told(city: City) -> None:
    case, other = in_hand(city), city.staff(Role.OFFICER, "Vũ Văn Khác", agency=HONG_BANG)
    drafted(city, case)
    at = city.at("2022-02-15 09:01")
    assert "đang chờ duyệt" in refusal(lambda: draft(case, by=Actor.staff(other), text="Khác.", at=at))
    back = returned(city, case)
    first = drafts.current(back)
    assert first
    drafted(city, case, text="Lần hai.", at="2022-02-15 11:00", seen=first.pk)
    returned(city, case, at="2022-02-15 12:00")
    late = city.at("2022-02-15 12:30")
    why = refusal(lambda: draft(case, by=Actor.staff(other), text="Từ bản cũ.", at=late, seen=first.pk))
    assert "vừa được người khác sửa" in why and Draft.objects.filter(case=case, ended_at=None).count() == 1


def test_nobody_approves_other_words_than_they_have_read(city: City) -> None:
    case = drafted(city)
    read = drafts.current(case)
    assert read
    returned(city, case)
    drafted(city, case, text="Lời khác.", at="2022-02-15 11:00")
    at, by = city.at("2022-02-15 12:00"), Actor.staff(approver(city))
    assert "thay bằng bản khác" in refusal(lambda: approve(case, by=by, at=at, seen=read.pk))
    assert "thay bằng bản khác" in refusal(lambda: return_draft(case, by=by, words="-", at=at, seen=read.pk))


# ── nothing gets out ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("stage", [drafted, returned])
def test_no_word_of_a_draft_stands_in_what_its_citizen_or_a_search_gets(city: City, stage: Callable[..., Case]) -> None:
    case = drafted(
        city, in_hand(city, channel=Channel.SMS, proven=True), attached=[file("bb-xuyen.pdf", Kind.DOCUMENT)]
    )
    if stage is returned:
        case = returned(city, case)
    case = Case.objects.get(pk=case.pk)
    for event in case.events.exclude(action__in=["register", "assign", "accept"]):
        assert ProcrastinateJob.objects.filter(args__event_id=event.pk).count() == 0  # nobody is told
    copy = json.dumps(copy_of(case), ensure_ascii=False)
    assert not [word for word in ("Xuyến", "xuyen", "Quýnh") if word in copy]
    assert not found(city.coordinator, "ngõ Xuyến").filter(pk=case.pk).exists()
    status = queries.status_of(case)
    assert (status.state, status.answered_at) == (State.IN_PROGRESS, None)
    assert not case.attachments.exists() and not case.answers.exists()


def test_the_copy_of_an_answered_case_holds_the_answer_and_nothing_of_how_it_came_to_be(city: City) -> None:
    case = approved(city, drafted(city, returned(city, drafted(city)), text="Đã dọn sạch.", at="2022-02-15 11:00"))
    copy = json.dumps(copy_of(case), ensure_ascii=False)
    assert "Đã dọn sạch." in copy and "Xuyến" not in copy and "Quýnh" not in copy and "Duyệt" not in copy


def test_a_file_of_a_draft_is_its_agencys_alone(city: City) -> None:
    case = drafted(city, attached=[file("sau.jpg")])
    [one] = DraftFile.objects.all()
    assert queries.visible_draft_file(approver(city), one.pk) == one
    with pytest.raises(DraftFile.DoesNotExist):
        queries.visible_draft_file(city.officer(LE_CHAN), one.pk)
    assert not Attachment.objects.filter(case=case).exists()


def test_a_day_in_the_approvers_list_is_a_day_of_the_answer_clock(city: City) -> None:
    case = drafted(city, at="2022-02-15 09:00")
    before = case.due_at
    case = returned(city, case, at="2022-02-18 09:00")
    assert case.due_at == before and case.stood in (None, timedelta())
