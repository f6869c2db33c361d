"""Words go in every room, and nothing that is counted moves; nothing is kept longer than the rules say."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from tests.city import LIGHTING, City
from tongdai.cases.actions.register import Photo
from tongdai.cases.actions.reject import reject
from tongdai.cases.actor import Actor
from tongdai.cases.models import Attachment, Case, CodeTry, Rejection
from tongdai.channels.sms.models import Link, Part
from tongdai.people.models import Contact, Interaction
from tongdai.platform.clock import CITY_TZ
from tongdai.privacy import retention
from tongdai.privacy.erasure import delete_files, erase
from tongdai.privacy.models import RetentionRule
from tongdai.reports import figures
from tongdai.reports.period import Period

pytestmark = pytest.mark.django_db
AT = datetime(2022, 2, 14, 8, tzinfo=CITY_TZ)
SECRETS = ("Xoài Tím", "xoai tim", "Bí Mật", "912777333", "lời đáp riêng")
TEXT = "Đèn đường ngõ Xoài Tím hỏng"


def photo(name: str) -> Photo:
    file = default_storage.save(f"photos/{name}.jpg", ContentFile(b"anh"))
    return Photo(file=file, content_type="image/jpeg", size=3, width=1, height=1, sha256=name)


def told(name: str) -> dict[str, object]:
    return {
        "phone": "+84912777333", "name": "Trần Thị Bí Mật", "address": "Ngõ Xoài Tím", "point": (20.8, 106.6),
        "topic": "lighting", "photos": (photo(name),),
    }  # fmt: skip


def ended(city: City, name: str) -> Case:
    case = city.case(TEXT, **told(name))  # type: ignore[arg-type]
    return reject(
        case, by=Actor.staff(city.coordinator), ground=Rejection.Ground.NO_CONTENT, reason="Xoài Tím ở đâu?", at=AT
    )


def columns_that_hold(*words: str) -> list[str]:
    """Every column of the database in which one of these words stands in some row."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'tsvector', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column}: {word}")
    return found


def test_no_row_of_any_table_holds_a_word_of_an_erased_case_and_no_figure_moves(city: City) -> None:
    case = city.answered(TEXT, lead=LIGHTING, answer_text="lời đáp riêng cho Bí Mật", **told("a"))  # type: ignore[arg-type]
    period = Period(AT.date(), AT.date() + timedelta(days=30))
    before = repr(figures.count(period))
    assert {line.partition(":")[0] for line in columns_that_hold(*SECRETS)} >= {
        "cases_case.text", "people_interaction.body", "people_contact.phone", "cases_answer.text",
    }  # fmt: skip
    [file] = Attachment.objects.filter(case=case).values_list("file", flat=True)

    assert erase(Case.objects.get(pk=case.pk), because="retention", at=AT + timedelta(days=40))

    assert columns_that_hold(*SECRETS) == []
    assert repr(figures.count(period)) == before
    after = Case.objects.get(pk=case.pk)
    assert (after.topic, after.place, after.due_at, after.erased_at) == (
        case.topic, case.place, case.due_at, AT + timedelta(days=40),
    )  # fmt: skip
    assert [event.action for event in after.events.order_by("seq")][-1] == "erase"
    delete_files([file])
    delete_files([file])
    assert not default_storage.exists(file)


def test_an_open_case_keeps_its_words(city: City) -> None:
    case = city.case(TEXT, **told("b"))  # type: ignore[arg-type]
    assert not erase(case, because="request", at=AT)
    assert Case.objects.get(pk=case.pk).text == TEXT and Attachment.objects.filter(case=case).exists()


def test_who_has_another_case_keeps_name_and_number_there(city: City) -> None:
    first, second = ended(city, "c"), city.case(TEXT + " nữa", **told("d"))  # type: ignore[arg-type]
    erase(first, because="request", at=AT)
    kept, gone = Case.objects.get(pk=second.pk), Case.objects.get(pk=first.pk)
    assert kept.contact and kept.contact.phone == "+84912777333" and kept.sender_name == "Trần Thị Bí Mật"
    assert gone.contact is None and not gone.sender_name


def test_a_topics_own_rule_goes_before_the_general_one_and_photos_go_earlier(city: City) -> None:
    case = ended(city, "e")
    retention.set_days(RetentionRule.Kind.PHOTO, 100)
    retention.set_days(RetentionRule.Kind.CASE, 200)
    retention.set_days(RetentionRule.Kind.CASE, 400, topic=city.topics["lighting"])
    assert retention.let_go(at=AT + timedelta(days=99))["photo"] == 0
    assert retention.let_go(at=AT + timedelta(days=101))["photo"] == 1
    assert retention.let_go(at=AT + timedelta(days=300))["case"] == 0
    assert retention.let_go(at=AT + timedelta(days=401))["case"] == 1
    assert retention.let_go(at=AT + timedelta(days=402))["case"] == 0
    assert case.events.filter(action="erase").count() == 1


def test_a_case_in_which_something_happened_later_is_kept_from_then(city: City) -> None:
    ended(city, "f")
    later = city.case(TEXT, received="2022-02-14 09:00", **told("g"))  # type: ignore[arg-type]
    reject(
        later, by=Actor.staff(city.coordinator), ground=Rejection.Ground.NO_CONTENT, reason="-", at=AT + timedelta(50)
    )
    retention.set_days(RetentionRule.Kind.CASE, 100)
    assert retention.let_go(at=AT + timedelta(days=120))["case"] == 1
    assert not Case.objects.get(pk=later.pk).erased_at


def test_texts_that_became_no_case_and_old_tries_go_too() -> None:
    contact = Contact.objects.create(phone="+84912777333", name="Bí Mật", created_at=AT)
    said = Interaction.objects.create(
        contact=contact, channel="sms", direction="in", state="received", address=contact.phone,
        body="Xoài Tím ở đâu", key="sms:1", happened_at=AT,
    )  # fmt: skip
    link = Link.objects.create(smsc="127.0.0.1:1", started_at=AT)
    Part.objects.create(
        key="x", link=link, turn=1, sender=contact.phone, destination="1022", data_coding=8, octets=b"x",
        state=Part.State.TAKEN, interaction=said, received_at=AT,
    )  # fmt: skip
    CodeTry.objects.create(code="1", network="x", tried_at=AT)
    assert retention.let_go(at=AT + timedelta(days=364))["message"] == 0
    assert columns_that_hold("912777333")
    done = retention.let_go(at=AT + timedelta(days=366))
    assert done["message"] == 1
    assert columns_that_hold(*SECRETS) == [] and not CodeTry.objects.exists()


@pytest.mark.parametrize(("kind", "days", "of_topic"), [("case", 0, False), ("case", 40000, False), ("try", 5, True)])
def test_a_rule_that_cannot_be_is_refused(city: City, kind: str, days: int, of_topic: bool) -> None:
    with pytest.raises(ValueError, match=kind):
        retention.set_days(RetentionRule.Kind(kind), days, topic=city.topics["lighting"] if of_topic else None)


def test_the_docs_tell_the_periods_that_hold() -> None:
    docs = (Path(__file__).parents[4] / "docs" / "personal-data.md").read_text(encoding="utf-8")
    told = [
        line.rsplit("|", 2)[1] for line in docs.partition("| | ngày · days |")[2].splitlines() if line.startswith("| ")
    ]
    days = [int(re.findall(r"\d+", each)[-1]) for each in told]
    assert days == [retention.usual_days(kind) for kind in RetentionRule.Kind]
