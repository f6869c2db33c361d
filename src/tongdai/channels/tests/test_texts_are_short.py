"""Every text that we write by ourselves, with a city's real domain and the longest of names: how many segments it costs.

The table stands for the sources themselves: whoever adds a place that texts somebody adds its longest text here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from django.utils.translation import override

import tongdai
from tests.city import HONG_BANG, City
from tongdai.cases.history import ANSWERING, Step
from tongdai.cases.models import Answer, Assignment, Attachment, Case, Rejection
from tongdai.cases.states import State, Who
from tongdai.cases.triage import kind as text_kind
from tongdai.cases.triage.danger import Kind, Level, whom_to_ring
from tongdai.cases.triage.judgement import NOTHING
from tongdai.channels import limits, links, requested_texts
from tongdai.channels.duty import words as duty_words
from tongdai.channels.length import lengths, with_invitation, within_limit
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.notifications.template import template_of
from tongdai.channels.sms.conversation import answers, own_case, replies
from tongdai.channels.sms.conversation.grammar import Help
from tongdai.channels.sms.conversation.text import Text
from tongdai.channels.sms.conversation.understanding import Understanding
from tongdai.channels.sms.models import Part
from tongdai.directory.models import Agency, Topic
from tongdai.knowledge.answer_key import AnswerKey
from tongdai.knowledge.answer_key import Kind as OfKind
from tongdai.knowledge.dossiers import short_answers as dossiers
from tongdai.knowledge.dossiers.one_stop import Dossier
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import CITY_TZ
from tongdai.privacy import by_text

HERE = Path(tongdai.__file__).parent
DOMAIN = "https://1022.haiphong.gov.vn"
LONG = "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính thành phố Hải Phòng"
CODE, PHONE = "73041859261", "+84904123318"
LONGEST_DUE = datetime(2026, 12, 20, 17, 45, tzinfo=CITY_TZ)  # a Sunday, with minutes
TEXT = "Ổ gà sâu trước số 24 Lạch Tray. " * 12
Wordings = Iterator[str]


def a_case(language: str, *, proven: bool = True, **more: object) -> Case:
    rows = {"code": CODE, "due_at": LONGEST_DUE, "channel": "sms", "language": language, "text": "Ổ gà sâu"}
    return Case(**rows | {"number_proven_at": LONGEST_DUE if proven else None} | more)  # type: ignore[arg-type]


def every_case(language: str) -> Iterator[Case]:
    """Proven or not, secret or not, of each danger or none."""
    life = {"danger_level": Level.LIFE, "urgent": True}
    dangers: list[dict[str, object]] = [{}, life, *({"danger_kind": kind} | life for kind in Kind)]
    for proven, secret, danger in product((True, False), (True, False), dangers):
        yield a_case(language, proven=proven, confidential=secret, **danger)
    yield a_case(language, proven=False, text="Cháy nhà, có người kẹt bên trong")  # danger that nobody claims yet


DONE_ON_THE_PAGE = {"withdraw"}  # whoever does it by text has a reply to that


def of_action(action: str) -> Callable[[str], Wordings]:
    """What an action's template says to a number of each kind, in full and as a notice."""
    channel = "web" if action in DONE_ON_THE_PAGE else "sms"

    def wordings(language: str) -> Wordings:
        agency = Agency(name=LONG)
        for case, photos in product(every_case(language), ((), (Attachment(),)) if action in ANSWERING else ((),)):
            step = Step(
                case=case, action=action, at=LONGEST_DUE, capacity=Who.SYSTEM, channel=channel, user=None, agency=agency,
                interaction=None, assignment=Assignment(agency=agency), answer=Answer(text=TEXT, agency=agency),
                rejection=Rejection(ground=Rejection.Ground.ALREADY_SETTLED, reason=TEXT), remark=TEXT,
                photos=photos,
            )  # fmt: skip
            message = template_of(action).message_of(step)
            assert message is not None
            yield from (with_invitation(message.whole, message.invitation), message.notice)

    return wordings


def receipts(language: str) -> Wordings:
    yield from of_action("register")(language)


def whatever_staff_wrote(action: str) -> Callable[[str], Wordings]:
    """Their words are cut as they are queued (`outbound.send`); the notice is ours and stays brief."""

    def wordings(language: str) -> Wordings:
        with override(language):
            yield from (within_limit(each, with_link=True) for each in of_action(action)(language))

    return wordings


