"""What the desk's templates say in one word, beside what every page may say (shell): keys, rings, pages, days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.accounts.rights import (
    EDITS_ANSWERS,
    EDITS_OWN_AGENCY_ONLY,
    EXPORTS_RECORDINGS,
    HEARS_RECORDINGS,
    RINGS_BACK,
    SUPERVISES,
)
from tongdai.cases.triage.danger import Kind
from tongdai.channels.voice import callbacks
from tongdai.directory import snapshot
from tongdai.directory.models import Place
from tongdai.directory.places import by_name
from tongdai.knowledge.answers.plain_text import to_review
from tongdai.knowledge.editing import reviews
from tongdai.knowledge.models import EditedAnswer, Procedure
from tongdai.language.dates import weekday
from tongdai.platform.clock import CITY_TZ, now, today
from tongdai.shell import addresses
from tongdai.shell.saved_input import SAVED_INPUT, unclaimed_input

from .. import flash
from ..articles.procedures import FIELDS
from ..articles.rows import address_of
from ..case.counter import Counter
from ..excerpt import excerpt
from ..navigation import Page, first_page, pages_of
from ..phone.shown import shown

register = template.Library()
# the sign in what a browser says of itself → its name; the first that fits
BROWSERS = {
    "Edg/": "Edge",
    "coc_coc": "Coc Coc",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
MACHINES = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.simple_tag
def key(name: str) -> SafeString:
    """The key printed on what it does."""
    return format_html("<kbd>{}</kbd>", name.upper() if len(name) == 1 else name)


@register.simple_tag
def ring(left: int) -> SafeString:
    """The clock's ring: how much of its time is left, in hundredths."""
    return format_html(
        '<svg class="ring" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7"/>'
        '<circle cx="10" cy="10" r="7" pathLength="100" stroke-dasharray="{} 100"/></svg>',
        left,
    )


@register.simple_tag
def pages(user: User) -> list[Page]:
    return pages_of(user) if user.is_authenticated else []


@register.simple_tag
def callbacks_waiting(user: User) -> str:
    """How many are to be rung back now: `3`, `99+`."""
    if user.role not in RINGS_BACK:
        return ""
    n = callbacks.number_waiting(user, at=now(), most=100)
    return "99+" if n > 99 else str(n or "")


@register.inclusion_tag("desk/_saved_input.html", takes_context=True)
def saved_words(context: Context) -> dict[str, Any]:
    """What was typed before the session ended, where no form of this page has taken it."""
    request = context.get("request")
    return {"saved": unclaimed_input(request) if request else None}


@register.inclusion_tag("desk/phone/_place.html", takes_context=True)
def phone_strip(context: Context) -> dict[str, Any]:
    """The telephone, on every page of those who have one."""
    request = context["request"]
    return shown(request.user) | {"request": request, "csrf_token": context.get("csrf_token")}


@register.filter
def length_of(span: timedelta | None) -> str:
    """`0:14`; nothing where there is none."""
    return minutes(int(span.total_seconds())) if span else ""


@register.filter
def times(n: int) -> range:
    return range(min(n, 60))


@register.filter
def day_of_week(day: date) -> str:
    """`thứ Năm, 3.3.2022`, of a day or of a moment's day in the city."""
    here = day.astimezone(CITY_TZ) if isinstance(day, datetime) else datetime.combine(day, time(12), CITY_TZ)
    return f"{weekday(here)}, {here.day}.{here.month}.{here.year}"


@register.filter
def may_hear_recordings(user: User) -> bool:
    """Whether this person may hear recordings of what they see."""
    return user.role in HEARS_RECORDINGS


@register.filter
def supervises(user: User) -> bool:
    return user.role in SUPERVISES


