"""The tale of a case: its events, and what was said in and out, told in sentences. Eight queries, however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from tongdai.cases.models import Attachment, Case, CaseInteraction, Event, Rejection
from tongdai.cases.states import Who
from tongdai.cases.triage.danger import Kind
from tongdai.channels.duty.models import Ring
from tongdai.channels.duty.queries import rings_about
from tongdai.channels.links import shown
from tongdai.channels.voice.models import Call, Recording
from tongdai.channels.voice.queries import calls_about
from tongdai.directory.snapshot import all_places, all_topics
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.vietnamese import hour_in_words, in_words


@dataclass(frozen=True)
class Item:
    """One thing that happened. `said`: words; `theirs`: the citizen's own, as typed, else the city's."""

    icon: str
    at: datetime
    how: str = ""
    title: str = ""
    said: str = ""
    theirs: bool = False
    note: str = ""
    kind: str = ""
    photos: list[Attachment] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)


class Look(NamedTuple):
    icon: str


LOOKS = {
    "register": Look("message"),
    "join": Look("user-plus"),
    "classify": Look("pencil"),
    "recalculate": Look("calendar-event"),
    "raise_danger": Look("alarm"),
    "assign": Look("send"),
    "accept": Look("user-check"),
    "hand_back": Look("arrow-back-up"),
    "reject": Look("ban"),
    "answer": Look("circle-check"),
    "ring_duty": Look("bell"),
    "take_duty": Look("user-check"),
    "close": Look("lock"),
    "prove_number": Look("user-check"),
    "withdraw_links": Look("lock"),
    "erase": Look("eye-off"),
    "mark_denunciation": Look("shield-lock"),
    "unmark_denunciation": Look("eye"),
    "raise_doubt": Look("shield-lock"),
    "clear_doubt": Look("check"),
    "name_denounced": Look("users"),
    "recall": Look("arrow-back-up"),
}
SENT_BY = {
    "sms": Look("device-mobile-message"),
    "voice": Look("phone-call"),
    "web": Look("world"),
}


def timeline(case: Case) -> list[Item]:
    """Everything that happened to the case, in order: what came first stands first."""
    photos: dict[int | None, list[Attachment]] = {}
    for photo in Attachment.objects.filter(case=case).order_by("pk"):
        photos.setdefault(photo.interaction_id, []).append(photo)
    rejection = Rejection.objects.filter(case=case).first()
    rung = {ring.pk: ring for ring in rings_about(case)}
    items = [*_events(case, rung=rung, photos=photos, rejection=rejection), *_sent(case), *_calls(case)]
    return sorted(items, key=lambda item: item.at)  # stable: equal times keep the events' order


def _events(
    case: Case, *, rung: dict[int, Ring], photos: dict[int | None, list[Attachment]], rejection: Rejection | None
) -> Iterator[Item]:
    linked = Event.objects.filter(case=case).select_related(
        "user", "interaction", "assignment__agency", "assignment__competent", "answer__agency"
    )
    for event in linked.order_by("seq"):
        if event.action in ("ring_duty", "take_duty"):
            yield _of_duty(event, rung.get(event.changed.get("ring", 0)))
            continue
        yield _item(event, case=case, photos=photos.get(event.interaction_id, []), rejection=rejection)


def _item(event: Event, *, case: Case, photos: list[Attachment], rejection: Rejection | None) -> Item:
    who = event.user.full_name if event.user else ""
    told = {
        "register": _came_in,
        "join": _came_again,
        "classify": _classified,
        "recalculate": _recalculated,
        "raise_danger": _raised,
        "assign": _assigned,
        "accept": _accepted,
        "hand_back": _handed_back,
        "answer": _answered,
        "close": _closed,
        "prove_number": _proven,
        "withdraw_links": _withdrawn,
        "erase": _erased,
        "mark_denunciation": _in_a_word,
        "unmark_denunciation": _in_a_word,
        "raise_doubt": _in_a_word,
        "clear_doubt": _in_a_word,
        "name_denounced": _in_a_word,
        "recall": _recalled,
    }.get(event.action)
    if event.action == "reject":
        return _rejected(event, who, rejection)
    if told is None:
        return Item(LOOKS.get(event.action, Look("history")).icon, event.happened_at, how=who)
    item = told(event, who)
    item.photos.extend(photos)
    return item


def _of_duty(event: Event, ring: Ring | None) -> Item:
    """Who was rung and what came of it; who took it, by the telephone's key or on the desk."""
    name = event.user.full_name if event.user else ring.name if ring else ""
    look = LOOKS[event.action].icon
    if event.action == "take_duty":
        title = _("Người trực đã nhận việc lúc %(at)s") % {"at": hour_in_words(event.happened_at)}
        how = "" if event.user else _("bấm phím 1 trên điện thoại")
        return Item(look, event.happened_at, how=", ".join(filter(None, [name, how])), title=title, kind="take_duty")
    rank = ring.get_rank_display() if ring else ""
    how = ", ".join(filter(None, [name, rank]))
    note = str(Ring.State(ring.state).label).capitalize() if ring else ""
    return Item(look, event.happened_at, how=how, title=_("Đã gọi người trực"), note=note, kind="ring_duty")