def notices_of(action: str) -> Callable[[str], Wordings]:
    """What goes to whoever holds the phone of a case from the portal."""

    def wordings(language: str) -> Wordings:
        yield from (each for each in of_action(action)(language) if TEXT[:20] not in each)

    return wordings


# ── the table: which place texts whom, how it reads at its longest, and in how many segments ─────────────────────────

TEMPLATES: dict[str, tuple[Callable[[str], Wordings], int]] = {
    "register": (receipts, 2), "assign": (of_action("assign"), 2),
    "reassign": (of_action("reassign"), 2), "prove_number": (of_action("prove_number"), 2),
    "take_duty": (of_action("take_duty"), 2), "raise_danger": (of_action("raise_danger"), 2),
    "answer": (whatever_staff_wrote("answer"), 3), "reject": (whatever_staff_wrote("reject"), 3),
    "extend": (whatever_staff_wrote("extend"), 3), "withdraw": (of_action("withdraw"), 2),
    "reopen": (of_action("reopen"), 2), "ask": (whatever_staff_wrote("ask"), 3), "reply": (of_action("reply"), 2),
    "remind": (of_action("remind"), 2), "go_on": (of_action("go_on"), 2), "correct": (whatever_staff_wrote("correct"), 3),
    "approve": (whatever_staff_wrote("approve"), 3), "merge": (of_action("merge"), 2), "unmerge": (of_action("unmerge"), 2),
}  # fmt: skip


class Line:
    """A city with one long case, and a phone that asks: what our own functions queue is read from the database."""

    def __init__(self, city: City, language: str) -> None:
        self.city, self.language, self.at = city, language, city.at("2026-11-29 17:45")
        self._number = 0
        lead = city.agencies[HONG_BANG]
        lead.name = LONG
        lead.save()
        self.case = city.answered(channel=Channel.SMS, proven=True, answer_text=TEXT)
        self.change(due_at=LONGEST_DUE, language=language)
        self.agency = lead

    def change(self, **fields: object) -> None:
        Case.objects.filter(pk=self.case.pk).update(**fields)
        self.case = Case.objects.select_related("contact", "lead").get(pk=self.case.pk)

    def ask(self) -> Understanding:
        self._number += 1
        part = Part(pk=self._number, sender=PHONE, destination="1022")
        return Understanding(Text(body="", parts=(part,), phone=PHONE), Help(), NOTHING)

    def every_state(self, texts: Callable[[], object]) -> None:
        for state, danger in product(State, (False, True)):
            life = {"danger_level": Level.LIFE if danger else Level.NONE, "urgent": danger}
            for taken in (None, self.at):
                self.change(state=state, taken_at=taken, **life)
                texts()
        self.change(
            state=State.IN_PROGRESS, danger_level=Level.NONE, urgent=False, asked_at=self.at, waits_until=LONGEST_DUE
        )
        texts()
        self.change(asked_at=None, waits_until=None)


def by_reply(name: str, *arguments: str) -> Callable[[Line], None]:
    return lambda line: getattr(replies, name)(line.ask(), *arguments, at=line.at)


def of_its_case(name: str) -> Callable[[Line], None]:
    return lambda line: getattr(replies, name)(line.ask(), line.case, at=line.at)


def status_to_anybody(line: Line) -> None:
    line.every_state(lambda: replies.open_status(line.ask(), line.case.code, at=line.at))
    replies.open_status(line.ask(), "73041859261", at=line.at)


def status_to_the_citizen(line: Line) -> None:
    line.every_state(lambda: replies.whole_status(line.ask(), line.case, at=line.at))


def the_same_again(line: Line) -> None:
    line.every_state(lambda: replies.received_again(line.ask(), line.case, at=line.at))


def consent(line: Line) -> None:
    for health in (True, False):
        topic = Topic(code=f"y-te-{health}", name="Y tế", health=health)
        topic.clean_names()
        topic.save()
        line.change(topic=topic)
        for text in (
            by_text.question(line.case),
            *(by_text.record_reply(line.case, agrees=agrees, at=line.at) for agrees in (True, False) if health),
        ):
            if text:
                replies.send_reply(line.ask(), text, at=line.at)


def an_answer(line: Line) -> None:
    key = AnswerKey(OfKind.PROCEDURE, 123456)
    words = answers.in_segments(LONG, TEXT, key, None, after="Nhắn 0 để gửi câu này cho người trực.")
    replies.send_reply(line.ask(), words, at=line.at)
    titles = [(f"procedure:{number}", LONG) for number in range(3)]
    for each in (answers._choice(titles), answers._not_known(), answers._nothing_to_choose()):
        replies.send_reply(line.ask(), each, at=line.at)


