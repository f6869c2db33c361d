"""Several people report the same: their cases are merged, one answer reaches them all, and each has their own page of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import HONG_BANG, LE_CHAN, City
from tongdai.accounts.models import Role
from tongdai.cases import queries, standing
from tongdai.cases.actions.answer import Attached, answer
from tongdai.cases.actions.approve import approve
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.close import close
from tongdai.cases.actions.correct import correct
from tongdai.cases.actions.draft import draft
from tongdai.cases.actions.extend import extend
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.join import join
from tongdai.cases.actions.mark_denunciation import mark_denunciation
from tongdai.cases.actions.merge import merge
from tongdai.cases.actions.rate import rate
from tongdai.cases.actions.register import Photo
from tongdai.cases.actions.reject import reject
from tongdai.cases.actions.reopen import reopen
from tongdai.cases.actions.take_duty import take_duty
from tongdai.cases.actions.unmerge import unmerge
from tongdai.cases.actions.withdraw import withdraw
from tongdai.cases.actor import Actor
from tongdai.cases.models import Attachment, Case, Rating
from tongdai.cases.states import ActionRefused, State
from tongdai.cases.transition import NOTIFY_CITIZEN
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import now
from tongdai.privacy.erasure import delete_files, erase
from tongdai.reports.figures import count
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)


def coordinator(city: City) -> Actor:
    return Actor.staff(city.coordinator)


def officer(city: City, agency: str = HONG_BANG) -> Actor:
    return Actor.staff(city.officer(agency))


def another(city: City, text: str = "Đống rác to ở đầu ngõ 12", **more: object) -> Case:
    return city.case(text, **{"phone": "+84904000111", "received": "2022-02-14 09:00"} | more)


def merged(city: City, main: Case, *, at: str = "2022-02-14 10:00", **more: object) -> Case:
    return merge(another(city, **more), into=main, by=coordinator(city), at=city.at(at))


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def told_of(case: Case) -> list[str]:
    """What its citizen is to be told, by the jobs there are."""
    events = {event.pk: event.action for event in case.events.order_by("seq")}
    jobs = ProcrastinateJob.objects.filter(task_name=NOTIFY_CITIZEN).order_by("pk")
    return [events[job.args["event_id"]] for job in jobs if job.args["event_id"] in events]


def test_a_merged_case_leaves_every_open_list_and_no_clock_of_it_runs(city: City) -> None:
    main = city.case()
    case = merged(city, main)
    late = city.at("2022-03-20 08:00")
    assert city.inbox(city.coordinator) == [main]
    assert queries.counts(city.coordinator)["inbox"] == 1
    assert standing.running(case) is None and not standing.is_overdue(case, at=late)
    assert list(Case.objects.filter(standing.overdue(at=late))) == [main]
    assert not Case.objects.filter(standing.due_soon(at=city.at("2022-02-21 07:00")), pk=case.pk).exists()
    assert (case.state, case.duplicate_of, case.merged_at) == (State.RECEIVED, main, city.at("2022-02-14 10:00"))
    [shown] = queries.with_followers(queries.inbox(city.coordinator))
    assert shown.followers == 1 and queries.merged_into(city.coordinator, fresh(main)) == [case]


def test_one_answer_reaches_everybody_and_each_rates_their_own(city: City) -> None:
    main = city.case(lead=HONG_BANG, accepted=True)
    case = merged(city, main, channel=Channel.SMS)
    at = city.at("2022-02-15 09:00")
    answer(main, by=officer(city), text="Đã dọn xong.", at=at)
    case, main = fresh(case), fresh(main)
    assert (case.state, case.answered_at, case.lead) == (State.ANSWERED, at, city.agencies[HONG_BANG])
    assert case.answers.get().text == "Đã dọn xong." and case.answers.get().agency == city.agencies[HONG_BANG]
    assert told_of(case) == ["register", "merge", "answer"]
    for each, stars in ((main, 5), (case, 2)):
        rate(each, by=CITIZEN, stars=stars, at=at)
    assert sorted(Rating.objects.values_list("answer__case", "stars")) == [(main.pk, 5), (case.pk, 2)]


def test_an_approved_draft_reaches_everybody_and_a_merged_cases_own_draft_ends(city: City) -> None:
    city.topics["waste"].approval_required = True
    city.topics["waste"].save()
    approver = city.staff(Role.APPROVER, "Lê Duyệt", agency=HONG_BANG)
    main = city.case(topic="waste", lead=HONG_BANG, accepted=True)
    case = another(city, topic="waste", lead=HONG_BANG, accepted=True)
    draft(case, by=officer(city), text="Sắp dọn.", at=city.at("2022-02-14 09:30"))
    case = merge(fresh(case), into=main, by=coordinator(city), at=city.at("2022-02-14 10:00"))
    assert case.drafted_at is None and not case.drafts.filter(ended_at=None).exists()
    main = draft(main, by=officer(city), text="Đã dọn xong.", at=city.at("2022-02-14 11:00"))
    approve(main, by=Actor.staff(approver), at=city.at("2022-02-14 12:00"))
    assert [each.answers.get().text for each in (main, case)] == ["Đã dọn xong."] * 2
    assert fresh(case).state == State.ANSWERED and told_of(case)[-1] == "answer"


def test_a_correction_reaches_everybody_with_the_files_that_stay(city: City) -> None:
    main = city.case(lead=HONG_BANG, accepted=True)
    case = merged(city, main)
    photos = [Photo(f"cases/{n}.webp", "image/webp", 9, 1, 1, "0") for n in "ab"]
    attached = [Attached(photo, Attachment.Kind.AFTER) for photo in photos]
    at = city.at("2022-02-15 09:00")
    main = answer(main, by=officer(city), text="Đã dọn.", attached=attached, at=at)
    gone = Attachment.objects.get(case=main, file="cases/b.webp")
    correct(main, by=officer(city), text="Đã dọn hết.", reason="Viết thiếu.", left_out=[gone.pk], at=at)
    first, last = fresh(case).answers.order_by("pk")
    assert (last.text, last.corrects) == ("Đã dọn hết.", first)
    assert [each.file for each in last.attachments.all()] == ["cases/a.webp"]
    assert [each.file for each in first.attachments.all()] == ["cases/b.webp"]
    assert told_of(case) == ["register", "merge", "answer", "correct"]


def test_who_is_merged_into_an_answered_case_is_answered_at_once(city: City) -> None:
    main = city.answered(answer_text="Đã dọn xong.")
    case = merged(city, main, at="2022-02-16 10:00", received="2022-02-16 09:00")
    assert (case.state, case.answered_at) == (State.ANSWERED, city.at("2022-02-16 10:00"))
    assert case.answers.get().text == "Đã dọn xong."
    assert [event.action for event in case.events.order_by("seq")] == ["register", "merge", "answer"]
    closed = close(fresh(main), by=coordinator(city), at=city.at("2022-02-17 10:00"))
    assert fresh(case).state == State.CLOSED  # nobody closes thirty by hand
    assert merged(city, closed, at="2022-02-17 11:00", phone="+84904000222").state == State.ANSWERED


def test_a_rejection_and_a_longer_deadline_are_those_of_all(city: City) -> None:
    main, other = city.case(lead=HONG_BANG), city.case("Hỏi mua vé tàu")
    case, rejected = merged(city, main), merged(city, other, phone="+84904000222")
    extend(main, by=coordinator(city), until=date(2022, 2, 25), reason="Chờ xe.", at=city.at("2022-02-15 09:00"))
    assert fresh(case).due_at == city.at("2022-02-25 17:00") == fresh(main).due_at
    reject(other, by=coordinator(city), ground="not_competent", reason="Xin hỏi ga.", at=city.at("2022-02-15 09:00"))
    assert fresh(rejected).state == State.REJECTED and fresh(rejected).rejection.reason == "Xin hỏi ga."
    assert (told_of(case), told_of(rejected)) == (["register", "merge", "extend"], ["register", "merge", "reject"])


def test_nobodys_deadline_becomes_sooner_by_the_other_ones(city: City) -> None:
    main = city.case(lead=HONG_BANG, received="2022-02-01 08:00")
    case = merged(city, main, received="2022-02-14 08:00")
    extend(main, by=coordinator(city), until=date(2022, 2, 17), reason="Chờ xe.", at=city.at("2022-02-14 09:00"))
    assert fresh(case).due_at == city.at("2022-02-21 08:00") and told_of(case) == ["register", "merge"]


def test_taken_apart_it_is_where_it_was_with_the_deadline_it_was_promised(city: City) -> None:
    main = city.case()
    waits, works = merged(city, main), merged(city, main, phone="+84904000222", lead=LE_CHAN, accepted=True)
    at = city.at("2022-02-16 10:00")
    waits, works = (unmerge(each, by=coordinator(city), at=at) for each in (waits, works))
    assert (waits.state, waits.due_at) == (State.RECEIVED, city.at("2022-02-21 09:00"))
    assert waits.assign_by == city.at("2022-02-16 10:30")  # the coordinator begins anew, the citizen doesn't
    assert (works.state, works.lead, works.due_at) == (
        State.IN_PROGRESS,
        city.agencies[LE_CHAN],
        city.at("2022-02-21 09:00"),
    )
    assert works.assignments.get().ended_at is None and works in city.inbox(city.officer(LE_CHAN), "in_progress")
    assert told_of(waits) == ["register", "merge", "unmerge"]
    answer(works, by=officer(city, LE_CHAN), text="Đã dọn.", at=at)
    assert fresh(main).answers.count() == 0


def test_one_that_was_answered_with_the_main_case_is_reopened_not_taken_apart(city: City) -> None:
    main = city.case(lead=HONG_BANG, accepted=True)
    case = merged(city, main)
    at = city.at("2022-02-15 09:00")
    answer(main, by=officer(city), text="Đã dọn.", at=at)
    with pytest.raises(ActionRefused):
        unmerge(case, by=coordinator(city), at=at)
    case = reopen(fresh(case), by=CITIZEN, words="Ngõ 12 vẫn còn.", at=at)
    assert (case.state, case.lead, case.duplicate_of) == (State.ASSIGNED, city.agencies[HONG_BANG], None)
    assert fresh(main).state == State.ANSWERED  # whose citizen is content
    answer(case, by=officer(city), text="Đã dọn ngõ 12.", at=at + timedelta(hours=1))
    assert fresh(main).answers.count() == 1


def test_what_a_reopened_main_case_is_answered_then_reaches_everybody_too(city: City) -> None:
    main = city.case(lead=HONG_BANG, accepted=True)
    case = merged(city, main)
    at = city.at("2022-02-15 09:00")
    answer(main, by=officer(city), text="Đã dọn.", at=at)
    main = reopen(fresh(main), by=CITIZEN, words="Chưa sạch.", at=at)
    assert fresh(case).state == State.ANSWERED
    answer(main, by=officer(city), text="Đã dọn lần hai.", at=at + timedelta(days=1))
    assert [each.text for each in fresh(case).answers.order_by("pk")] == ["Đã dọn.", "Đã dọn lần hai."]
    assert fresh(case).answered_at == at  # figures keep to the first


def test_when_the_main_case_is_withdrawn_the_oldest_of_the_others_leads_on_with_the_same_agency(city: City) -> None:
    main = city.case(lead=HONG_BANG, accepted=True)
    heir = merged(city, main, received="2022-02-14 09:00")
    other = merged(city, main, received="2022-02-14 09:30", phone="+84904000222")
    at = city.at("2022-02-15 09:00")
    withdraw(main, by=CITIZEN, at=at)
    heir, other = fresh(heir), fresh(other)
    assert (heir.state, heir.lead, heir.duplicate_of) == (State.ASSIGNED, city.agencies[HONG_BANG], None)
    assert other.duplicate_of == heir and told_of(other) == ["register", "merge"]
    answer(heir, by=officer(city), text="Đã dọn.", at=at)
    assert fresh(other).state == State.ANSWERED and fresh(main).answers.count() == 0


def test_who_withdraws_a_merged_case_is_told_no_answer(city: City) -> None:
    main = city.case(lead=HONG_BANG, accepted=True)
    case = withdraw(merged(city, main), by=CITIZEN, at=city.at("2022-02-14 11:00"))
    assert (case.state, case.duplicate_of) == (State.CLOSED, None)
    answer(main, by=officer(city), text="Đã dọn.", at=city.at("2022-02-15 09:00"))
    assert fresh(case).answers.count() == 0


def test_what_follows_a_case_goes_with_it_into_another_and_a_duplicate_leads_to_its_head(city: City) -> None:
    head, main = city.case("Rác ở chợ"), city.case()
    follows = merged(city, main)
    main = merge(main, into=head, by=coordinator(city), at=city.at("2022-02-14 11:00"))
    assert fresh(follows).duplicate_of == head
    third = merged(city, fresh(follows), phone="+84904000222")
    assert third.duplicate_of == head and queries.merged_into(city.coordinator, fresh(head)) == [main, follows, third]


def refused(city: City, case: Case, into: Case) -> str:
    with pytest.raises(ActionRefused) as no:
        merge(case, into=into, by=coordinator(city), at=city.at("2022-02-14 12:00"))
    assert fresh(case).duplicate_of_id == case.duplicate_of_id
    return no.value.why


def test_what_is_not_merged_is_refused_in_words(city: City) -> None:
    main = city.case()
    follows, fire = merged(city, main), city.case("Cháy nhà, có người kẹt bên trong")
    taken = take_duty(city.case("Cháy nhà ở ngõ 5, có người kẹt"), by=coordinator(city), at=city.at("2022-02-14 08:03"))
    withdrawn = withdraw(another(city), by=CITIZEN, at=city.at("2022-02-14 10:00"))
    rejected = reject(
        another(city), by=coordinator(city), ground="no_content", reason="?", at=city.at("2022-02-14 10:00")
    )
    secret = city.case("Tôi tố cáo", topic="denunciation")
    doubtful = another(city)
    Case.objects.filter(pk=doubtful.pk).update(perhaps_denunciation=True)
    assert "chính nó" in refused(city, main, main)
    assert "đang theo chính phiếu này" in refused(city, fresh(main), follows)
    assert "nguy hiểm" in refused(city, fire, main) and "nguy hiểm" in refused(city, taken, main)
    assert "rút" in refused(city, another(city), withdrawn) and "từ chối" in refused(city, another(city), rejected)
    for one in (secret, fresh(doubtful)):
        assert "tố cáo" in refused(city, another(city), one)
    assert "tố cáo" in refused(city, fresh(doubtful), main)
    assert "đã ghép" in refused(city, follows, city.case("Rác ở chợ"))
    assert refused(city, secret, main) and refused(city, withdrawn, main)


def test_nothing_is_done_by_itself_with_a_merged_case(city: City) -> None:
    case = merged(city, city.case(), lead=HONG_BANG, accepted=True)
    at = city.at("2022-02-14 12:00")
    for tried in (
        lambda: answer(case, by=officer(city), text="Đã dọn.", at=at),
        lambda: hand_back(case, by=officer(city), reason="Không phải.", at=at),
        lambda: assign(case, by=coordinator(city), agency=city.agencies[LE_CHAN], at=at),
    ):
        with pytest.raises(ActionRefused) as no:
            tried()
        assert "đã ghép" in no.value.why


def text(city: City, words: str, n: int = 1) -> Interaction:
    return Interaction.objects.create(
        channel=Channel.SMS, direction="in", state="received", body=words, key=f"t:{n}", happened_at=city.at("2022-02-14 12:00")
    )  # fmt: skip


def test_danger_told_of_in_a_merged_case_lets_it_stand_by_itself_and_rings(city: City) -> None:
    main = city.case()
    case = merged(city, main)
    case = join(case, interaction=text(city, "Cháy to rồi, có người kẹt bên trong"), by=CITIZEN, at=now())
    assert case.duplicate_of is None and case.untaken and case.merged_at is None
    assert ProcrastinateJob.objects.filter(task_name="channels.notify.ring_on_duty").exists()
    quiet = merged(city, main, phone="+84904000222")
    assert join(quiet, interaction=text(city, "Vẫn thế.", 2), by=CITIZEN, at=now()).duplicate_of == main


def test_nothing_of_a_case_that_denounces_reaches_those_who_followed_it(city: City) -> None:
    main = city.case()
    case, other = merged(city, main), merged(city, main, phone="+84904000222")
    mark_denunciation(other, by=coordinator(city), at=city.at("2022-02-14 11:00"))
    assert fresh(other).duplicate_of is None and fresh(other).confidential
    mark_denunciation(main, by=coordinator(city), at=city.at("2022-02-14 11:00"))
    assert fresh(case).duplicate_of is None and case in city.inbox(city.coordinator)
    assert told_of(case)[-1] == "unmerge"


def test_the_agency_of_the_main_case_may_open_what_follows_it_and_no_other_agency(city: City) -> None:
    main = city.case(lead=HONG_BANG)
    case = merged(city, main)
    assert queries.visible_case(city.officer(HONG_BANG), case.code) == case
    assert case not in city.inbox(city.officer(HONG_BANG), "all")
    with pytest.raises(Case.DoesNotExist):
        queries.visible_case(city.officer(LE_CHAN), case.code)


def test_erasing_one_leaves_the_other_its_answer_and_its_photo(city: City, tmp_path, settings) -> None:  # type: ignore[no-untyped-def]
    main = city.case(lead=HONG_BANG, accepted=True)
    case = merged(city, main)
    photo = Attached(Photo("cases/a.webp", "image/webp", 9, 1, 1, "0"), Attachment.Kind.AFTER)
    answer(main, by=officer(city), text="Đã dọn.", attached=[photo], at=city.at("2022-02-15 09:00"))
    deleted: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tongdai.privacy.erasure.default_storage.delete", deleted.append)
        assert erase(fresh(main), because="request", at=now())
        delete_files(names=["cases/a.webp"])
        assert deleted == [] and fresh(case).answers.get().text == "Đã dọn."
        assert fresh(case).attachments.get().file == "cases/a.webp" and fresh(main).answers.get().text == ""
        assert erase(fresh(case), because="request", at=now())
        delete_files(names=["cases/a.webp"])
    assert deleted == ["cases/a.webp"]


def test_an_open_case_that_follows_is_not_erased(city: City) -> None:
    assert not erase(merged(city, city.case()), because="request", at=now())


def test_anybody_with_the_code_reads_where_the_main_case_stands_and_nothing_else_of_it(city: City) -> None:
    case = merged(city, city.case("Rác nhà ông Lực", lead=HONG_BANG, accepted=True))
    status = queries.status_by_code(case.code)
    assert status is not None and status.merged
    assert (status.state, status.agency, status.due_at) == (State.IN_PROGRESS, HONG_BANG, case.due_at)
    assert (status.code, status.received_at) == (case.code, case.received_at)


def test_figures_count_each_petition_and_its_success_is_that_of_its_main_case(city: City) -> None:
    february = Period(date(2022, 2, 1), date(2022, 2, 28))
    main = city.case(lead=HONG_BANG, accepted=True, received="2022-02-14 08:00")
    merged(city, main, received="2022-02-14 09:00")
    merged(city, main, received="2022-02-02 09:00", phone="+84904000222", at="2022-02-14 10:00")  # due on the 9th
    total = count(february).total
    assert (total.received, total.answered, total.unsuccessful, total.withdrawn) == (3, 0, 3, 0)
    answer(main, by=officer(city), text="Đã dọn.", at=city.at("2022-02-15 09:00"))
    figures = count(february)
    total = figures.total
    assert (total.received, total.answered, total.unsuccessful) == (3, 3, 0) and total.success_rate == 1.0
    assert (total.sayable, total.on_time) == (3, 2)  # merging makes nobody's deadline later
    assert [(row.name, row.received, row.answered) for row in figures.by_agency] == [(HONG_BANG, 3, 3)]
    assert figures.answers == 3 and queries.figures_between(february.start, february.end).answered == 3


def test_a_rejected_main_case_makes_no_success_of_those_that_follow_it(city: City) -> None:
    main = city.case("Hỏi mua vé tàu")
    merged(city, main)
    reject(main, by=coordinator(city), ground="not_competent", reason="Xin hỏi ga.", at=city.at("2022-02-15 09:00"))
    total = count(Period(date(2022, 2, 1), date(2022, 2, 28))).total
    assert (total.received, total.answered, total.unsuccessful) == (2, 0, 2)
