"""An answer that went out is corrected: its citizen reads the right words, the former ones stay, the figures don't move."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Max

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, City
from tongdai.cases import queries
from tongdai.cases.actions.answer import MOST_FILES, Attached, answer
from tongdai.cases.actions.close import close
from tongdai.cases.actions.correct import correct, current, files_of
from tongdai.cases.actions.rate import rate, unrated
from tongdai.cases.actions.register import Photo
from tongdai.cases.actions.reopen import WITHIN, may_reopen, reopen
from tongdai.cases.actor import Actor
from tongdai.cases.history import history
from tongdai.cases.models import Attachment, Case, Rating
from tongdai.cases.states import ActionRefused, State
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.voice.models import Callback
from tongdai.people.models import Channel, Interaction
from tongdai.reports.figures import total_of
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
CITIZEN = Actor.citizen(channel=Channel.WEB)
FEBRUARY = Period(date(2022, 2, 1), date(2022, 2, 28))
Kind = Attachment.Kind


def file(name: str, kind: Kind = Kind.AFTER) -> Attached:
    content_type = "application/pdf" if kind is Kind.DOCUMENT else "image/jpeg"
    size = 0 if kind is Kind.DOCUMENT else 800
    return Attached(Photo(f"t/{name}", content_type, 3, size, size, "0" * 64), kind, name if size == 0 else "")


def with_files(city: City, *files: Attached, text: str = "Đã dọn xong.", **more: object) -> Case:
    case = city.case(lead=HONG_BANG, accepted=True, **more)
    at = city.at("2022-02-15 09:00")
    return answer(case, by=Actor.staff(city.officer(HONG_BANG)), text=text, attached=files, at=at)


def corrected(
    city: City, case: Case, text: str = "Đã dọn một nửa.", at: str = "2022-02-15 14:00", **more: object
) -> Case:
    officer = Actor.staff(city.officer(HONG_BANG))
    return correct(case, by=officer, text=text, reason="Viết nhầm.", at=city.at(at), **more)  # type: ignore[arg-type]


# ── photos and documents ──────────────────────────────────────────────────────────────────────────────────────────────
def test_photos_and_documents_stand_with_the_answer_before_first(city: City) -> None:
    case = with_files(city, file("sau.jpg"), file("bien-ban.pdf", Kind.DOCUMENT), file("truoc.jpg", Kind.BEFORE))
    step = history(case)[-1]
    assert [photo.file for photo in step.photos] == ["t/truoc.jpg", "t/sau.jpg"]
    assert [document.name for document in step.documents] == ["bien-ban.pdf"]
    assert history(case)[0].photos == () and case.events.last().changed["files"] == 3  # type: ignore[union-attr]
    assert "bien-ban" not in str(case.events.last().changed)  # type: ignore[union-attr]


def test_a_topic_that_demands_proof_is_answered_with_a_photo_or_a_document(city: City) -> None:
    waste = city.topics["waste"]
    waste.proof_required = True
    waste.save()
    case = city.case(lead=HONG_BANG, accepted=True, topic="waste")
    officer, at = Actor.staff(city.officer(HONG_BANG)), city.at("2022-02-15 09:00")
    with pytest.raises(ActionRefused) as refused:
        answer(case, by=officer, text="Đã dọn.", at=at)
    assert "Rác thải, môi trường" in refused.value.why and refused.value.argument == "attached"
    assert Case.objects.get(pk=case.pk).state == State.IN_PROGRESS and not case.answers.exists()
    given = answer(case, by=officer, text="Đã dọn.", attached=[file("bb.pdf", Kind.DOCUMENT)], at=at)
    assert given.state == State.ANSWERED
    [document] = files_of(current(given))  # type: ignore[arg-type]
    with pytest.raises(ActionRefused) as refused:
        corrected(city, given, left_out=[document.pk])
    assert refused.value.argument == "attached"


def test_more_files_than_anybody_looks_at_are_refused(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    many = [file(f"{n}.jpg") for n in range(MOST_FILES + 1)]
    officer = Actor.staff(city.officer(HONG_BANG))
    with pytest.raises(ActionRefused) as refused:
        answer(case, by=officer, text="Đã dọn.", attached=many, at=city.at("2022-02-15 09:00"))
    assert "tối đa 10 tệp" in refused.value.why and not Attachment.objects.exists()


def test_an_answer_after_a_reopening_has_photos_of_its_own(city: City) -> None:
    case = with_files(city, file("lan-dau.jpg"))
    case = reopen(case, by=CITIZEN, words="Vẫn còn rác.", at=city.at("2022-02-17 10:00"))
    officer = Actor.staff(city.officer(HONG_BANG))
    case = answer(case, by=officer, text="Dọn lại.", attached=[file("lan-hai.jpg")], at=city.at("2022-02-18 09:00"))
    shown = {step.answer.text: [photo.file for photo in step.photos] for step in history(case) if step.answer}
    assert shown == {"Đã dọn xong.": ["t/lan-dau.jpg"], "Dọn lại.": ["t/lan-hai.jpg"]}
    assert all(queries.citizens_attachment(each.pk) for each in case.attachments.all())


# ── corrections ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_right_words_stand_in_place_of_the_former_ones_which_stay(city: City) -> None:
    case = corrected(city, with_files(city))
    first, last = history(case)[-2:]
    assert first.answer and last.answer and (first.action, last.action) == ("answer", "correct")
    assert (first.answer.text, first.corrected_at) == ("Đã dọn xong.", city.at("2022-02-15 14:00"))
    assert (last.answer.text, last.remark, last.corrected_at) == ("Đã dọn một nửa.", "Viết nhầm.", None)
    assert case.state == State.ANSWERED and current(case) == last.answer
    assert "nhầm" not in str(case.events.last().changed)  # type: ignore[union-attr]


def test_a_correction_of_a_correction_is_of_the_same_answer(city: City) -> None:
    case = corrected(city, corrected(city, with_files(city)), "Đã dọn hai phần ba.", at="2022-02-16 08:00")
    root, *later = case.answers.order_by("pk")
    assert root.corrects is None and [each.corrects for each in later] == [root, root]
    assert [step.corrected_at is not None for step in history(case)[-3:]] == [True, True, False]


def test_the_figures_and_the_status_keep_to_the_first_time(city: City) -> None:
    case = with_files(city)
    before = total_of(FEBRUARY)
    case = corrected(city, case, at="2022-02-25 10:00")  # after its deadline
    assert total_of(FEBRUARY) == before
    assert case.answered_at == city.at("2022-02-15 09:00") == queries.status_of(case).answered_at
    case = reopen(case, by=CITIZEN, words="Chưa.", at=city.at("2022-02-26 10:00"))
    officer = Actor.staff(city.officer(HONG_BANG))
    case = answer(case, by=officer, text="Đã xong.", at=city.at("2022-02-28 09:00"))
    case = corrected(city, case, "Đã xong hẳn.", at="2022-03-20 09:00")
    assert queries.last_answered_at(case) == city.at("2022-02-28 09:00")


def test_a_rating_stays_with_the_answer_and_is_given_once(city: City) -> None:
    case = with_files(city)
    case = rate(case, by=CITIZEN, stars=1, at=city.at("2022-02-15 10:00"))
    case = corrected(city, case)
    assert unrated(case) is None  # nobody corrects a bad rating away, nor is asked a second time
    with pytest.raises(ActionRefused):
        rate(case, by=CITIZEN, stars=5, at=city.at("2022-02-15 15:00"))
    other = corrected(city, with_files(city))
    rate(other, by=CITIZEN, stars=4, at=city.at("2022-02-15 15:00"))
    assert Rating.objects.count() == 2 and Rating.objects.get(answer__case=other).answer.corrects is None


def test_a_corrected_answer_may_be_reopened_fifteen_days_from_then(city: City) -> None:
    case = corrected(city, with_files(city), at="2022-02-25 10:00")
    last = case.answers.aggregate(last=Max("answered_at"))["last"]
    assert may_reopen(case, by=CITIZEN, at=last + WITHIN) and not may_reopen(
        case, by=CITIZEN, at=last + WITHIN + timedelta(1)
    )


def test_files_stay_with_a_correction_but_for_those_left_out_which_its_citizen_opens_no_more(city: City) -> None:
    case = with_files(city, file("nham-nha.jpg"), file("dung.jpg"))
    wrong, right = files_of(current(case))  # type: ignore[arg-type]
    case = corrected(city, case, left_out=[wrong.pk], attached=[file("them.jpg", Kind.BEFORE)])
    assert [photo.file for photo in history(case)[-1].photos] == ["t/them.jpg", "t/dung.jpg"]
    assert queries.citizens_attachment(right.pk) == right
    with pytest.raises(Attachment.DoesNotExist):
        queries.citizens_attachment(wrong.pk)
    assert queries.visible_attachment(city.officer(HONG_BANG), wrong.pk) == wrong  # it stays on record
    assert case.events.last().changed == {"files": 2, "left_out": 1}  # type: ignore[union-attr]


def test_what_changes_nothing_and_what_comes_second_is_refused(city: City) -> None:
    case = with_files(city)
    seen = current(case).pk  # type: ignore[union-attr]
    with pytest.raises(ActionRefused) as refused:
        corrected(city, case, "Đã dọn xong.")
    assert "chưa có gì thay đổi" in refused.value.why and refused.value.argument == "text"
    corrected(city, case, seen=seen)
    with pytest.raises(ActionRefused) as refused:
        corrected(city, case, "Lời khác.", seen=seen)
    assert "người khác sửa" in refused.value.why and case.answers.count() == 2


def test_once_closed_it_is_corrected_for_as_long_as_it_may_be_reopened(city: City) -> None:
    case = close(with_files(city), by=Actor.system(), at=city.at("2022-02-20 09:00"))
    case = corrected(city, case, at="2022-03-02 09:00")
    assert case.state == State.CLOSED
    with pytest.raises(ActionRefused) as refused:  # a correction starts no new time for the next
        corrected(city, case, "Lời khác.", at="2022-03-02 09:01")
    assert "quá 15 ngày" in refused.value.why


def test_only_who_answers_for_it_corrects_it(city: City) -> None:
    case = with_files(city)
    for stranger in (city.officer(LE_CHAN), city.call_taker, city.inspector, city.leader, city.admin):
        with pytest.raises(ActionRefused):
            correct(case, by=Actor.staff(stranger), text="Khác.", reason="Vì.", at=city.at("2022-02-15 14:00"))
    by_center = correct(
        case, by=Actor.staff(city.coordinator), text="Đúng.", reason="Vì.", at=city.at("2022-02-15 14:00")
    )
    assert history(by_center)[-1].who == "Đỗ Thu Hằng"


def test_an_answer_to_a_denunciation_is_corrected_by_those_who_know_of_it(city: City) -> None:
    case = city.case("Tôi tố cáo", topic="denunciation", lead=INSPECTORATE, accepted=True)
    inspector, at = Actor.staff(city.inspector), city.at("2022-02-15 09:00")
    case = answer(case, by=inspector, text="Đã thụ lý.", attached=[file("qd.pdf", Kind.DOCUMENT)], at=at)
    with pytest.raises(ActionRefused):
        correct(case, by=Actor.staff(city.coordinator), text="Khác.", reason="Vì.", at=at)
    case = correct(case, by=inspector, text="Đã thụ lý, số 12.", reason="Thiếu số.", at=at)
    [document] = files_of(current(case))  # type: ignore[arg-type]
    assert queries.visible_attachment(city.inspector, document.pk) == document
    for stranger in (city.coordinator, city.officer(HONG_BANG), city.leader):
        with pytest.raises(Attachment.DoesNotExist):
            queries.visible_attachment(stranger, document.pk)


# ── what its citizen is told ──────────────────────────────────────────────────────────────────────────────────────────
def tell(case: Case) -> None:
    for event in case.events.filter(action__in=["answer", "correct"]).order_by("seq"):
        notify_citizen(event.pk)


def texts(case: Case) -> dict[str, str]:
    """What was queued about each action, by its state."""
    sent = Interaction.objects.filter(case_link__case=case, direction="out", case_link__event__isnull=False)
    return {str(each.case_link.event.action): each.body for each in sent.order_by("pk")}  # type: ignore[union-attr]


def test_who_texted_is_texted_the_right_words_and_that_there_are_photos(city: City) -> None:
    case = with_files(city, file("sau.jpg"), channel=Channel.SMS, proven=True)
    tell(case)
    assert texts(case)["answer"].startswith(f"{HONG_BANG} trả lời phiếu") and "(kèm ảnh: ⟦link" in texts(case)["answer"]
    case = corrected(city, case)
    tell(case)
    assert "Đã dọn một nửa." in texts(case)["correct"] and "sửa câu trả lời" in texts(case)["correct"]


def test_an_answer_that_has_not_left_yet_never_goes_after_its_correction(city: City) -> None:
    case = with_files(city, channel=Channel.SMS, proven=True)
    tell(case)
    case = corrected(city, case)
    tell(case)
    states = {each.case_link.event.action: each.state for each in Interaction.objects.filter(
        case_link__case=case, direction="out", case_link__event__action__in=["answer", "correct"])}  # fmt: skip
    assert states == {"answer": Interaction.State.OVERTAKEN, "correct": Interaction.State.QUEUED}
    late = with_files(city, channel=Channel.SMS, proven=True, phone="+84904000017")
    late = corrected(city, late)  # before the first was written at all
    tell(late)
    assert set(texts(late)) == {"correct"}


def test_who_called_is_read_the_right_words_in_one_call(city: City) -> None:
    case = with_files(city, channel=Channel.VOICE, proven=True)
    tell(case)
    case = corrected(city, case)
    tell(case)
    callback = Callback.objects.get(case=case)
    assert "Đã dọn một nửa." in callback.words and callback.event == case.events.get(action="correct")
