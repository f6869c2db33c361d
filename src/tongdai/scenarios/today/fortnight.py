"""The demo's last fortnight: a city at work, so that today's inbox has today's matters, some late, most in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Max, QuerySet

from tongdai.accounts.duty.roster import Turn
from tongdai.accounts.models import Role, User
from tongdai.cases import deadlines
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.actions.hand_back import hand_back
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, CaseInteraction, Event
from tongdai.cases.routing import competent_agency
from tongdai.cases.states import INBOX, OPEN, State
from tongdai.directory import freshness
from tongdai.directory.models import Place, Topic
from tongdai.people.models import Channel, Interaction
from tongdai.platform import clock

from .. import on_duty
from ..building import Names
from ..covid_trial.notified import record_notifications
from ..covid_trial.play import forget_jobs_since, last_job
from ..writing import as_people_write
from . import afterwards, matters

KEY = "fortnight:"
DAYS, A_DAY = 14, 16
DAY_SHIFT = (7, 19)
CHANNELS = {Channel.VOICE: 60, Channel.SMS: 22, Channel.WEB: 18}


def is_of_today(*, now: datetime) -> bool:
    """Whether it reaches up to this day: a demo opened again later wants the days between."""
    last = _last_day()
    return last is not None and last >= clock.day_of(now)


def live(topics: dict[str, Topic], wards: Sequence[Place], *, now: datetime) -> None:
    """Fill it up to `now` by the product's own actions, in one transaction; what stands open from before goes on too."""
    last = _last_day()
    chance, names = Random(f"fortnight {last}"), Names()
    officers: dict[int, User] = {user.agency_id or 0: user for user in User.objects.filter(role=Role.OFFICER)}
    people = {role: list(User.objects.filter(role=role).order_by("pk")) for role in (Role.COORDINATOR, Role.CALL_TAKER)}
    with transaction.atomic(), freshness.unchanged(), clock.turned_here() as turn_to:
        turns = on_duty.roster(since=now - timedelta(days=DAYS + 1), until=now)
        before, last_event = last_job(), Event.objects.aggregate(last=Max("pk"))["last"] or 0
        for case in Case.objects.filter(pk__in=_open_from_before()).order_by("pk"):
            _go_on(case, case.topic, case.place, now=now, chance=chance, officers=officers, people=people)
        moments = _moments(chance, after=last, now=now, topics=list(topics.values()))
        for number, (at, topic) in enumerate(moments):
            turn_to(at)
            place = chance.choices(wards, [matters.weight(ward) for ward in wards])[0]
            case = _come(
                f"{KEY}{last or 'first'}:{number}",
                at,
                topic,
                place,
                chance=chance,
                names=names,
                people=people,
            )
            case = _ring(case, chance=chance, turns=turns, now=now)
            _go_on(case, topic, place, now=now, chance=chance, officers=officers, people=people)
        record_notifications(KEY, after=last_event)
        forget_jobs_since(before)


def _ours() -> QuerySet[Interaction]:
    return Interaction.objects.filter(key__startswith=KEY)


def _last_day() -> date | None:
    last = _ours().aggregate(last=Max("happened_at"))["last"]
    return clock.day_of(last) if last else None


def _open_from_before() -> list[int]:
    ours = CaseInteraction.objects.filter(interaction__in=_ours(), case__state__in=OPEN)
    return list(ours.filter(case__topic__code__in=matters.all_of_today()).values_list("case_id", flat=True))


def _moments(
    chance: Random, *, after: date | None, now: datetime, topics: Sequence[Topic]
) -> list[tuple[datetime, Topic]]:
    """More by day than by night, and one or two in the last hour: an inbox that has something to do."""
    found = []
    today = clock.midnight(now)
    days = [day for day in (today - timedelta(days=ago) for ago in range(DAYS)) if after is None or day.date() > after]
    for day in days:
        for _ in range(round(A_DAY * chance.uniform(0.7, 1.3))):
            found.append((day + timedelta(hours=chance.triangular(5, 23, 10)), chance.choice(topics)))
    for minutes in (3, 9, 17, 26, 44, 65):
        found.append((now - timedelta(minutes=minutes), chance.choice(topics)))
    return sorted(((at, topic) for at, topic in found if at < now), key=lambda pair: pair[0])


def _come(
    key: str,
    at: datetime,
    topic: Topic,
    place: Place,
    *,
    chance: Random,
    names: Names,
    people: dict[Role, list[User]],
) -> Case:
    channel = chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    written = matters.of(key, topic.code).text(place, at=at)
    if channel == Channel.SMS:  # a text has no field for it
        written = f"{written}, {matters.within_a_sentence(place.full_name)}"
    accents = {Channel.VOICE: 1.0, Channel.SMS: 0.5, Channel.WEB: 0.9}[channel]
    by = (
        Actor.staff(chance.choice(people[Role.CALL_TAKER]))
        if channel == Channel.VOICE
        else Actor.citizen(channel=channel)
    )
    made = register(
        Matter(
            text=as_people_write(written, chance=chance, accents=accents, haste=0.4 if channel == Channel.SMS else 0.0),
            channel=channel,
            phone=f"+849{chance.randrange(10**8):08d}",
            name=names.draw(chance) if channel != Channel.SMS else "",
            proven=channel != Channel.WEB,
            topic=topic if channel == Channel.VOICE else None,
            place=place if channel != Channel.SMS else None,
        ),
        key=key,
        by=by,
        at=at,
    )
    return Case.objects.get(pk=made.case_id)


