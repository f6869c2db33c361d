"""The demo's last fortnight: of today on whatever day it is opened, lived in working hours by agencies of today."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tongdai.accounts.models import Role, User
from tongdai.cases import queries
from tongdai.cases.models import Case, Event, Rating, Support
from tongdai.cases.routing import competent_agency, suggest_topic
from tongdai.cases.states import OPEN
from tongdai.directory import snapshot
from tongdai.directory.calendar.working_days import the_calendar
from tongdai.directory.models import City, Place
from tongdai.directory.places.loading import load_province
from tongdai.knowledge.models import Draft
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import CITY_TZ
from tongdai.scenarios import demo
from tongdai.scenarios.building import DEMO_PASSWORD
from tongdai.scenarios.covid_trial import city as trial_city
from tongdai.scenarios.today import afterwards, city, fortnight, matters, open_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def hai_phong() -> None:
    load_province("31")
    City.objects.update_or_create(pk=1, defaults={"name": "Hải Phòng", "province_code": "31"})
    snapshot.forget()


@pytest.fixture
def staffed(hai_phong: None) -> None:
    """With a coordinator and a call taker, as the trial's city leaves them."""
    for role in (Role.COORDINATOR, Role.CALL_TAKER):
        User.objects.create_user(username=role, full_name=role, role=role)


def test_opened_again_days_later_the_days_between_are_lived_too(staffed: None) -> None:
    topics, wards, _people = city.build()
    first = datetime.now(UTC) - timedelta(days=5)
    fortnight.live(topics, wards, now=first)
    then = set(Case.objects.values_list("pk", flat=True))
    waiting = set(Case.objects.filter(state__in=OPEN).values_list("pk", flat=True))
    assert fortnight.is_of_today(now=first)

    now = datetime.now(UTC)
    assert not fortnight.is_of_today(now=now)
    fortnight.live(topics, wards, now=now)

    assert fortnight.is_of_today(now=now)
    new = Case.objects.exclude(pk__in=then)
    assert not new.filter(received_at__lt=first - timedelta(days=1)).exists()
    assert new.filter(received_at__gt=now - timedelta(hours=2), state__in=OPEN).exists()
    assert Case.objects.filter(pk__in=waiting, answered_at__isnull=False).count() > len(waiting) / 3
    assert not Case.objects.filter(answered_at__gt=now).exists()


def at_work(moment: datetime) -> bool:
    """Whether the city's offices are open then."""
    local = moment.astimezone(CITY_TZ)
    minute = local.hour * 60 + local.minute + local.second / 60
    return any(opens <= minute <= closes for opens, closes in the_calendar().spans(local.date()))


def test_staff_acts_in_working_hours_and_at_night_who_is_on_duty_alone(staffed: None) -> None:
    topics, wards, _people = city.build()
    fortnight.live(topics, wards, now=datetime(2026, 3, 18, 10, tzinfo=CITY_TZ))
    acts = Event.objects.filter(user__isnull=False).exclude(action="register").select_related("user", "case")
    agencies = [event for event in acts if event.user and event.user.role == Role.OFFICER]
    others = [event for event in acts if event not in agencies]
    assert len(agencies) > 50 and len(others) > 50
    assert [event for event in agencies if not at_work(event.happened_at)] == []
    assert [event for event in others if not event.case.urgent and not at_work(event.happened_at)] == []


def pattern(words: str) -> re.Pattern[str]:
    """What a wording looks like with its places filled in."""
    return re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(words)), re.IGNORECASE)


def test_each_answer_is_to_the_matter_it_answers(staffed: None) -> None:
    topics, wards, _people = city.build()
    fortnight.live(topics, wards, now=datetime(2026, 3, 18, 10, tzinfo=CITY_TZ))
    answered = Counter[str]()
    for case in Case.objects.filter(answered_at__isnull=False).prefetch_related("answers"):
        assert case.topic and case.place and case.lead
        reply, *later = case.answers.all()
        assert {each.text for each in later} <= {afterwards.AGAIN} and len(later) <= 1
        pairs = matters.all_of_today()[case.topic.code]
        wordings = [wording for wording, expected in pairs if expected and pattern(expected).fullmatch(reply.text)]
        assert wordings, reply.text
        if case.channel == Channel.VOICE:  # typed by a call taker: no slips, accents as they are
            assert any(pattern(wording).search(case.text) for wording in wordings), (case.text, reply.text)
        assert case.lead == competent_agency(case.topic, case.place)
        answered[case.topic.code] += 1
    assert len(answered) > 10


def test_some_are_asked_extended_rated_and_reopened(staffed: None) -> None:
    topics, wards, _people = city.build()
    now = datetime(2026, 3, 18, 10, tzinfo=CITY_TZ)
    fortnight.live(topics, wards, now=now)
    done = Counter(Event.objects.values_list("action", flat=True))
    answered = Case.objects.filter(answered_at__isnull=False).count()
    assert answered / 5 < done["rate"] < answered / 2
    assert all(done[action] for action in ("ask", "reply", "extend", "reopen")), done
    assert done["reply"] <= done["ask"] and done["reopen"] < done["rate"] / 5
    stars = list(Rating.objects.values_list("stars", flat=True))
    assert 3.5 < sum(stars) / len(stars) < 4.6 and {1, 2} & set(stars)
    assert not Event.objects.filter(happened_at__gt=now).exists()
    asked = Interaction.objects.filter(case_link__event__action="ask", case_link__case__number_proven_at__isnull=False)
    assert asked and all(afterwards.QUESTION in text.body for text in asked)


