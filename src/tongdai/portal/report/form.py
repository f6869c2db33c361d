"""The report form: what was typed, and what it means. What was typed is never changed under the person's hands."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Self

from django.http import QueryDict
from django.utils.translation import gettext as _

from tongdai.cases import routing
from tongdai.cases.actions.register import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_TEXT
from tongdai.cases.models import Case
from tongdai.cases.triage.judgement import judge
from tongdai.directory import snapshot
from tongdai.directory.models import Place, Topic
from tongdai.language.text import clean
from tongdai.people import phones
from tongdai.platform.typed_input import too_long

from . import numbers, where

Visibility = Case.Visibility
ANSWERS = {"yes": True, "no": False}  # to the one question that a doubtful matter is asked
BECAUSE = {"", "matter", "question"}
LONGEST_PLACE = 200  # characters: no ward is called so
READ_FOR_A_GUESS = 2 * LONGEST_TEXT  # characters of what is far too long: topic and danger are guessed from these
KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")


@dataclass
class Typed:
    """The form's fields as the browser sent them (nothing is cut: what is too long is told, and stays)."""

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
    about: str = ""  # the key of the answer from whose page it was asked, `procedure:7`
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def asks(self) -> bool:
        """A question: the form doesn't speak of a report, nor of a place."""
        return self.because == "question"

    @classmethod
    def of(cls, posted: QueryDict) -> Self:
        """Read a POST. A key that isn't ours is replaced: it names nothing."""
        typed = cls(
            text=posted.get("text", ""),
            place=posted.get("place", ""),
            place_code=posted.get("place_code", ""),
            place_for=posted.get("place_for", ""),
            latitude=posted.get("latitude", ""),
            longitude=posted.get("longitude", ""),
            landmark=posted.get("landmark", ""),
            phone=posted.get("phone", ""),
            name=posted.get("name", ""),
            visibility=posted.get("visibility", ""),
            topic=posted.get("topic", ""),
            urgent="1" if posted.get("urgent") else "",
            because=posted.get("because", ""),
            denounces=posted.get("denounces", ""),
            about=posted.get("about", ""),
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
    read.topic = snapshot.topic(typed.topic) or routing.suggest_topic(read.text[:READ_FOR_A_GUESS])
    _place(typed, read)
    _length(read, "landmark", typed.landmark, most=LONGEST_ADDRESS, short=_("Chỗ dễ nhận ra dài quá"))
    _phone(typed, read)
    if typed.visibility != Visibility.ANONYMOUS:
        _length(read, "name", typed.name, most=LONGEST_NAME, short=_("Tên dài quá"))
    _visibility(typed, read)
    read.in_danger = bool(read.text) and (bool(typed.urgent) or judge(read.text[:READ_FOR_A_GUESS]).rung)
    if read.problems and read.in_danger:
        # somebody in danger is not sent back for a number or a ward; what was typed there goes along as it is
        read.problems = [problem for problem in read.problems if problem.at == "text"]
        read.proposed = []
    return read


def _text(typed: Typed, read: Understood) -> None:
    if not read.text:
        full = _("Xin kể đôi lời: việc gì, ở đâu. Ô này còn trống nên chúng tôi chưa biết phải làm gì.")
        read.problems.append(Problem("text", _("Chưa có lời kể"), full))
    elif len(read.text) > LONGEST_TEXT:
        full = _("Lời kể dài {count} chữ cái, tối đa {most}. Xin bớt đi một ít.").format(
            count=len(read.text), most=LONGEST_TEXT
        )
        read.problems.append(Problem("text", _("Lời kể dài quá"), full))


def _length(read: Understood, at: str, words: str, *, most: int, short: str) -> bool:
    """Whether it is too long, which is a problem then."""
    full = too_long(clean(words), most=most)
    if full:
        read.problems.append(Problem(at, short, full))
    return bool(full)


def _place(typed: Typed, read: Understood) -> None:
    asked = clean(typed.place)
    if _length(read, "place", asked, most=LONGEST_PLACE, short=_("Tên phường, xã dài quá")):
        return
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
        read.problems.append(Problem("visibility", _("Việc này cần số điện thoại để gọi lại"), full))
