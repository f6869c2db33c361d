"""A case told to its citizen: each event one sentence, who did what and when, with the words that belong to it.

Read from the events alone, so that what is on record is what is told. Officers are named: the city gives its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _

from tongdai.cases.models import Attachment, Case, Event
from tongdai.cases.states import State, Who
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import day_of
from tongdai.platform.vietnamese import hour_in_words, in_words
from tongdai.shell import when

Voice = Literal["theirs", "ours"]


@dataclass
class Entry:
    """One step of the tale. `said` are the words as they were said, paragraph by paragraph, and `voice` whose."""

    at: datetime
    icon: str
    sentence: str
    said: list[str] = field(default_factory=list)
    voice: Voice = "ours"
    note: str = ""
    by: str = ""
    photos: list[Attachment] = field(default_factory=list)
    kind: Literal["", "done", "late"] = ""
    anchor: str = ""
    time: str = ""


def tale(case: Case, *, at: datetime) -> list[Entry]:
    """The whole tale, the first step first; the day is said once, then only the hour."""
    told = [entry for event in _events(case) if (entry := _tell(event))]
    told += [entry for letter in _letters(case) if (entry := _tell_letter(letter))]
    _hang_photos(case, told)
    told.sort(key=lambda entry: entry.at)
    _say_times(told, today=day_of(at))
    return told


def _events(case: Case) -> Iterable[Event]:
    return (
        Event.objects.filter(case=case)
        .select_related("case__rejection", "user", "agency", "interaction", "assignment__agency", "answer__agency",
                        "answer__author", "assignment__accepted_by")
        .order_by("seq")
    )  # fmt: skip


def _letters(case: Case) -> Iterable[Interaction]:
    """What went out to the citizen by text; the duty officer's are the house's own, one-time codes are of the moment."""
    mine = Interaction.objects.filter(case_link__case=case, direction=Interaction.Direction.OUT, channel=Channel.SMS)
    return mine.exclude(purpose__in=[Purpose.DUTY, Purpose.CODE]).order_by("happened_at")


def _tell(event: Event) -> Entry | None:
    teller = _TELLERS.get(event.action)
    return teller(event) if teller else None


def _register(event: Event) -> Entry:
    case = event.case
    sentences = {
        Channel.WEB: ("message-report", _("Bạn gửi phản ánh trên cổng 1022")),
        Channel.SMS: ("message", _("Bạn nhắn tin đến 1022")),
        Channel.VOICE: ("phone", _("Bạn gọi đến 1022")),
    }
    icon, sentence = sentences[Channel(case.channel)]
    note = ""
    if event.capacity == Who.CALL_TAKER and event.user:
        note = _("{name} ở Tổng đài ghi lời bạn.").format(name=event.user.full_name)
    return Entry(event.happened_at, icon, sentence, _paragraphs(case.text), "theirs", note=note)


def _join(event: Event) -> Entry:
    said = _paragraphs(event.interaction.body) if event.interaction else []
    sentence = _("Bạn gọi thêm") if event.channel == Channel.VOICE else _("Bạn nhắn thêm")
    return Entry(event.happened_at, "message", sentence, said, "theirs")


def _assign(event: Event) -> Entry:
    agency = event.assignment.agency.name if event.assignment else ""
    if event.user:
        sentence = _("{name} ở Tổng đài chuyển phiếu đến {agency}").format(name=event.user.full_name, agency=agency)
    else:
        sentence = _("Tổng đài chuyển phiếu đến {agency}").format(agency=agency)
    return Entry(event.happened_at, "send", sentence)


def _accept(event: Event) -> Entry:
    agency = event.agency.name if event.agency else ""
    if event.user is None:
        return Entry(event.happened_at, "user", _("{agency} nhận phiếu").format(agency=agency))
    sentence = _("{agency} nhận phiếu, {name} phụ trách").format(agency=agency, name=event.user.full_name)
    return Entry(event.happened_at, "user", sentence)


def _hand_back(event: Event) -> Entry:
    agency = event.assignment.agency.name if event.assignment else ""
    sentence = _("{agency} báo việc này không thuộc thẩm quyền của mình").format(agency=agency)
    note = _("Tổng đài chuyển đến cơ quan khác. Đồng hồ vẫn chạy, hạn trả lời không đổi.")
    return Entry(event.happened_at, "arrow-back-up", sentence, note=note)


def _reject(event: Event) -> Entry:
    rejection = event.case.rejection
    sentence = _("Tổng đài không xử lý được phiếu này: {ground}").format(ground=rejection.get_ground_display())
    return Entry(
        event.happened_at, "ban", sentence, _paragraphs(rejection.reason), kind="late", anchor="tra-loi",
        by=event.user.full_name if event.user else "",
    )  # fmt: skip


def _answer(event: Event) -> Entry:
    given = event.answer
    agency = given.agency.name if given and given.agency else _("Tổng đài 1022")
    return Entry(
        event.happened_at,
        "check",
        _("{agency} trả lời").format(agency=agency),
        _paragraphs(given.text if given else ""),
        by=given.author.full_name if given and given.author else "",
        kind="done",
        anchor="tra-loi",
    )


def _sealed(event: Event) -> Entry:
    sentence = _("Phiếu được giữ kín: chỉ thanh tra và cơ quan giải quyết tố cáo xem được")
    return Entry(event.happened_at, "shield-lock", sentence)


def _unsealed(event: Event) -> Entry:
    return Entry(event.happened_at, "eye", _("Thanh tra xem phiếu: không phải tố cáo, Tổng đài xử lý tiếp"))


def _classify(event: Event) -> Entry | None:
    """Told only where the citizen's deadline moved with it."""
    due = event.changed.get("due_at")
    if not due:
        return None
    sentence = _("Tổng đài xếp lại lĩnh vực của phiếu")
    note = _("Hạn trả lời theo lĩnh vực này: {due}.").format(due=in_words(datetime.fromisoformat(due[1])))
    return Entry(event.happened_at, "list-search", sentence, note=note)