def test_the_printed_officers_ward_is_asked_to_help_somebody(staffed: None) -> None:
    topics, wards, people = city.build()
    now = datetime(2026, 3, 18, 10, tzinfo=CITY_TZ)
    fortnight.live(topics, wards, now=now)
    for _ in range(2):
        open_work.add(topics, wards, people, now=now)
    assert queries.counts(people["canbo"])[queries.SUPPORTING] == 1
    asked = Support.objects.get(agency=people["canbo"].agency)
    assert at_work(asked.asked_at) and now < asked.due_at <= asked.case.due_at


AT_WORK, A_SUNDAY, AT_TET = "2026-03-18 10:00", "2026-03-22 22:00", "2026-02-17 07:00"


@pytest.mark.parametrize("day", [AT_WORK, A_SUNDAY, AT_TET])
def test_the_printed_officer_and_approver_have_something_to_do(staffed: None, day: str) -> None:
    topics, wards, people = city.build()
    now = datetime.fromisoformat(day).replace(tzinfo=CITY_TZ)
    for _ in range(2):  # opened again, nothing stands there twice
        open_work.add(topics, wards, people, now=now)

    for username in ("canbo", "pheduyet"):
        assert queries.inbox(people[username]).exists()
        open_ = queries.visible_cases(people[username]).filter(state__in=OPEN)
        states = Counter(open_.values_list("state", flat=True))
        assert states["assigned"] >= 1 and states["in_progress"] >= 2, (username, states)
    ours = Case.objects.filter(links__interaction__key__startswith=open_work.OURS).distinct()
    assert ours.count() == len(open_work.CASES)
    acts = Event.objects.filter(case__in=ours, user__isnull=False).exclude(action="register")
    assert acts and all(at_work(event.happened_at) and event.happened_at <= now for event in acts)
    assert Support.objects.filter(case__in=ours, agency__code=open_work.HELPS_US).count() == 1
    drafts = Draft.objects.filter(by=people["canbo"], approved_by=None)
    assert drafts.count() == len(open_work.DRAFTS)
    client = Client()
    client.force_login(people["pheduyet"])
    page = client.get("/ban/kho/").content.decode()
    assert all(question in page for question, _answer, _short in open_work.DRAFTS)


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Nhà tôi mất nước từ sáng", "Công ty Cấp nước"),
        ("nuoc may duc khong dung duoc", "Công ty Cấp nước"),
        ("Tiền nước tháng này tăng vô lý", "Công ty Cấp nước"),
        ("Cống trước nhà tắc, nước tràn vào nhà", "Công ty Thoát nước"),
        ("Đường ngập sau cơn mưa", "Công ty Thoát nước"),
        ("Khu tôi mất điện từ trưa", "Công ty Điện lực Hải Phòng"),
        ("Đèn đường tắt cả tuần", "Công ty Điện chiếu sáng"),
        ("Xe buýt bỏ bến", "Sở Xây dựng Hải Phòng"),
        ("Bố tôi chưa nhận được lương hưu", "Bảo hiểm xã hội thành phố Hải Phòng"),
        ("Nhiều tin nhắn rác quá", "Sở Khoa học và Công nghệ"),
        ("Rác không ai dọn", "UBND phường Hồng Bàng"),
    ],
)
def test_a_matter_goes_to_who_answers_for_it_today(hai_phong: None, text: str, agency: str) -> None:
    city.build()
    topic, place = suggest_topic(text), Place.objects.get(full_name="Phường Hồng Bàng", valid_from=city.OF_NOW.first)
    found = competent_agency(topic, place)
    assert found and found.name == agency


def test_most_matters_are_known_by_their_own_words(hai_phong: None) -> None:
    _topics, wards, _people = city.build()
    wrong = []
    every = [(topic, each) for topic, found in matters.all_of_today().items() for each in found]
    for topic, (wording, reply) in every:
        text = matters.Matter("k", wording, reply).text(wards[-1], at=datetime(2026, 3, 2, 9, tzinfo=CITY_TZ))
        found = suggest_topic(text)
        if found is not None and found.code != topic:
            wrong.append((topic, found.code, text))
    assert len(wrong) <= len(every) / 20, wrong


def test_no_district_is_spoken_of_since_there_is_none(hai_phong: None) -> None:
    city.build()
    said = [text.lower() for found in matters.all_of_today().values() for pair in found for text in pair]
    for word in ("quận", "huyện ", "{district}", "hộ khẩu"):
        assert [text for text in said if word in text and "bỏ cấp huyện" not in text] == []
    assert set(matters.streets()) <= set(Place.objects.on(datetime.now(UTC).date()).values_list("full_name", flat=True))


def test_every_printed_account_signs_in_and_each_role_has_one(hai_phong: None) -> None:
    trial_city.build()
    city.build()
    for username, _who in demo.SIGN_INS:
        client = Client()
        entered = client.post("/ban/vao/", {"username": username, "password": DEMO_PASSWORD})
        assert entered.status_code == 302, username
        assert client.get("/ban/", follow=True).status_code == 200, username
    printed = {User.objects.get(username=username).role for username, _who in demo.SIGN_INS}
    assert printed == set(Role)
