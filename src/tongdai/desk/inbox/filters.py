"""The filters of a list: as they stand in its address, in words, and what is wrong with one that can't be meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.cases.search.filters import NONE, Due, Filter
from tongdai.cases.states import State
from tongdai.cases.triage.danger import Level
from tongdai.directory import snapshot
from tongdai.language.text import clean
from tongdai.people.models import Channel
from tongdai.platform.typed_input import NotADay, as_typed, read_day

LONGEST = 60  # of what is taken from an address
VIEW = "khung"

# name in the address → (of `Filter`, what it is called)
FIELDS: dict[str, tuple[str, str | Promise]] = {
    "linh-vuc": ("topic", gettext_lazy("Lĩnh vực")),
    "co-quan": ("agency", gettext_lazy("Cơ quan")),
    "dia-ban": ("place", gettext_lazy("Địa bàn")),
    "kenh": ("channel", gettext_lazy("Kênh")),
    "trang-thai": ("state", gettext_lazy("Trạng thái")),
    "muc": ("level", gettext_lazy("Mức khẩn")),
    "han": ("due", gettext_lazy("Hạn")),
    "tu": ("since", gettext_lazy("Nhận từ ngày")),
    "den": ("until", gettext_lazy("Nhận đến hết ngày")),
}
DAYS = ("tu", "den")
WITHOUT: dict[str, str | Promise] = {
    "linh-vuc": gettext_lazy("chưa xếp"),
    "co-quan": gettext_lazy("chưa có cơ quan"),
    "dia-ban": gettext_lazy("chưa rõ nơi"),
}


@dataclass(frozen=True)
class Chip:
    """One filter that narrows the list; `rest`: the query of the address without it."""

    name: str
    label: str
    words: str
    rest: str


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """One field of the form. A day has no choices."""

    name: str
    label: str
    value: str
    error: str
    choices: list[Choice]


class CannotBeMeant(ValueError):
    """The value of a filter is none; the message is for the person."""


@dataclass
class Asked:
    """The filters as they were typed, what they mean, and what is wrong with some, by their names in the address."""

    typed: dict[str, str]
    filter: Filter
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def narrowing(self) -> list[str]:
        """The names of those that narrow the list."""
        return [name for name, (part, _label) in FIELDS.items() if getattr(self.filter, part)]

    def query(
        self, more: Mapping[str, str] | None = None, *, without: Iterable[str] = (), only_meant: bool = False
    ) -> str:
        """The query of an address that asks the same; `more` goes before the filters: the view, the search."""
        kept = self.narrowing if only_meant else [name for name in FIELDS if self.typed[name]]
        given = {name: value for name, value in (more or {}).items() if value}
        given |= {name: self.typed[name] for name in kept if name not in set(without)}
        return urlencode(given, safe="/")

    def chips(self, **more: str) -> list[Chip]:
        """Each filter that narrows, with the way to do without it."""
        return [
            Chip(name, str(FIELDS[name][1]), self.words_of(name), self.query(more, without=[name]))
            for name in self.narrowing
        ]

    def words_of(self, name: str) -> str:
        value = getattr(self.filter, FIELDS[name][0])
        if value == NONE:
            return str(WITHOUT[name])
        if isinstance(value, date):
            return as_typed(value)
        return str(dict(_LABELS[name])[value]) if name in _LABELS else str(getattr(value, "full_name", value.name))

    def fields(self, *, hidden: Iterable[str] = ()) -> list[Field]:
        """The form: every filter with what may be chosen."""
        return [
            Field(name, str(label), self.typed[name], self.wrong.get(name, ""), self._choices(name))
            for name, (_part, label) in FIELDS.items()
            if name not in set(hidden)
        ]

    def _choices(self, name: str) -> list[Choice]:
        if name in DAYS:
            return []
        typed = self.typed[name]
        if name in _LABELS:
            offered = [(str(value), str(label)) for value, label in _LABELS[name]]
        else:
            rows = list(_ROWS[name]())
            chosen = getattr(self.filter, FIELDS[name][0])
            if chosen and chosen != NONE and chosen not in rows:  # it holds no more, and is asked for all the same
                rows.append(chosen)
            offered = [(NONE, str(WITHOUT[name]))]
            offered += [(row.code, str(getattr(row, "full_name", row.name))) for row in rows]
        return [Choice(value, words, value == typed) for value, words in offered]


def read(query: Mapping[str, str]) -> Asked:
    """Return the filters that an address names. One that can't be meant narrows nothing, and says why."""
    asked = Asked({name: clean(query.get(name, ""))[:LONGEST] for name in FIELDS}, Filter())
    found: dict[str, Any] = {}
    for name, (part, _label) in FIELDS.items():
        if not asked.typed[name]:
            continue
        try:
            found[part] = _READERS[name](name, asked.typed[name])
        except CannotBeMeant as wrong:
            asked.wrong[name] = str(wrong)
    since, until = found.get("since"), found.get("until")
    if since and until and since > until:
        del found["since"], found["until"]
        asked.wrong["den"] = _("Ngày đầu {since} sau ngày cuối {until}, nên chưa lọc theo ngày nhận.").format(
            since=as_typed(since), until=as_typed(until)
        )
    for name in DAYS:
        if found.get(FIELDS[name][0]):
            asked.typed[name] = as_typed(found[FIELDS[name][0]])
    asked.filter = Filter(**found)
    return asked


def _row(name: str, typed: str) -> Any:
    if typed == NONE:
        return NONE
    row = _ROW[name](typed)
    if row is None:
        raise _unknown(name, typed)
    return row


def _value(name: str, typed: str) -> str:
    if typed not in {str(value) for value, _label in _LABELS[name]}:
        raise _unknown(name, typed)
    return typed


def _day(name: str, typed: str) -> date:
    try:
        return read_day(typed)
    except NotADay as wrong:
        raise CannotBeMeant(
            _("{label} “{typed}” chưa lọc được. {why}").format(label=FIELDS[name][1], typed=typed, why=wrong)
        ) from wrong


def _unknown(name: str, typed: str) -> CannotBeMeant:
    return CannotBeMeant(
        _("{label} “{typed}” không có trong danh mục, nên chưa lọc theo mục này.").format(
            label=FIELDS[name][1], typed=typed
        )
    )


def _agency(code: str) -> Any:
    return next((row for row in snapshot.all_agencies() if row.code == code), None)


_LABELS: dict[str, list[tuple[Any, Any]]] = {
    "kenh": list(Channel.choices),
    "trang-thai": list(State.choices),
    "muc": list(Level.choices),
    "han": list(Due.choices),
}
_ROW: dict[str, Callable[[str], Any]] = {
    "linh-vuc": lambda code: snapshot.all_topics().by_code.get(code),
    "co-quan": _agency,
    "dia-ban": lambda code: snapshot.all_places().by_code.get(code),
}
_ROWS: dict[str, Callable[[], Iterable[Any]]] = {
    "linh-vuc": lambda: snapshot.topics(),
    "co-quan": lambda: snapshot.agencies(),
    "dia-ban": lambda: snapshot.places(),
}
_READERS: dict[str, Callable[[str, str], Any]] = {
    **dict.fromkeys(_ROW, _row),
    **dict.fromkeys(_LABELS, _value),
    **dict.fromkeys(DAYS, _day),
}