def a_dossier(line: Line) -> None:
    found = Dossier("H24.01-261101-0007", "Đang giải quyết", agency=LONG, due=date(2026, 12, 31))
    for each in (dossiers.in_words(found), dossiers.unknown(found.code)):
        replies.send_reply(line.ask(), each, at=line.at)


def duty(line: Line) -> None:
    where = "Ngõ 24 đường Lạch Tray, cạnh trường tiểu học Nguyễn Du"
    for asked in (None, line.at):
        line.change(danger_kind=Kind.ELECTRIC, address=where, state="received", withdrawal_asked_at=asked)
        for each in (
            duty_words.text([line.case]),
            duty_words.text([line.case] * 4),
            duty_words.text([line.case], trial=True),
        ):
            replies.send_reply(line.ask(), each, at=line.at)


def a_notification(line: Line) -> None:
    for event in line.case.events.filter(action__in=["register", "assign", "answer"]):
        notify_citizen(event.pk)


def gone_on(line: Line) -> None:
    for kind in text_kind.Kind:
        line.every_state(lambda kind=kind: replies.gone_on(line.ask(), line.case, kind, at=line.at))


def refusals(line: Line) -> None:
    for refused in (True, False):
        replies.refusal_noted(line.ask(), refused=refused, at=line.at)


def codes_again(line: Line) -> None:
    """One case in each state; then as many as are told, with the longest subject."""
    line.every_state(lambda: replies.codes_again(line.ask(), [line.case], at=line.at))
    topic = Topic(code="lau", name="Quản lý đất đai và giải phóng mặt bằng, bồi thường")
    topic.clean_names()
    topic.save()
    line.change(topic=topic)
    for many in (2, own_case.MOST_TOLD):
        replies.codes_again(line.ask(), [line.case] * many, at=line.at)


def courtesies(line: Line) -> None:
    for kind in text_kind.Kind:
        replies.courtesy(line.ask(), kind, at=line.at)


def reopened(line: Line) -> None:
    line.every_state(lambda: replies.reopened(line.ask(), line.case, at=line.at))


SITES: dict[str, tuple[Callable[[Line], object], int]] = {
    "channels/sms/conversation/replies.how_it_works": (by_reply("how_it_works"), 2),
    "channels/sms/conversation/replies.nothing_asked": (by_reply("nothing_asked", "tthc"), 2),
    "channels/sms/conversation/replies.wrong_code": (by_reply("wrong_code"), 2),
    "channels/sms/conversation/replies.open_status": (status_to_anybody, 2),
    "channels/sms/conversation/replies.whole_status": (status_to_the_citizen, 2),
    "channels/sms/conversation/replies.received_again": (the_same_again, 2),
    "channels/sms/conversation/replies.gone_on": (gone_on, 2),
    "channels/sms/conversation/replies.codes_again": (codes_again, 2),
    "channels/sms/conversation/replies.courtesy": (courtesies, 2),
    "channels/sms/conversation/replies.no_case": (by_reply("no_case"), 2),
    "channels/sms/conversation/replies.reopened": (reopened, 2),
    "channels/sms/conversation/replies.replied": (
        lambda line: line.every_state(lambda: replies.replied(line.ask(), line.case, at=line.at)), 2),
    "channels/sms/conversation/replies.which_question": (of_its_case("which_question"), 2),
    "channels/sms/conversation/replies.withdrawn": (of_its_case("withdrawn"), 2),
    "channels/sms/conversation/replies.withdrawal_noted": (of_its_case("withdrawal_noted"), 2),
    "channels/sms/conversation/replies.which_one": (of_its_case("which_one"), 2),
    "channels/sms/conversation/replies.rated": (
        lambda line: replies.rated(line.ask(), line.case, 5, at=line.at), 2),
    "channels/sms/conversation/replies.not_rated": (
        lambda line: [replies.not_rated(line.ask(), line.case, between=each, at=line.at) for each in (True, False)], 2),
    "channels/sms/conversation/replies.refusal_noted": (refusals, 2),
    "channels/sms/conversation/replies.whom_to_ring": (
        lambda line: [replies.send_reply(line.ask(), whom_to_ring(kind), at=line.at) for kind in (None, *Kind)], 2),
    "channels/sms/conversation/handling._note_consent": (consent, 2),
    "channels/sms/conversation/answers._send_answer": (an_answer, 3),
    "channels/sms/conversation/answers.answer_dossier": (a_dossier, 3),
    "channels/requested_texts.send_code": (lambda line: requested_texts.send_code(line.case, at=line.at), 2),
    "channels/requested_texts.send_link": (lambda line: requested_texts.send_link(line.case, at=line.at), 2),
    "channels/duty/alarms._text_on_duty": (duty, 2),
    "channels/sms/outbound/notifier.notify": (a_notification, 3),  # an answer, cut as it is queued
}  # fmt: skip
PASSED_ON = {  # what others wrote: a template's words or an answer's, which are in the table
    "channels/web.notify", "channels/voice/notifier.notify", "channels/voice/menu/phone_answers.text",
    "desk/answers/views.send", "channels/sms/conversation/replies.send_reply", "channels/notifications/undelivered.go_on",
}  # fmt: skip