@register.filter
def exports(user: User) -> bool:
    return user.role in EXPORTS_RECORDINGS


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def minutes(seconds: int) -> str:
    """`4:05`, `1:02:07`."""
    hours, rest = divmod(max(0, int(seconds)), 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


@register.simple_tag
def former_names(row: object) -> dict[str, str]:
    """What else a place is called, for the pick to sift by; nothing for other rows.

    `former`: `Phường Máy Tơ, Quận Ngô Quyền; Phường Gia Viên, …`; `older`: names earlier still, letters only (`Place.aliases`).
    """
    if not isinstance(row, Place):
        return {}
    units = by_name.made_of(snapshot.all_places(), today()).get(row.pk, ())
    older = " ".join(unit.aliases for unit in (row, *units)).split()
    return {"former": "; ".join(map(_with_district, units)), "older": " ".join(older)}


def _with_district(unit: Place) -> str:
    above = unit.parent
    return f"{unit.full_name}, {above.full_name}" if above and above.level == Place.Level.DISTRICT else unit.full_name


@register.filter
def matter(text: str, most: int = 90) -> str:
    return excerpt(text, most=most) if text else _("Lời kể đã được xóa")


@register.filter
def day_and_time(moment: datetime) -> str:
    """`Hôm nay 10:15`, `Hôm qua 08:02`, `thứ Ba, 1.3.2022 10:15`."""
    here = moment.astimezone(CITY_TZ)
    days = (today() - here.date()).days
    if days == 0:
        return _("Hôm nay %(time)s") % {"time": f"{here:%H:%M}"}
    if days == 1:
        return _("Hôm qua %(time)s") % {"time": f"{here:%H:%M}"}
    return f"{here.day}.{here.month}.{here.year} {here:%H:%M}"


@register.simple_tag
def clock_now() -> str:
    """The city's time of day, as the page was made."""
    return f"{now().astimezone(CITY_TZ):%H:%M:%S}"


@register.filter
def time_of_day(moment: datetime) -> str:
    """`10:42`, the city's time."""
    return f"{moment.astimezone(CITY_TZ):%H:%M}"


@register.simple_tag
def drawn_at() -> str:
    """Now, in seconds since 1970: the stream tells what came since then."""
    return f"{datetime.now(UTC).timestamp():.1f}"


@register.simple_tag(takes_context=True)
def live_url(context: Context) -> str:
    """Where the stream of ids is."""
    return addresses.live_url(context["request"])


@register.simple_tag(takes_context=True)
def flash_messages(context: Context) -> list[flash.Message]:
    """What was just done."""
    return flash.take_messages(context["request"])


@register.filter
def moment(at: datetime) -> str:
    """`14:05, 3.3.2022`."""
    here = at.astimezone(CITY_TZ)
    return f"{here:%H:%M}, {here.day}.{here.month}.{here.year}"


@register.filter
def browser(agent: str) -> str:
    """`Firefox, Windows` of what a browser says of itself."""
    program = next((name for sign, name in BROWSERS.items() if sign in agent), _("trình duyệt khác"))
    machine = next((name for sign, name in MACHINES.items() if sign in agent), "")
    return f"{program}, {machine}" if machine else program


@register.simple_tag(takes_context=True)
def onward(context: Context) -> str:
    """Where what was typed before waits, or where the day begins."""
    saved = context["request"].session.get(SAVED_INPUT)
    return str(saved["path"]) if saved else first_page(context["request"].user)


@register.filter
def edits_answers(user: User) -> bool:
    """Whether this member of staff writes in the base of answers."""
    return user.role in EDITS_ANSWERS


@register.simple_tag
def answers_due(user: User) -> int:
    """How many ready answers this editor is to look at again today: an officer those of the agency, others all."""
    if user.role not in EDITS_ANSWERS:
        return 0
    of_agency = {None, user.agency_id}
    return sum(n for owner, n in reviews.due().items() if user.role not in EDITS_OWN_AGENCY_ONLY or owner in of_agency)


@register.filter
def parts_to_review(row: Procedure) -> str:
    """The parts of which the official text has changed under plain text, in words."""
    return ", ".join(str(FIELDS[name]) for name in to_review(row))


@register.filter
def edit_address(row: EditedAnswer) -> str:
    """The editor's page of an answer."""
    return address_of(row)


@register.filter
def part_name(at: str) -> str:
    """A part of a procedure in words."""
    names = {
        "name": _("tên"), "papers": _("giấy tờ"), "steps": _("các bước"), "time": _("thời hạn"), "fee": _("lệ phí"),
        "where": _("nơi nộp"),
    }  # fmt: skip
    return names.get(at, at)


@register.filter
def field_rows(name: str) -> int:
    """How high a field stands."""
    return {"steps": 8, "papers": 8, "answer": 10, "requirements": 4, "ways": 4, "aliases": 5, "legal_basis": 4}.get(
        name, 2
    )


@register.filter
def counter_for(counters: Mapping[str, Counter] | None, name: str) -> Counter | None:
    """The counter beside the field of this name, if its words are texted."""
    return counters.get(name) if counters else None


@register.filter
def danger_kind(code: str) -> str:
    """A kind of danger in words."""
    return str(Kind(code).label) if code in set(Kind) else code


@register.filter
def as_time(value: object) -> object:
    """What a time field wants: `07:30`; what was typed stays as it is."""
    return f"{value:%H:%M}" if isinstance(value, time) else value


@register.filter
def says(counter: Counter, words: str) -> str:
    """How long the text with these words is."""
    return counter.says(str(words).strip())


@register.filter
def is_over(counter: Counter, words: str) -> bool:
    """Whether the text with these words is cut."""
    return counter.is_over(str(words).strip())
