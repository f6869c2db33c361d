"""Who read something personal, and when: on record, once a sitting."""

from datetime import timedelta

from tests.city import City
from tongdai.audit.models import Entry
from tongdai.people.disclosures import SITTING, disclose


def test_a_page_brought_up_to_date_is_one_reading_and_the_next_sitting_another(city: City) -> None:
    at = city.at("2022-02-14 08:00")
    for minutes in (0, 1, 14):
        read = at + timedelta(minutes=minutes)
        disclose(to=city.inspector, what="confidential", contact=None, reference="12345678901", at=read)
    assert Entry.objects.count() == 1
    disclose(to=city.inspector, what="confidential", contact=None, reference="12345678901", at=at + SITTING)
    assert Entry.objects.count() == 2


def test_another_reader_another_case_and_another_thing_are_readings_of_their_own(city: City) -> None:
    at = city.at("2022-02-14 08:00")
    disclose(to=city.inspector, what="confidential", contact=None, reference="12345678901", at=at)
    disclose(to=city.coordinator, what="confidential", contact=None, reference="12345678901", at=at)
    disclose(to=city.inspector, what="phone", contact=None, reference="12345678901", at=at)
    disclose(to=city.inspector, what="confidential", contact=None, reference="12345678902", at=at)
    assert Entry.objects.count() == 4