def places_that_text() -> set[str]:
    """`room/file.function` of each call that sends a text, read from the sources."""
    found = set()
    for path in HERE.rglob("*.py"):
        if {"tests", "scenarios", "peers"} & set(path.parts):
            continue
        for function in (each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.FunctionDef)):
            for call in (each for each in ast.walk(function) if isinstance(each, ast.Call)):
                if ast.unparse(call.func) in {"outbound.send", "replies.send_reply", "send_reply"}:
                    found.add(f"{path.relative_to(HERE).with_suffix('')}.{function.name}")
    return found


def test_every_place_that_texts_stands_in_the_table() -> None:
    assert places_that_text() == {*SITES, *PASSED_ON}
    folder = HERE / "channels/notifications/templates"
    writing = {each.stem for each in folder.glob("*.py") if each.stem != "__init__" and template_of(each.stem).message}
    assert writing == {*TEMPLATES}


@pytest.fixture(autouse=True)
def real_domain(settings) -> None:
    settings.PUBLIC_URL = DOMAIN


def too_long(bodies: Iterator[str] | list[str], most: int) -> list[tuple[int, int, str]]:
    counted = [(lengths().of(body), body) for body in bodies]
    assert counted
    return [(each.segments, each.units, body) for each, body in counted if each.segments > most]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("action", TEMPLATES)
def test_a_notification_is_as_short_as_its_kind_must_be(action: str, language: str) -> None:
    wordings, most = TEMPLATES[action]
    assert not too_long(wordings(language), most)
    assert not too_long(notices_of(action)(language), 2)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_other_text_is_as_short_as_its_kind_must_be(city: City, language: str, monkeypatch) -> None:
    """No limit of the hour stands in the way here: it would answer with silence."""
    monkeypatch.setattr(limits, "left", lambda *_address, **_how: 100)
    line = Line(city, language)
    for site, (texts, most) in SITES.items():
        before = set(Interaction.objects.values_list("pk", flat=True))
        with override(language):
            texts(line)
        bodies = list(Interaction.objects.exclude(pk__in=before).filter(direction="out").values_list("body", flat=True))
        assert bodies, site
        assert not too_long(bodies, most), site


def test_what_is_counted_is_what_is_sent() -> None:
    short = DOMAIN + "/k/" + links.LONGEST
    assert links.at_length(links.LINK) == short and len(short) == 48
    assert lengths().of("ữ" * 86 + links.LINK).segments == 2 and lengths().of("ữ" * 87 + links.LINK).segments == 3


@pytest.mark.parametrize("most", [2, 3, 5])
def test_what_is_over_the_limit_ends_with_a_sentence_and_where_the_rest_is_read(settings, most: int) -> None:
    settings.SMS_MOST_SEGMENTS = most
    cut = within_limit(TEXT, with_link=True)
    assert lengths().of(cut).segments == most
    assert re.fullmatch(r"(Ổ gà sâu trước số 24 Lạch Tray\. ?)+ Đọc hết: ⟦link⟧", cut)
    assert links.LINK not in within_limit(TEXT, with_link=False)
    assert within_limit("Đã dọn xong.", with_link=True) == "Đã dọn xong."


def test_an_invitation_stands_only_where_all_of_both_has_room() -> None:
    invitation = "Chấm câu trả lời: nhắn 1 (kém) đến 5 (tốt)."
    room = "ữ" * (3 * 67 - len(invitation) - 1)
    assert (
        with_invitation(room, invitation) == f"{room} {invitation}"
        and lengths().of(f"{room} {invitation}").segments == 3
    )
    assert with_invitation(f"{room}ữ", invitation) == f"{room}ữ"
