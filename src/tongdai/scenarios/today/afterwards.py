"""What happens to some of the matters beside their answer: the agency asks, a deadline is extended, the citizen rates, not all
are satisfied. Each case has dice of its own, so that what else happens in the fortnight stays as it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tongdai.cases import deadlines
from tongdai.cases.actions.ask import ask
from tongdai.cases.actions.ask import why_not as why_not_asked
from tongdai.cases.actions.extend import extend
from tongdai.cases.actions.rate import rate
from tongdai.cases.actions.reopen import reopen
from tongdai.cases.actions.reply import reply
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.people.models import Channel
from tongdai.platform import clock

ASKED, EXTENDED, RATED, REOPENED = 0.06, 0.6, 0.4, 0.6  # of those that it may happen to
QUESTION = "Xin cho biết chỗ ấy ở trước số nhà nào, và thấy từ bao giờ?"
REPLIES = ("Trước nhà số {number}, từ hôm kia.", "Đối diện số {number} ạ, mấy hôm nay rồi.", "Cạnh số {number}.")
WHY_LATER = "Đơn vị đang chờ vật tư, xin làm xong trước ngày này."
STARS = {5: 50, 4: 28, 3: 12, 2: 6, 1: 4}  # how often each is given, in hundredths
SAID = {
    5: ("Cảm ơn, làm nhanh.", "", ""),
    4: ("Được.", "", ""),
    3: ("Hơi lâu.", ""),
    2: ("Làm chưa hết.", "Mới xong một nửa."),
    1: ("Vẫn như cũ.", "Chưa thấy ai đến."),
}
AGAIN = "Đơn vị đã kiểm tra lại tại chỗ và làm nốt phần còn thiếu. Xin cảm ơn đã báo lại."
EARLIEST, LATEST = 7, 21  # hours of the day in which people write to the city


def asked_first(case: Case, *, by: Actor, at: datetime, now: datetime) -> tuple[Case, datetime | None]:
    """The case, and from when its agency goes on with it; None: it waits for its citizen yet."""
    chance = _dice(case, "ask")
    if not case.waits:
        asked_at = deadlines.due_at(at, hours=0.3)
        rare = chance.random() < ASKED
        by_street = case.topic is not None and case.topic.by_place
        if not rare or not by_street or case.urgent or asked_at > now or why_not_asked(case):
            return case, at
        case = ask(case, by=by, words=QUESTION, at=asked_at)
    assert case.asked_at is not None
    replied_at = _by_day(case.asked_at + timedelta(hours=chance.uniform(1, 30)))
    if replied_at > now:
        return case, None
    words = chance.choice(REPLIES).format(number=chance.randrange(1, 200))
    return reply(case, by=_citizen(case), words=words, raises=False, at=replied_at), replied_at


def extended(case: Case, *, by: Actor, since: datetime, answered_at: datetime, now: datetime) -> Case:
    """One that will be late is mostly extended the day before it would be, to the day of its answer."""
    at = deadlines.due_at(since, hours=0.5)
    if answered_at <= case.due_at or _dice(case, "extend").random() >= EXTENDED or not at < min(case.due_at, now):
        return case
    return extend(case, by=by, until=clock.day_of(answered_at), reason=WHY_LATER, at=at)


def rated(case: Case, *, answered_at: datetime, now: datetime) -> Case:
    """Its citizen says how satisfied they are; who isn't mostly wants it looked at again."""
    chance = _dice(case, f"rate {case.reopened_at is not None}")
    at = _by_day(answered_at + timedelta(hours=chance.uniform(0.3, 20)))
    if chance.random() >= RATED or at + timedelta(minutes=3) > now:
        return case
    stars = chance.choices(list(STARS), list(STARS.values()))[0]
    words = chance.choice(SAID[stars])
    case = rate(case, by=_citizen(case), stars=stars, words=words, at=at)
    if stars <= 2 and case.reopened_at is None and chance.random() < REOPENED:
        case = reopen(case, by=_citizen(case), words=words, at=at + timedelta(minutes=2))
    return case


def _dice(case: Case, what: str) -> Random:
    return Random(f"{what} {case.received_at.isoformat()} {case.text}")


def _citizen(case: Case) -> Actor:
    """Who rang writes a text afterwards."""
    return Actor.citizen(channel=Channel.SMS if case.channel == Channel.VOICE else case.channel)


def _by_day(at: datetime) -> datetime:
    """This moment, or the next morning where it falls into the night."""
    hour = at.astimezone(clock.CITY_TZ).hour
    if EARLIEST <= hour <= LATEST:
        return at
    return at + timedelta(hours=(EARLIEST - hour) % 24)