def _ring(case: Case, *, chance: Random, turns: list[Turn], now: datetime) -> Case:
    """An urgent one was taken within minutes."""
    steps: list[tuple[datetime, Callable[[datetime], None]]] = []
    current = [case]
    if case.untaken:
        past = on_duty.Past(lambda: current[0], turns, chance, lambda changed: current.__setitem__(0, changed))
        plan: on_duty.At = lambda moment, step: steps.append((moment, step))  # noqa: E731
        past.begin(case.received_at + timedelta(seconds=3), plan)
        while steps:
            moment, step = steps.pop(0)
            step(min(moment, now))
    return current[0]


def _go_on(
    case: Case,
    topic: Topic | None,
    place: Place | None,
    *,
    now: datetime,
    chance: Random,
    officers: dict[int, User],
    people: dict[Role, list[User]],
) -> None:
    """As far as a case of its age has come: sorted within the hour, accepted within a day, answered by its deadline.

    In working hours; only an urgent one is sorted at once, by who is on duty.
    """
    minutes = chance.uniform(3, 60)
    sorted_at = case.received_at + timedelta(minutes=minutes / 5)
    if not case.urgent:
        sorted_at = deadlines.due_at(case.received_at, hours=minutes / 60)
    if topic is None or place is None or sorted_at > now or case.confidential:
        return
    if case.state in INBOX:
        agency = competent_agency(topic, place)
        if agency is None or agency.pk not in officers:
            return
        at = max(sorted_at, _moved_at(case))
        coordinator = _on_shift(people[Role.COORDINATOR], at)
        if case.perhaps_denunciation:
            case = clear_doubt(case, by=coordinator, at=at)
        case = classify(case, by=coordinator, topic=topic, place=place, at=at)
        case = assign(case, by=coordinator, agency=agency, at=at)
    agency = case.lead
    if agency is None or agency.pk not in officers:
        return
    officer = Actor.staff(officers[agency.pk])
    accepted_at = deadlines.due_at(
        max(sorted_at, _moved_at(case)), hours=chance.uniform(0.1, 0.5 if case.urgent else 6)
    )
    if accepted_at > now:
        return
    if case.state == State.ASSIGNED:
        if chance.random() < 0.06 and now - case.received_at < timedelta(days=2):
            hand_back(case, by=officer, reason="Không thuộc thẩm quyền của đơn vị", at=accepted_at)
            return
        case = accept(case, by=officer, at=accepted_at)
    case, goes_on_at = afterwards.asked_first(case, by=officer, at=accepted_at, now=now)
    if goes_on_at is None:
        return
    share = chance.uniform(1.05, 1.6) if chance.random() < 0.1 else chance.uniform(0.15, 0.95)
    due = deadlines.due_at(case.received_at, hours=share * topic.limit_hours)
    answered_at = max(due, deadlines.due_at(goes_on_at, hours=1 / 3))
    coordinator = _on_shift(people[Role.COORDINATOR], goes_on_at)
    case = afterwards.extended(case, by=coordinator, since=goes_on_at, answered_at=answered_at, now=now)
    if answered_at < now:
        text = matters.of(_key_of(case), topic.code).answer(place)
        case = answer(case, by=officer, text=afterwards.AGAIN if case.reopened_at else text, at=answered_at)
        case = afterwards.rated(case, answered_at=answered_at, now=now)
    if case.state == State.ASSIGNED:
        _look_again(case, by=officer, now=now)


def _look_again(case: Case, *, by: Actor, now: datetime) -> None:
    """Reopened by its citizen: the agency that answered accepts it once more, and answers within two days."""
    accepted_at = deadlines.due_at(_moved_at(case), hours=2)
    answered_at = deadlines.due_at(accepted_at, hours=11)
    if accepted_at < now:
        case = accept(case, by=by, at=accepted_at)
    if answered_at < now:
        answer(case, by=by, text=afterwards.AGAIN, at=answered_at)


def _on_shift(coordinators: list[User], at: datetime) -> Actor:
    """Who coordinates at this hour: the first by day, the last by night."""
    by_day = DAY_SHIFT[0] <= at.astimezone(clock.CITY_TZ).hour < DAY_SHIFT[1]
    return Actor.staff(coordinators[0 if by_day else -1])


def _moved_at(case: Case) -> datetime:
    return case.events.latest("seq").happened_at


def _key_of(case: Case) -> str:
    """Return the key of the interaction that opened it."""
    return str(_ours().filter(case_link__case=case).order_by("pk").values_list("key", flat=True)[0])
