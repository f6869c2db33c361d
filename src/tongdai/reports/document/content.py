"""What the final report holds: the figures of a period and of its halves, each counted by the room's own functions.

The Word, the PDF made from it and the workbook all show this and nothing else. It is the same document whoever makes it:
totals count every case, the tables count those that may be listed to all staff.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import override

from tongdai.channels.voice.figures import Calls, calls_between
from tongdai.directory.city import the_city
from tongdai.people.models import Channel

from .. import figures, on_duty, ratings, ready_answers
from ..figures import Figures, Row
from ..on_duty import OnDuty
from ..period import TRIAL_COUNTED, Period
from ..ratings import Ratings
from ..ready_answers import ReadyAnswers
from .numerals import NBSP

COUNCIL = ("Ủy ban nhân dân", "UBND")
BLANK = "……"  # a person fills it in
UNSORTED, UNPLACED, UNASSIGNED, UNNAMED = "Chưa phân loại", "Chưa rõ nơi", "Chưa chuyển", "Không liệt kê"


@dataclass(frozen=True)
class Content:
    """Everything counted, and who reports it when. `first` and `second` are the halves; None for a single day."""

    period: Period
    made_at: datetime
    city: str
    owner: str
    superior: str
    issuer: str
    counted: Figures
    first: Figures | None
    second: Figures | None
    calls: Calls
    ready: ReadyAnswers
    ratings: Ratings
    urgent: OnDuty

    @property
    def of_trial(self) -> bool:
        return (self.period.first, self.period.last) == TRIAL_COUNTED

    @property
    def channels(self) -> list[tuple[str, int]]:
        """Cases by channel, as they are called to citizens; a group that has no such name stands as not listed."""
        with override("vi"):
            names = {str(value): str(label) for value, label in Channel.choices}
        shown = [(sentence_case(names.get(str(key), UNNAMED)), n) for key, n in self.counted.by_channel.items()]
        return [*shown, *((row.name, row.received) for row in self.unlisted)]

    @property
    def topics(self) -> list[Row]:
        return [*self.counted.by_topic, *self.unlisted]

    @property
    def agencies(self) -> list[Row]:
        return [*self.counted.by_agency, *self.unlisted]

    @property
    def places(self) -> list[Row]:
        return self.counted.by_place

    @property
    def unlisted(self) -> list[Row]:
        """The last line of each table, with which it adds up; none where every case is listed."""
        return [replace(self.counted.unlisted, name=UNNAMED)] if self.counted.unlisted.received else []


def gather(period: Period, *, made_at: datetime) -> Content:
    """Count everything the report holds."""
    halves, city = period.halves(), the_city()
    superior, issuer = heading(city.owner)
    return Content(
        period=period,
        made_at=made_at,
        city=city.name or BLANK,
        owner=city.owner,
        superior=superior,
        issuer=issuer,
        counted=figures.count(period),
        first=figures.count(halves[0]) if halves else None,
        second=figures.count(halves[1]) if halves else None,
        calls=calls_between(period.start, period.end),
        ready=ready_answers.count(period),
        ratings=ratings.count(period),
        urgent=on_duty.count(period),
    )


def heading(owner: str) -> tuple[str, str]:
    """Return the superior body and the issuing one, in capitals, as the upper left of a document has them.

    *Văn phòng UBND thành phố Hải Phòng* is the office of that council. A council has nobody above it there (Decree
    30/2020/NĐ-CP, Appendix I, II.2); where the name doesn't tell, a person fills it in.
    """
    for council in COUNCIL:
        before, found, after = owner.partition(council)
        if found:
            whole = f"{COUNCIL[0]} {after.strip().replace(' ', NBSP)}".strip().upper()  # breaks before the place alone
            return (whole, before.strip().upper()) if before.strip() else ("", whole)
    return BLANK, owner.upper() or BLANK


def sentence_case(words: str) -> str:
    """Begin with a capital, and leave the rest as it is."""
    return words[:1].upper() + words[1:]
