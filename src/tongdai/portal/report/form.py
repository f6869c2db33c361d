"""The report form: what was typed, and what it means. What was typed is never changed under the person's hands."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongdai.cases import routing
from tongdai.cases.actions.register import LONGEST_TEXT
from tongdai.cases.models import Case
from tongdai.cases.triage.judgement import judge
from tongdai.directory import snapshot
from tongdai.directory.models import Place, Topic
from tongdai.language.text import clean
from tongdai.people import phones

from . import numbers, where

Visibility = Case.Visibility
ANSWERS = {"yes": True, "no": False}  # to the one question that a doubtful matter is asked
BECAUSE = {"", "matter", "question"}
KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


@dataclass
class Typed:
    """The form's fields as the browser sent them (trimmed of nothing but their length)."""

    text: str = ""
    place: str = ""
    place_code: str = ""
    place_for: str = ""  # the words for which place_code was chosen
    latitude: str = ""
    longitude: str = ""
    landmark: str = ""
    phone: str = ""
    name: str = ""
    visibility: str = Visibility.PRIVATE
    topic: str = ""
    denounces: str = ""  # yes | no: whether it denounces somebody, where that was asked
    urgent: str = ""  # whoever writes says that somebody is in danger now
    because: str = ""  # what it began from: a `matter` or a `question` the answers know nothing of; empty: by itself
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def asks(self) -> bool:
        """A question: the form doesn't speak of a report, nor of a place."""
        return self.because == "question"

    @classmethod
    def of(cls, posted: QueryDict) -> Self:
        """Read a POST. A key that isn't ours is replaced: it names nothing."""
        typed = cls(
            text=posted.get("text", "")[: 2 * LONGEST_TEXT],
            place=posted.get("place", "")[:200],
            place_code=posted.get("place_code", "")[:16],
            place_for=posted.get("place_for", "")[:200],
            latitude=posted.get("latitude", "")[:24],
            longitude=posted.get("longitude", "")[:24],
            landmark=posted.get("landmark", "")[:200],
            phone=posted.get("phone", "")[:40],
            name=posted.get("name", "")[:120],
            visibility=posted.get("visibility", ""),
            topic=posted.get("topic", "")[:60],
            urgent="1" if posted.get("urgent") else "",
            because=posted.get("because", ""),
            denounces=posted.get("denounces", ""),
        )
        if typed.denounces not in ANSWERS:
            typed.denounces = ""
        if typed.because not in BECAUSE:
            typed.because = ""
        if typed.visibility not in Visibility.values:
            typed.visibility = Visibility.PRIVATE
        if KEY.fullmatch(posted.get("key", "")):
            typed.key = str(posted["key"])
        return typed


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field: in short for the head of the form, in full beside the field (`at`: its id)."""

    at: str
    short: str
    full: str
    status: int = 422


@dataclass
class Understood:
    """What the form means, and what stands in its way."""

    text: str = ""
    topic: Topic | None = None
    place: Place | None = None
    point: tuple[float, float] | None = None
    phone: str = ""
    problems: list[Problem] = field(default_factory=list)
    in_danger: bool = False
    proposed: list[where.Proposal] = field(default_factory=list)

    def problem(self, at: str) -> Problem | None:
        return next((problem for problem in self.problems if problem.at == at), None)


def understand(typed: Typed) -> Understood:
    """Read the form: no query, no change. The problems stand in the order of the page."""
    read = Understood(text=clean(typed.text), point=where.point(typed.latitude, typed.longitude))
    _text(typed, read)
    read.topic = snapshot.topic(typed.topic) or routing.suggest_topic(read.text)
    _place(typed, read)
    _phone(typed, read)
    _visibility(typed, read)
    read.in_danger = bool(read.text) and (bool(typed.urgent) or judge(read.text).rung)
    if read.problems and read.in_danger:
        # somebody in danger is not sent back for a number or a ward; what was typed there goes along as it is
        read.problems = [problem for problem in read.problems if problem.at == "text"]
        read.proposed = []
    return read


def _text(typed: Typed, read: Understood) -> None:
    if not read.text:
        full = _("Xin kể một câu: việc gì, ở đâu. Chưa có lời nào thì chúng tôi không biết phải làm gì.")
        read.problems.append(Problem("text", _("Chưa có lời kể"), full))
    elif len(read.text) > LONGEST_TEXT:
        full = _("Lời kể dài {count} chữ cái, tối đa {most}. Xin bớt đi một ít.").format(
            count=len(read.text), most=LONGEST_TEXT
        )
        read.problems.append(Problem("text", _("Lời kể dài quá"), full))


def _place(typed: Typed, read: Understood) -> None:
    asked = clean(typed.place)
    if typed.place_code and (not asked or typed.place == typed.place_for):
        read.place = snapshot.place(typed.place_code)
        if read.place:
            return
    if asked:
        read.proposed = where.named(asked)
        full = _("Chúng tôi tìm thấy vài nơi. Xin chọn một.")
        if not read.proposed:
            full = _(
                "Chưa tìm thấy nơi nào tên “{name}”. Xin xem lại tên phường, xã; không chắc thì để trống ô này "
                "và ghi vào ô Chỗ dễ nhận ra."
            ).format(name=asked)
    elif read.point:
        read.proposed = where.near(read.point)
        full = _("Vị trí của bạn nằm gần mấy nơi này. Xin chọn một.")
    if len(read.proposed) == 1 and read.proposed[0].sure:
        read.place, read.proposed = read.proposed[0].place, []
    elif read.proposed or asked:
        read.problems.append(Problem("place", _("Chưa rõ phường, xã nào"), full))


def _phone(typed: Typed, read: Understood) -> None:
    if typed.visibility == Visibility.ANONYMOUS:
        return
    read.phone = phones.normalise(typed.phone) or ""
    if read.phone:
        return
    full = numbers.what_is_wrong(typed.phone)
    if not clean(typed.phone):
        full = _("Chúng tôi cần số điện thoại để nhắn câu trả lời. Không muốn để lại số thì chọn gửi không để lại tên.")
    read.problems.append(Problem("phone", numbers.summary(typed.phone), full))


def _visibility(typed: Typed, read: Understood) -> None:
    if typed.visibility == Visibility.ANONYMOUS and read.topic and not read.topic.anonymous_allowed:
        full = _(
            "Việc “{topic}” cần gọi lại được cho bạn, nên không gửi ẩn danh được. Số của bạn được giữ kín."
        ).format(topic=read.topic.name)
        read.problems.append(Problem("visibility", _("Việc này cần một số để gọi lại"), full))