def _channel(interaction: Interaction | None) -> str:
    return str(Channel(interaction.channel).label) if interaction else ""


def _came_in(event: Event, who: str) -> Item:
    heard = event.interaction
    how = _("%(channel)s, %(who)s ghi") % {"channel": _channel(heard), "who": who} if who else _channel(heard)
    icon = SENT_BY["voice"].icon if heard and heard.channel == Channel.VOICE else LOOKS["register"].icon
    return Item(icon, event.happened_at, how=how, said=heard.body if heard else "", theirs=True, kind="register")


def _came_again(event: Event, who: str) -> Item:
    heard = event.interaction
    return Item(
        LOOKS["join"].icon,
        event.happened_at,
        how=_channel(heard),
        title=_("Gửi lại về cùng việc này"),
        said=heard.body if heard else "",
        theirs=True,
        kind="join",
    )


def _classified(event: Event, who: str) -> Item:
    named = []
    if "topic" in event.changed:
        topic = next((row for row in all_topics().rows if row.pk == event.changed["topic"][1]), None)
        named.append(_("lĩnh vực: %(name)s") % {"name": topic.name if topic else _("chưa rõ")})
    if "place" in event.changed:
        place = all_places().by_id.get(event.changed["place"][1])
        named.append(_("nơi: %(name)s") % {"name": place.full_name if place else _("chưa rõ")})
    title = _("Xếp lại, %(what)s") % {"what": "; ".join(named)} if named else _("Đã xem lại lĩnh vực và nơi")
    return Item(LOOKS["classify"].icon, event.happened_at, how=who, title=title, kind="classify")


def _recalculated(event: Event, who: str) -> Item:
    due = event.changed.get("due_at")
    title = _("Lịch làm việc đổi: hạn phân loại đổi")
    if due:
        old, new = (in_words(datetime.fromisoformat(each)) for each in due)
        title = _("Lịch làm việc đổi: hạn trả lời từ %(old)s thành %(new)s") % {"old": old, "new": new}
    return Item(LOOKS["recalculate"].icon, event.happened_at, title=title, kind="recalculate")


def _erased(event: Event, who: str) -> Item:
    title = _("Xóa lời kể, ảnh, tên và số")
    if event.changed.get("because") == "request":
        title = _("Xóa lời kể, ảnh, tên và số theo yêu cầu của người dân")
    return Item(LOOKS["erase"].icon, event.happened_at, title=title, kind="erase")


def _raised(event: Event, who: str) -> Item:
    kind = event.changed.get("danger_kind", ["", ""])[1]
    title = _("Nâng mức khẩn: %(what)s") % {"what": Kind(kind).label} if kind else _("Nâng mức khẩn")
    return Item(LOOKS["raise_danger"].icon, event.happened_at, how=who or _("máy đọc lại"), title=title, kind="raised")


def _assigned(event: Event, who: str) -> Item:
    row = event.assignment
    title = _("Chuyển %(agency)s") % {"agency": row.agency.name if row else ""}
    return Item(
        LOOKS["assign"].icon, event.happened_at, how=who, title=title, note=row.note if row else "", kind="assign"
    )


def _accepted(event: Event, who: str) -> Item:
    agency = event.assignment.agency.name if event.assignment else ""
    return Item(
        LOOKS["accept"].icon,
        event.happened_at,
        how=who,
        title=_("%(agency)s nhận xử lý") % {"agency": agency},
        kind="accept",
    )


def _handed_back(event: Event, who: str) -> Item:
    row = event.assignment
    title = _("%(agency)s trả lại") % {"agency": row.agency.name if row else ""}
    right = row.competent.name if row and row.competent else ""
    note = _("Cho rằng thuộc: %(agency)s") % {"agency": right} if right else ""
    said = row.end_reason if row else ""
    return Item(
        LOOKS["hand_back"].icon, event.happened_at, how=who, title=title, said=said, note=note, kind="hand_back"
    )


