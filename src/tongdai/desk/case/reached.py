"""What of its result a case's citizen has truly received: a text that arrived, a call in which it was read out, or nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongdai.cases.history import ANSWERING
from tongdai.cases.models import Case, Event
from tongdai.cases.states import OVER, State
from tongdai.cases.transition import NOTIFY_CITIZEN
from tongdai.channels.sms.outbound.failures import why
from tongdai.channels.voice.models import Callback
from tongdai.language.dates import in_words
from tongdai.people.models import Channel, Interaction
from tongdai.platform import jobs

RESULTS = ANSWERING | {"reject"}
_State = Interaction.State


@dataclass(frozen=True)
class Reached:
    """`failed`: it did not get there, and somebody should know."""

    words: str
    failed: bool = False


def reached(case: Case) -> Reached | None:
    """Say what the citizen has received of the last answer or rejection; None where there is none."""
    if State(case.state) not in OVER:
        return None
    event = Event.objects.filter(case=case, action__in=RESULTS).order_by("-seq").first()
    if event is None:
        return None
    sent = Interaction.objects.filter(
        case_link__case=case, case_link__event=event, direction=Interaction.Direction.OUT, channel=Channel.SMS
    )
    text = sent.select_related("held_back").order_by("-pk").first()
    call = Callback.objects.filter(event=event).first()
    if text is None and call is None:
        return _without_any(case, event)
    if call is None:
        return _of_text(text) if text else None
    return _of_call(call, text)


def _without_any(case: Case, event: Event) -> Reached:
    if case.contact is None or case.channel == Channel.WEB:
        return Reached(_("Phiếu đã có kết quả. Người dân đọc ở trang của phiếu, không có tin nhắn nào đã gửi."))
    if jobs.is_under_way(NOTIFY_CITIZEN, event_id=event.pk):
        return Reached(_("Phiếu đã có kết quả. Đang báo cho người dân."))
    return Reached(_("Phiếu đã có kết quả. Người dân chưa được báo."), failed=True)


def _of_text(text: Interaction) -> Reached:
    match text.state:
        case _State.DELIVERED:
            return Reached(_("Tin báo kết quả đã đến máy người dân, {at}.").format(at=_when(text.settled_at)))
        case _State.SENT:
            return Reached(_("Tin báo kết quả đã gửi, nhà mạng chưa báo là đã đến máy."))
        case _State.FAILED:
            return Reached(_not_arrived(text), failed=True)
        case _State.UNKNOWN:
            return Reached(_("Không rõ tin báo kết quả đã đến máy người dân chưa."), failed=True)
        case _State.HELD | _State.BARRED:
            state = str(_State(text.state).label)
            return Reached(_("Người dân chưa nhận được tin báo kết quả: {state}.").format(state=state), failed=True)
        case _:
            return Reached(_("Tin báo kết quả đang chờ gửi, người dân chưa nhận được."))


def _of_call(call: Callback, text: Interaction | None) -> Reached:
    before = _not_arrived(text) + " " if text is not None and text.state == _State.FAILED else ""
    match call.state:
        case Callback.State.REACHED:
            return Reached(_("Đã gọi và đọc kết quả cho người dân, {at}.").format(at=_when(call.done_at)))
        case Callback.State.WAITING:
            waits = _("Đang chờ gọi lại để đọc kết quả, người dân chưa được báo.")
            return Reached(before + waits, failed=bool(before))
        case _:
            result = str(Callback.State(call.state).label)
            return Reached(before + _("Gọi lại: {result}. Người dân chưa được báo.").format(result=result), failed=True)


def _not_arrived(text: Interaction) -> str:
    reason = why(text)
    if not reason:
        return _("Tin báo kết quả không đến được máy người dân.")
    return _("Tin báo kết quả không đến được máy người dân: {reason}.").format(reason=reason)


def _when(moment: datetime | None) -> str:
    return in_words(moment) if moment else ""
