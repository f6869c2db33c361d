"""What each figure is: the one place. The page, the command and the sheet only show them.

withdrawn: cases received in the period that their citizen withdrew by its end, before an answer: neither success nor
  failure, and in neither rate.
success_rate: cases received in [from, to] and first answered by the end of `to` ÷ cases received in [from, to] but the
  withdrawn. A rejection is no answer.
undue: cases received in the period, not answered by its end, neither rejected nor withdrawn, whose deadline is not past at
  its end (now, while the period goes on): no failure. unsuccessful: what is neither answered, undue nor withdrawn: overdue,
  or rejected, whenever that was. answered + undue + withdrawn + unsuccessful = received.
on_time_rate: of the cases received in the period of which it can be said by the end of `to` (answered by then, or their
  deadline past; rejected and withdrawn ones left out), the share first answered by their deadline.
median_hours: elapsed hours from receipt to first answer, the middle one of the cases that count as successes.
covid_share: of the cases received by the portal, the share that asked for COVID-19 help or looked something up: topics of
  a campaign whose code begins with `covid-help` or `covid-lookup`.
Totals count every case, the same for everyone; the groups (channel, topic, place, agency, day) count the cases that may be
listed to whoever asks. unlisted: the total less the listed ones: each group's lines and this one add up to the total.
Days are those of Asia/Ho_Chi_Minh, both ends in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Manager, Q, QuerySet
from django.db.models.functions import TruncDate

from tongdai.cases import standing
from tongdai.cases.models import Case
from tongdai.directory.models import Agency, Place, Topic
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import CITY_TZ

from .one_moment import at_one_moment
from .period import Period

ASKED = Q(topic__code__startswith="covid-help") | Q(topic__code__startswith="covid-lookup")


class Median(Aggregate):
    """The middle value, by PostgreSQL's percentile_cont."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Row:
    """One line of a table: a topic, a place, an agency, a channel."""

    key: str
    name: str
    received: int
    answered: int
    undue: int
    withdrawn: int
    sayable: int
    on_time: int

    @property
    def unsuccessful(self) -> int:
        return self.received - self.answered - self.undue - self.withdrawn

    @property
    def judged(self) -> int:
        """How many the success rate is of."""
        return self.received - self.withdrawn

    @property
    def success_rate(self) -> float:
        return ratio(self.answered, self.judged)

    @property
    def on_time_rate(self) -> float | None:
        return ratio(self.on_time, self.sayable) if self.sayable else None


COUNTED = ("received", "answered", "undue", "withdrawn", "sayable", "on_time")


def added(rows: Iterable[Row]) -> Row:
    """Add lines up to one without a name."""
    found = list(rows)
    return Row("", "", *(sum(getattr(row, name) for row in found) for name in COUNTED))


def less(whole: Row, part: Row) -> Row:
    """Return what is left of a line without a part of it, without a name."""
    return Row("", "", *(getattr(whole, name) - getattr(part, name) for name in COUNTED))


@dataclass(frozen=True)
class Day:
    """Cases received on a day, and cases first answered on it, whenever they were received."""

    day: date
    received: int
    answered: int


@dataclass(frozen=True)
class Figures:
    """All of one period."""

    period: Period
    total: Row
    unlisted: Row
    answers: int  # first answers given in the period, to whatever case, whenever received
    channels: list[Row]
    portal_asked: int
    median_hours: float | None
    by_topic: list[Row]
    by_place: list[Row]
    by_agency: list[Row]
    by_day: list[Day]
    texts_sent: int
    texts_delivered: int

    @property
    def received(self) -> int:
        return self.total.received

    @property
    def unlisted_answers(self) -> int:
        return self.answers - sum(day.answered for day in self.by_day)

    @property
    def by_channel(self) -> dict[str, int]:
        return {row.key: row.received for row in self.channels}

    @property
    def covid_share(self) -> float:
        return ratio(self.portal_asked, self.by_channel[Channel.WEB])

    def as_json(self) -> dict[str, Any]:
        """Return the keys others rely on, and more; rates between 0 and 1, None where nothing can be judged; hours elapsed.

        `unlisted` is what the lines of each breakdown lack of the total.
        """
        return {
            "period": {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()},
            "received": self.received,
            "by_channel": self.by_channel,
            "success_rate": self.total.success_rate,
            "on_time_rate": self.total.on_time_rate,
            "median_hours_to_answer": self.median_hours,
            "portal": {"received": self.by_channel[Channel.WEB], "covid_share": self.covid_share},
            "answered": self.total.answered,
            "undue": self.total.undue,
            "withdrawn": self.total.withdrawn,
            "unsuccessful": self.total.unsuccessful,
            "unlisted": _counts_of(self.unlisted) | {"first_answers": self.unlisted_answers},
            "first_answers": self.answers,
            "messages": {"sent": self.texts_sent, "delivered": self.texts_delivered},
            "channels": [_plain(row) for row in self.channels],
            "by_topic": [_plain(row) for row in self.by_topic],
            "by_place": [_plain(row) for row in self.by_place],
            "by_agency": [_plain(row) for row in self.by_agency],
            "by_day": [{"day": d.day.isoformat(), "received": d.received, "answered": d.answered} for d in self.by_day],
        }


def count(period: Period, *, listed: QuerySet[Case] | None = None) -> Figures:
    """Count a period, its groups over the cases `listed` (all but the confidential ones).

    Twelve questions to the database, whatever the number of cases, all about one moment.
    """
    with at_one_moment():
        return _count(period, Case.objects.filter(confidential=False) if listed is None else listed)


