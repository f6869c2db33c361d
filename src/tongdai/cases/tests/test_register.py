"""A matter becomes one case, whatever is sent twice."""

import pytest

from tests.city import City
from tongdai.cases import codes
from tongdai.cases.models import Case, Event
from tongdai.people.models import Channel, Contact, Interaction

pytestmark = pytest.mark.django_db


def test_a_matter_becomes_a_numbered_case_with_its_contact_its_words_and_its_first_event(city: City) -> None:
    done = city.report("Đèn đường ngõ 47 Lê Lai hỏng", place="Lê Chân", name="Phạm Văn Lực")

    case = Case.objects.get(code=done.code)
    assert codes.is_valid(case.code)
    assert (case.state, case.text, case.place) == ("received", "Đèn đường ngõ 47 Lê Lai hỏng", city.places["Lê Chân"])
    assert case.topic == city.topics["lighting"]
    assert case.contact and (case.contact.phone, case.sender) == ("+84904123318", "Phạm Văn Lực")
    assert case.contact.proven_at is None and case.number_proven_at is None
    assert [(e.seq, e.action, e.state_after) for e in case.events.all()] == [(1, "register", "received")]
    assert case.links.get().interaction.body == case.text
    assert case.due_at == city.at("2022-02-21 08:00")
    assert case.assign_by == city.at("2022-02-14 08:30")


def test_the_same_key_with_the_same_words_is_the_same_case(city: City) -> None:
    first, second = city.report("Rác", key="web:1"), city.report("Rác", key="web:1")
    assert (second.code, second.repeated, second.changed) == (first.code, True, False)
    assert (Case.objects.count(), Interaction.objects.count(), Event.objects.count()) == (1, 1, 1)


def test_other_words_under_the_same_key_are_a_new_case_and_it_says_so(city: City) -> None:
    first, second = city.report("Rác", key="web:1"), city.report("Rác ở chợ", key="web:1")
    again = city.report("Rác ở chợ", key="web:1")
    assert second.changed and not second.repeated and second.code != first.code
    assert (again.code, again.repeated, again.changed) == (second.code, True, True)


def test_an_anonymous_matter_keeps_no_number_and_no_name(city: City) -> None:
    done = city.report("Rác", phone="", name="Lan", visibility=Case.Visibility.ANONYMOUS)
    assert Case.objects.get(pk=done.case_id).contact is None
    assert Contact.objects.count() == 0


def test_a_text_proves_the_number_and_a_form_only_claims_it(city: City) -> None:
    city.report("Rác", channel=Channel.SMS, proven=True)
    proven_at = Contact.objects.get().proven_at
    city.report("Rác nữa", received="2022-02-15 08:00")
    assert proven_at == city.at("2022-02-14 08:00")
    assert Contact.objects.get().proven_at == proven_at


def test_a_name_typed_into_a_form_does_not_rename_a_known_person(city: City) -> None:
    city.report("Rác đầu ngõ", name="Ai Khác")
    city.report("Rác", name="Phạm Văn Lực", channel=Channel.VOICE, proven=True)
    city.report("Rác nữa", name="Ai Đó")
    assert Contact.objects.get().name == "Phạm Văn Lực"


def test_the_urgent_wakes_the_person_on_duty(city: City) -> None:
    done = city.report("Nhà em có F0 khó thở", place="Lê Chân")
    assert Case.objects.get(pk=done.case_id).urgent
    assert jobs_of(done.case_id) == {"channels.notify.tell_the_citizen", "channels.notify.ring_on_duty"}


def test_an_empty_text_is_no_case(city: City) -> None:
    with pytest.raises(ValueError):
        city.report(" \u200b\u202e ")


def test_a_code_that_is_taken_is_drawn_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = city.report("Rác").code
    drawn = iter([taken, taken, codes.new_code()])
    monkeypatch.setattr("tongdai.cases.actions.register.new_code", lambda: next(drawn))
    assert city.report("Rác nữa").code != taken


def test_texts_of_every_kind_are_kept_as_said(city: City) -> None:
    for said in ("<script>alert(1)</script>", "🚑 F0 " * 500, "a" * 10_000, "Hải Phòng"):  # the last one in NFD
        case = Case.objects.get(pk=city.report(said).case_id)
        assert case.text == __import__("unicodedata").normalize("NFC", said.strip())


def jobs_of(case_id: int) -> set[str]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    events = set(Event.objects.filter(case_id=case_id).values_list("pk", flat=True))
    return {job.task_name for job in ProcrastinateJob.objects.all() if job.args["event_id"] in events}