def _recalculate(event: Event) -> Entry | None:
    """Told only where the citizen's own deadline moved."""
    due = event.changed.get("due_at")
    if not due:
        return None
    old, new = (in_words(datetime.fromisoformat(each)) for each in due)
    sentence = _("Lịch làm việc của thành phố đổi: hạn trả lời đổi thành {due}").format(due=new)
    return Entry(event.happened_at, "calendar-event", sentence, note=_("Trước là {due}.").format(due=old))


def _raise_danger(event: Event) -> Entry:
    return Entry(event.happened_at, "alarm", _("Tổng đài đọc lại, thấy việc khẩn và gọi người trực của thành phố"))


def _ring_duty(event: Event) -> Entry | None:
    """The first ring is told; how often one rings after that is the house's own trouble."""
    if event.case.events.filter(action="ring_duty", seq__lt=event.seq).exists():
        return None
    return Entry(event.happened_at, "phone-call", _("Đã gọi người trực của thành phố"))


def _take_duty(event: Event) -> Entry:
    sentence = _("Người trực đã nhận việc lúc {at}").format(at=hour_in_words(event.happened_at))
    return Entry(event.happened_at, "user-check", sentence)


def _close(event: Event) -> Entry:
    return Entry(event.happened_at, "lock", _("Phiếu kết thúc"))


def _prove_number(event: Event) -> Entry:
    return Entry(event.happened_at, "user-check", _("Bạn xác nhận số điện thoại của phiếu"))


def _withdraw_links(event: Event) -> Entry:
    sentence = _("Tổng đài thu hồi mọi đường dẫn mở phiếu") if event.user else _("Bạn thu hồi mọi đường dẫn mở phiếu")
    return Entry(event.happened_at, "lock", sentence)


def _erase(event: Event) -> Entry:
    sentence = _("Lời kể, ảnh, tên và số được xóa, vì đã hết thời hạn giữ")
    if event.changed.get("because") == "request":
        sentence = _("Lời kể, ảnh, tên và số được xóa theo yêu cầu của bạn")
    return Entry(event.happened_at, "eye-off", sentence)


_TELLERS: dict[str, Callable[[Event], Entry | None]] = {
    "register": _register,
    "join": _join,
    "classify": _classify,
    "recalculate": _recalculate,
    "raise_danger": _raise_danger,
    "assign": _assign,
    "accept": _accept,
    "hand_back": _hand_back,
    "reject": _reject,
    "answer": _answer,
    "ring_duty": _ring_duty,
    "take_duty": _take_duty,
    "close": _close,
    "prove_number": _prove_number,
    "withdraw_links": _withdraw_links,
    "erase": _erase,
    "mark_denunciation": _sealed,
    "unmark_denunciation": _unsealed,
}


def _tell_letter(letter: Interaction) -> Entry | None:
    """A text of ours, and whether it reached the phone; one that never left is the house's trouble, not a step."""
    notes = {
        Interaction.State.DELIVERED: _("Tin nhắn đã tới máy của bạn."),
        Interaction.State.SENT: _("Tin nhắn đã gửi đi."),
        Interaction.State.FAILED: _("Tin nhắn không tới được máy của bạn. Trang này vẫn có đủ mọi điều."),
        Interaction.State.UNKNOWN: _("Chưa rõ tin nhắn đã tới máy của bạn chưa."),
    }
    state = Interaction.State(letter.state)
    if state not in notes:
        return None
    first = "-register:" in letter.key
    sentence = _("1022 nhắn cho bạn mã tra cứu") if first else _("1022 nhắn tin cho bạn")
    return Entry(letter.settled_at or letter.happened_at, "device-mobile-message", sentence, note=notes[state])


def _hang_photos(case: Case, told: list[Entry]) -> None:
    """The photos stand beside the citizen's words they came with."""
    photos = list(Attachment.objects.filter(case=case).order_by("pk"))
    first = next((entry for entry in told if entry.voice == "theirs"), None)
    if first:
        first.photos = photos


def _paragraphs(text: str) -> list[str]:
    return [part for part in (line.strip() for line in text.splitlines()) if part]


def _say_times(told: list[Entry], *, today: date) -> None:
    last: date | None = None
    for entry in told:
        day = day_of(entry.at)
        said = hour_in_words(entry.at)
        entry.time = said if day == last else f"{when.day(entry.at, today=today)}, {said}"
        last = day


def is_over(case: Case) -> bool:
    """Whether there is an answer to read."""
    return State(case.state) in (State.ANSWERED, State.REJECTED, State.CLOSED)