def total_of(period: Period) -> tuple[Row, float | None]:
    """Count every case of the city: the line of totals, and the median of hours to the answer."""
    found = received_in(period, Case.objects.all()).aggregate(
        **_counts(period),
        median=Median(
            ExpressionWrapper(F("answered_at") - F("received_at"), output_field=DurationField()),
            filter=measures(period)["answered"],
        ),
    )
    return _row("", "", found), found["median"] / timedelta(hours=1) if found["median"] is not None else None


def _count(period: Period, seen: QuerySet[Case]) -> Figures:
    received = received_in(period, seen)
    came_by = {
        row["channel"]: row
        for row in received.values("channel")
        .annotate(**_counts(period), asked=Count("pk", filter=measures(period)["asked"]))
        .order_by("channel")
    }
    nothing = dict.fromkeys(COUNTED, 0)
    total, median_hours = total_of(period)
    texts = _texts(period)
    return Figures(
        period=period,
        total=total,
        unlisted=less(total, added(_row("", "", row) for row in came_by.values())),
        answers=answered_in(period, Case.objects.all()).count(),
        channels=[_row(each.value, str(each.label), came_by.get(each, nothing)) for each in Channel],
        portal_asked=sum(row["asked"] for row in came_by.values()),
        median_hours=median_hours,
        by_topic=_grouped(received, period, by="topic", rows=Topic.objects),
        by_place=_grouped(received, period, by="place", rows=Place.objects),
        by_agency=_grouped(received, period, by="lead", rows=Agency.objects),
        by_day=_days(seen, received, period),
        texts_sent=texts["sent"],
        texts_delivered=texts["delivered"],
    )


def ratio(part: int, whole: int) -> float:
    """Divide; 0 where there is nothing to divide by."""
    return part / whole if whole else 0.0


def received_in(period: Period, cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases that came on one of its days."""
    return cases.filter(received_at__gte=period.start, received_at__lt=period.end)


def answered_in(period: Period, cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return the cases first answered on one of its days, whenever they came."""
    return cases.filter(answered_at__gte=period.start, answered_at__lt=period.end)


def measures(period: Period) -> dict[str, Q]:
    """Return what is counted of the cases received in the period: the conditions behind every number of a line."""
    answered = Q(answered_at__lt=period.end)
    unanswered = Q(answered_at=None) | Q(answered_at__gte=period.end)
    was_due, rejected = standing.answer_was_due(before=period.counted_until), Q(rejection__isnull=False)
    withdrawn = unanswered & Q(withdrawn_at__lt=period.end)
    waited_for = unanswered & (Q(withdrawn_at=None) | Q(withdrawn_at__gte=period.end))
    sayable = (answered | (waited_for & was_due)) & ~rejected
    return {
        "answered": answered,
        "undue": waited_for & ~was_due & ~rejected,
        "withdrawn": withdrawn,
        "unsuccessful": waited_for & (was_due | rejected),
        "sayable": sayable,
        "on_time": sayable & answered & standing.ANSWERED_IN_TIME,
        "asked": ASKED & Q(channel=Channel.WEB),
    }


def _counts(period: Period) -> dict[str, Count]:
    counted = measures(period)
    return {name: Count("pk", filter=counted.get(name)) for name in COUNTED}


def _grouped(received: QuerySet[Case], period: Period, *, by: str, rows: Manager[Any]) -> list[Row]:
    """Return one row a group, the largest first, then by code; cases without one stand under an empty key.

    Counted by id and named afterwards: the names of a few hundred groups aren't joined to a million cases.
    """
    counted = {row[by]: row for row in received.values(by).annotate(**_counts(period)).order_by(by)}
    named = rows.in_bulk(list(filter(None, counted)))
    found = [_row(named[key].code, str(named[key]), row) if key else _row("", "", row) for key, row in counted.items()]
    return sorted(found, key=lambda row: (-row.received, row.key))


def _row(key: str, name: str, counted: Mapping[str, Any]) -> Row:
    return Row(key, name, *(counted[each] for each in COUNTED))


def _days(seen: QuerySet[Case], received: QuerySet[Case], period: Period) -> list[Day]:
    came = _by_day(received, "received_at")
    went = _by_day(answered_in(period, seen), "answered_at")
    return [Day(day, came.get(day, 0), went.get(day, 0)) for day in period.days]


def _by_day(cases: QuerySet[Case], field: str) -> dict[date, int]:
    rows = cases.values(day=TruncDate(field, tzinfo=CITY_TZ)).annotate(n=Count("pk")).order_by("day")
    return {row["day"]: row["n"] for row in rows}


def _texts(period: Period) -> dict[str, int]:
    """Count the messages that went out about cases in the period, and those that arrived: shown beside, never mixed in."""
    state = Interaction.State
    return Interaction.objects.filter(
        channel=Channel.SMS,
        direction=Interaction.Direction.OUT,
        happened_at__gte=period.start,
        happened_at__lt=period.end,
    ).aggregate(
        sent=Count("pk", filter=Q(state__in=[state.SENT, state.DELIVERED, state.FAILED, state.UNKNOWN])),
        delivered=Count("pk", filter=Q(state=state.DELIVERED)),
    )


def _plain(row: Row) -> dict[str, Any]:
    return {
        "code": row.key,
        "name": row.name,
        "received": row.received,
        "answered": row.answered,
        "undue": row.undue,
        "withdrawn": row.withdrawn,
        "success_rate": row.success_rate,
        "on_time_rate": row.on_time_rate,
    }


def _counts_of(row: Row) -> dict[str, int]:
    names = ("received", "answered", "undue", "withdrawn", "unsuccessful")
    return {name: getattr(row, name) for name in names}
