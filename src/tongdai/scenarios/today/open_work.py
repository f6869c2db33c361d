"""Open work for the printed officer and approver: what their ward has on its desk, on whatever day the demo is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Max

from tongdai.accounts.models import Role, User
from tongdai.cases import deadlines, drafts, supports
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.classify import classify
from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.actions.draft import draft
from tongdai.cases.actions.register import Matter, register
from tongdai.cases.actions.request_support import request_support
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case, Event
from tongdai.cases.states import INBOX
from tongdai.cases.states import State as CaseState
from tongdai.directory import freshness
from tongdai.directory.models import Agency, Place, Topic
from tongdai.knowledge.answers import publishing
from tongdai.knowledge.models import Article, State
from tongdai.people.models import Channel
from tongdai.platform import clock

from .. import building
from ..covid_trial.notified import record_notifications
from ..covid_trial.play import forget_jobs_since, last_job
from . import matters
from .city import PRINTED_WARD
from .fortnight import KEY

OURS = f"{KEY}ward:"  # what stands open goes on as the rest of the fortnight does, when the demo is opened days later
ACCEPTED, ASSIGNED = True, False
SORTED, READ = 0.3, 1.0  # hours of work until a case is assigned, and then until it is accepted
CASES = (
    (timedelta(days=6), "moi-truong", Channel.VOICE, ACCEPTED),
    (timedelta(days=4), "trat-tu-do-thi", Channel.WEB, ACCEPTED),
    (timedelta(days=2), "moi-truong", Channel.SMS, ACCEPTED),
    (timedelta(days=1, hours=4), "trat-tu-do-thi", Channel.VOICE, ASSIGNED),
    (timedelta(hours=20), "moi-truong", Channel.WEB, ASSIGNED),
)
NEEDS_APPROVAL = ("tam-dung-he-pho", "Tạm dùng hè phố")  # a topic of its own: the fortnight's answers need no approver
PERMIT = (
    "Nhà tôi ở ngõ 12 sửa mặt tiền, xin hỏi muốn để cát gạch trên hè mấy ngày thì phải xin ai, có mất tiền không?",
    "UBND phường cho tạm để vật liệu sát tường, chừa lối đi ít nhất 1,5 m, tối đa 10 ngày. Ông bà gửi đơn tại bộ phận một cửa "
    "của phường, nhận trả lời trong ngày làm việc.",
)
DRAFTS = (
    (
        "Muốn bỏ tủ, giường, đệm cũ ở phường Hồng Bàng thì gọi ai?",
        "Gọi UBND phường trước ít nhất một ngày, nói rõ địa chỉ và đồ cần bỏ. Tổ môi trường hẹn giờ đến lấy. Xin không để "
        "đồ ra hè phố trước giờ hẹn.",
        "Gọi UBND phường trước ít nhất một ngày; tổ môi trường hẹn giờ đến lấy.",
    ),
    (
        "Tổ dân phố mượn nhà văn hóa phường Hồng Bàng để họp thì xin ở đâu?",
        "Tổ trưởng gửi giấy đề nghị cho UBND phường trước buổi họp ba ngày làm việc, ghi ngày, giờ và số người. Phường trả "
        "lời trong một ngày. Không thu tiền với họp tổ dân phố.",
        "Tổ trưởng gửi giấy đề nghị cho UBND phường trước ba ngày làm việc.",
    ),
)


HELPS_US, OUR_QUESTION = "so-xay-dung-nay", "Xin cho biết chỗ này có dự án nào của sở đang làm không, và ai phụ trách."
THEIR_WISH = "Nhờ phường báo trước cho các hộ trong ngõ và giữ lối cho xe vào làm."


def add(topics: Mapping[str, Topic], wards: Sequence[Place], people: Mapping[str, User], *, now: datetime) -> None:
    """Cases to accept and to answer, drafts to approve; in one transaction, once a day."""
    ward = next(each for each in wards if each.code == PRINTED_WARD)
    officer, day = people["canbo"], clock.day_of(now)
    chance, names = Random(f"open work {day}"), building.Names()
    with transaction.atomic(), clock.turned_here() as turn_to:
        before, last_event = last_job(), Event.objects.aggregate(last=Max("pk"))["last"] or 0
        for number, (ago, code, channel, accepted) in enumerate(CASES):
            at = _in_time(now - ago, hours=SORTED + READ if accepted else SORTED, now=now)
            turn_to(at)
            case = _come(f"{OURS}{day}:{number}", at, topics[code], ward, channel, chance=chance, names=names)
            _go_on(case, topics[code], ward, officer=officer, accepted=accepted)
            if number == 1:
                _ask_for_help(case, of=Agency.objects.get(code=HELPS_US), task=OUR_QUESTION, now=now)
        _ask_the_ward(officer, now=now)
        _write_drafts(officer, at=now - timedelta(hours=3))
        _answer_to_approve(f"{KEY}permit:{day}", ward, officer, now=now, names=names, chance=chance, turn_to=turn_to)
        record_notifications(OURS, after=last_event)
        forget_jobs_since(before)


def _in_time(at: datetime, *, hours: float, now: datetime) -> datetime:
    """When it came, so many days earlier that the offices have been open for so many hours since."""
    while deadlines.due_at(at, hours=hours) > now:
        at -= timedelta(days=1)
    return at


def _come(
    key: str, at: datetime, topic: Topic, ward: Place, channel: Channel, *, chance: Random, names: building.Names
) -> Case:
    taker = User.objects.filter(role=Role.CALL_TAKER).order_by("pk").first()
    by = Actor.staff(taker) if channel == Channel.VOICE and taker else Actor.citizen(channel=channel)
    made = register(
        Matter(
            text=matters.of(key, topic.code).text(ward, at=at),
            channel=channel,
            phone=f"+849{chance.randrange(10**8):08d}",
            name=names.draw(chance) if channel != Channel.SMS else "",
            proven=channel != Channel.WEB,
            topic=topic,
            place=ward,
        ),
        key=key,
        by=by,
        at=at,
    )
    return Case.objects.get(pk=made.case_id)


def _go_on(case: Case, topic: Topic, ward: Place, *, officer: User, accepted: bool) -> None:
    """As far as it is to have come, in working hours; nothing is done twice."""
    coordinator = Actor.staff(User.objects.filter(role=Role.COORDINATOR).order_by("pk")[0])
    agency = officer.agency
    at = deadlines.due_at(case.received_at, hours=SORTED)
    if case.state not in INBOX or agency is None:
        return
    if case.perhaps_denunciation:
        case = clear_doubt(case, by=coordinator, at=at)
    case = classify(case, by=coordinator, topic=topic, place=ward, at=at)
    case = assign(case, by=coordinator, agency=agency, at=at)
    if accepted:
        accept(case, by=Actor.staff(officer), at=deadlines.due_at(case.received_at, hours=SORTED + READ))


def _ask_the_ward(officer: User, *, now: datetime) -> None:
    """Somebody else who has work to do in the city asks the ward to help; one at a time."""
    assert officer.agency
    if supports.asked_of(officer).exists():
        return
    theirs = Case.objects.filter(state=CaseState.IN_PROGRESS, confidential=False, urgent=False, asked_at=None)
    for case in theirs.exclude(lead=officer.agency).order_by("-received_at")[:20]:
        if _ask_for_help(case, of=officer.agency, task=THEIR_WISH, now=now):
            return


def _ask_for_help(case: Case, *, of: Agency, task: str, now: datetime) -> bool:
    """Half an hour of work after the last step, by the day after tomorrow; not where that is to come yet, or too late."""
    case.refresh_from_db()
    last = case.events.order_by("-seq")[0].happened_at
    at = deadlines.due_at(last, hours=0.5)
    until = clock.day_of(min(deadlines.due_at(now, hours=12), case.due_at))
    if case.state != CaseState.IN_PROGRESS or case.support_asked_at or at > now or case.due_at <= now:
        return False
    by = User.objects.filter(role=Role.OFFICER, agency=case.lead, is_active=True).order_by("pk").first()
    if by is None:
        return False
    request_support(case, by=Actor.staff(by), agency=of, task=task, until=until, at=at)
    return True


def _answer_to_approve(
    key: str,
    ward: Place,
    officer: User,
    *,
    now: datetime,
    names: building.Names,
    chance: Random,
    turn_to: Callable[[datetime], None],
) -> None:
    """An answer that the officer has drafted, and that goes out once the approver has read it."""
    code, name = NEEDS_APPROVAL
    topic = Topic.objects.filter(code=code).first()
    if topic is None:
        topic = Topic(code=code, name=name, by_place=True, limit_hours=40, approval_required=True)
        topic.clean_names()
        topic.save()
        freshness.forget()
    text, answer = PERMIT
    at = _in_time(now - timedelta(days=1), hours=SORTED + READ + 1, now=now)
    turn_to(at)
    phone = f"+849{chance.randrange(10**8):08d}"
    made = register(
        Matter(text=text, channel=Channel.WEB, phone=phone, name=names.draw(chance), topic=topic, place=ward),
        key=key, by=Actor.citizen(channel=Channel.WEB), at=at,
    )  # fmt: skip
    case = Case.objects.get(pk=made.case_id)
    _go_on(case, topic, ward, officer=officer, accepted=True)
    case.refresh_from_db()
    if case.state == CaseState.IN_PROGRESS and not drafts.is_under_way(case):
        draft(case, by=Actor.staff(officer), text=answer, at=deadlines.due_at(at, hours=SORTED + READ + 1))


def _write_drafts(officer: User, *, at: datetime) -> None:
    """Answers that the officer has written and the approver is to read."""
    for number, (question, answer, short) in enumerate(DRAFTS):
        words = {"question": question, "answer": answer, "short": short}
        unpublished = {"owner": officer.agency, "state": State.DRAFT, "updated_at": at}
        article, new = Article.objects.get_or_create(key=f"demo-draft-{number}", defaults=words | unpublished)
        if new:
            publishing.save_draft(article, words, by=officer, at=at, seen=publishing.mark_of(article, None))