def _answered(event: Event, who: str) -> Item:
    answer = event.answer
    agency = answer.agency.name if answer and answer.agency else _("Tổng đài 1022")
    return Item(
        LOOKS["answer"].icon,
        event.happened_at,
        how=who,
        title=_("%(agency)s trả lời") % {"agency": agency},
        said=answer.text if answer else "",
        kind="answer",
    )


def _rejected(event: Event, who: str, rejection: Rejection | None) -> Item:
    ground = rejection.get_ground_display() if rejection else ""
    return Item(
        LOOKS["reject"].icon,
        event.happened_at,
        how=who,
        title=_("Từ chối: %(ground)s") % {"ground": ground},
        said=rejection.reason if rejection else "",
        kind="reject",
    )


def _closed(event: Event, who: str) -> Item:
    return Item(LOOKS["close"].icon, event.happened_at, how=who, title=_("Kết thúc phiếu"), kind="close")


def _proven(event: Event, who: str) -> Item:
    return Item(
        LOOKS[event.action].icon, event.happened_at, title=_("Người gửi đã xác nhận số điện thoại"), kind=event.action
    )


def _withdrawn(event: Event, who: str) -> Item:
    how = who or _("người dân")
    return Item(
        LOOKS[event.action].icon, event.happened_at, how=how, title=_("Thu hồi mọi đường dẫn"), kind=event.action
    )


def _in_a_word(event: Event, who: str) -> Item:
    """What happened to a denunciation; never whom it denounces: that stands beside the case, for the inspectorate."""
    title = {
        "mark_denunciation": _("Đánh dấu là tố cáo, chuyển thanh tra"),
        "unmark_denunciation": _("Thanh tra xem: không phải tố cáo"),
        "raise_doubt": _("Máy đọc lại: có thể là tố cáo"),
        "clear_doubt": _("Đã hỏi lại: không phải tố cáo"),
        "name_denounced": _("Ghi ai bị tố cáo"),
    }[event.action]
    how = who or (_("tổng đài") if event.capacity == Who.SYSTEM else _("người dân"))
    return Item(LOOKS[event.action].icon, event.happened_at, how=how, title=title, kind=event.action)


def _recalled(event: Event, who: str) -> Item:
    agency = event.assignment.agency.name if event.assignment else ""
    title = _("Thu hồi từ %(agency)s") % {"agency": agency}
    return Item(LOOKS["recall"].icon, event.happened_at, how=who, title=title, kind="recall")


def _sent(case: Case) -> Iterator[Item]:
    """What went out about the case: texts to the citizen or the person on duty, calls back."""
    out = Interaction.Direction.OUT
    links = CaseInteraction.objects.filter(case=case, interaction__direction=out).select_related("interaction")
    for link in links.order_by("interaction__happened_at", "pk"):
        sent = link.interaction
        state = Interaction.State(sent.state).label
        to_duty = sent.purpose == Purpose.DUTY
        if sent.channel == Channel.VOICE:
            how = _("gọi lại người dân: %(state)s") % {"state": _call_result(sent)}
        elif to_duty:
            how = _("nhắn số trực: %(state)s") % {"state": state}
        else:
            how = _("nhắn cho người dân: %(state)s") % {"state": state}
        failed = sent.state == Interaction.State.FAILED
        yield Item(
            SENT_BY[sent.channel].icon,
            sent.happened_at,
            how=how,
            note=shown(sent.body),
            kind="failed" if failed else "sent",
        )


def _calls(case: Case) -> Iterator[Item]:
    """The calls about it that our own telephone carried, to be heard again."""
    for call in calls_about(case):
        who = call.agent.full_name if call.agent else ""
        way = _("gọi đi") if call.direction == Call.Direction.OUT else _("gọi đến")
        how = _("%(way)s, %(who)s nghe máy") % {"way": way, "who": who} if who else way
        kept = list(call.recordings.all())
        gone = _("Bản ghi âm đã xóa theo thời hạn lưu.") if any(not each.file for each in kept) else ""
        recordings = [each for each in kept if each.file]
        yield Item(SENT_BY["voice"].icon, call.came_at, how=how, note=gone, kind="call", recordings=recordings)


def _call_result(call: Interaction) -> str:
    results = {
        "reached": _("đã đọc câu trả lời"),
        "no_answer": _("không ai nghe máy"),
        "wrong_number": _("nhầm số"),
    }
    return results.get(str(call.detail.get("result", "")), "")
