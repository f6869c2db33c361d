"""Whatever leaves goes one way: once, for a purpose, within the limits of its number; nobody queues past it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

import tongdai
from tests.city import HONG_BANG, City
from tongdai.cases.actions.answer import answer
from tongdai.cases.actor import Actor
from tongdai.channels import limits, outbound
from tongdai.channels.limits import Limit
from tongdai.channels.links import LINK, words_to_send
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.people.interactions import contact_for
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

HERE = Path(tongdai.__file__).parent
PHONE = "+84904123318"
TWO = Limit(2, timedelta(hours=1))
OWN_KEYS = {"knowledge", "scenarios"}  # keys of their own: of answers, and of rows that a story has made
READING = {"startswith", "istartswith", "endswith", "iendswith", "contains", "icontains", "regex", "iregex"}
CUTTING = {"startswith", "endswith", "split", "partition", "rpartition", "removeprefix", "removesuffix", "find"}


def send(key: str, *, words: str = "Đã nhận.", **more: object) -> outbound.Queued:
    given = {"purpose": Purpose.RECEIPT, "at": now()} | more
    return outbound.send(PHONE, words, key=key, **given)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_words_are_queued_once_with_their_purpose_and_priority(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks() as woken:
        first, again = send("k", purpose=Purpose.DANGER), send("k", purpose=Purpose.DANGER)
    assert first.text and (first.text.state, first.text.purpose, first.text.priority) == ("queued", "danger", 30)
    assert again == outbound.Queued(None, enough=False) and len(woken) == 1
    assert Interaction.objects.get().address == PHONE


@pytest.mark.django_db
def test_a_number_that_has_had_its_texts_gets_no_more_and_the_last_one_says_so() -> None:
    queued = [send(f"k{n}", limited=(TWO, limits.AUTOMATIC), announces_silence=True) for n in range(3)]
    assert [each.enough for each in queued] == [False, False, True]
    assert ["sẽ trả lời tiếp sau một giờ" in each.text.body for each in queued if each.text] == [False, True]
    assert send("other").text  # what is not limited goes


@pytest.mark.django_db
def test_what_could_not_be_sent_counts_for_no_limit() -> None:
    send("k")
    assert limits.left(PHONE, [TWO], at=now()) == 1
    Interaction.objects.update(state="failed")
    assert limits.left(PHONE, [TWO], at=now()) == 2


@pytest.mark.django_db
def test_each_purpose_of_a_conversation_has_its_share_of_the_hour() -> None:
    def left(purpose: Purpose) -> int:
        return limits.left(PHONE, limits.of_a_conversation(purpose), at=now())

    assert [left(each) for each in (Purpose.RECEIPT, Purpose.ANSWER, Purpose.DANGER)] == [10, 30, 50]
    for n in range(3):
        send(f"receipt {n}")
        send(f"answer {n}", purpose=Purpose.ANSWER)
    send("link", purpose=Purpose.LINK)
    assert [left(each) for each in (Purpose.RECEIPT, Purpose.ANSWER, Purpose.DANGER)] == [7, 26, 43]


@pytest.mark.django_db
def test_a_text_about_a_case_stands_in_its_history_and_its_link_opens_it(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True)
    event = case.events.get()
    text = send("k", words=f"Xem {LINK}", case=case, event=event).text
    assert text and (text.case_link.case, text.case_link.event) == (case, event)
    assert f"{settings.PUBLIC_URL}/k/" in words_to_send([text])[text.pk]


@pytest.mark.django_db
def test_a_reply_has_its_link_and_stands_in_no_history(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True)
    contact = contact_for(PHONE, at=now(), proven=True)
    words = f"Xem {LINK}"
    text = outbound.send(contact, words, purpose=Purpose.ANSWER, key="k", at=now(), case=case, in_history=False).text
    assert text and text.contact == contact and not hasattr(text, "case_link")
    assert f"{settings.PUBLIC_URL}/k/" in words_to_send([text])[text.pk]


@pytest.mark.django_db
def test_a_receipt_that_has_not_left_is_not_sent_after_the_answer(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True, lead=HONG_BANG, accepted=True)
    for event in case.events.filter(action__in=["register", "assign"]):
        notify_citizen(event.pk)
    assert states() == {"register": "queued", "assign": "queued"}
    left = Interaction.objects.get(case_link__event__action="register")
    Interaction.objects.filter(pk=left.pk).update(let_out_at=now())  # it is on its way, or was tried
    answer(case, by=Actor.staff(city.officer(HONG_BANG)), text="Đã dọn xong.", at=case.received_at)
    notify_citizen(case.events.get(action="answer").pk)
    assert states() == {"register": "queued", "assign": "overtaken", "answer": "queued"}


@pytest.mark.django_db
def test_a_receipt_whose_job_is_late_is_not_written_after_the_answer_or_the_status(city: City) -> None:
    case = city.case(channel=Channel.SMS, proven=True, lead=HONG_BANG, accepted=True)
    contact = case.contact
    assert contact is not None
    outbound.send(contact, "1022", purpose=Purpose.ANSWER, key="another", at=case.received_at)
    notify_citizen(case.events.get(action="assign").pk)
    assert states() == {"assign": "queued"}
    outbound.send(
        contact, "Phiếu…", purpose=Purpose.ANSWER, key="status", at=case.received_at, standing_of=case, in_history=False
    )
    assert states() == {"assign": "overtaken"}
    notify_citizen(case.events.get(action="register").pk)
    assert states() == {"assign": "overtaken"}
    answer(case, by=Actor.staff(city.officer(HONG_BANG)), text="Đã dọn xong.", at=now())
    notify_citizen(case.events.get(action="answer").pk)
    assert states() == {"assign": "overtaken", "answer": "queued"}


@pytest.mark.django_db
def test_an_answer_overtakes_no_receipt_of_another_case_nor_what_must_be_said(city: City) -> None:
    other = city.case("Đèn đường hỏng", topic="lighting", channel=Channel.SMS, proven=True)
    case = city.answered(channel=Channel.SMS, proven=True)
    notify_citizen(other.events.get(action="register").pk)
    notify_citizen(case.events.get(action="answer").pk)
    assert states() == {"register": "queued", "answer": "queued"}


def states() -> dict[str, str]:
    """What became of the texts of each action."""
    texts = Interaction.objects.filter(case_link__event__isnull=False, direction="out")
    return dict(texts.values_list("case_link__event__action", "state"))


def test_nothing_else_queues_what_leaves() -> None:
    assert {path for path, node in _nodes() if _queues(node)} == {"people/interactions.py", "channels/outbound.py"}


def test_nothing_reads_a_meaning_out_of_a_key() -> None:
    found = {path for path, node in _nodes() if path.split("/")[0] not in OWN_KEYS and _reads_a_key(node)}
    assert found == set()


@pytest.mark.parametrize(
    "line",
    [
        "queue_outbound(x)",
        "interactions.queue_outbound(x)",
        "Interaction(direction=Interaction.Direction.OUT, state=State.QUEUED)",
        "create(**{'direction': D.OUT, 'state': S.BARRED if barred else S.QUEUED})",
    ],
)
def test_queueing_by_hand_would_be_found(line: str) -> None:
    assert any(_queues(node) for node in ast.walk(ast.parse(line)))


@pytest.mark.parametrize(
    "line",
    [
        "texts.filter(key__startswith='a')",
        "texts.filter(interaction__key__regex='a')",
        "first = '-register:' in text.key",
        "text.key.startswith('a')",
        "text.key.split(':')[0]",
        "run(\"WHERE key LIKE 'web-%'\")",
    ],
)
def test_a_look_into_a_key_would_be_found(line: str) -> None:
    assert any(_reads_a_key(node) for node in ast.walk(ast.parse(line)))


def _nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield everything written in the product, by its file."""
    for file in HERE.rglob("*.py"):
        path = file.relative_to(HERE)
        if not {"tests", "migrations"} & set(path.parts):
            yield from ((path.as_posix(), node) for node in ast.walk(ast.parse(file.read_text())))


def _queues(node: ast.AST) -> bool:
    """Say whether this calls what queues, or writes a row as queued to go out."""
    called, given = "", {}
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func).split(".")[-1]
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        given = {ast.unparse(name).strip("'"): ast.unparse(value) for name, value in pairs if name}
    by_hand = given.get("direction", "").endswith("OUT") and "QUEUED" in given.get("state", "")
    return called == "queue_outbound" or (by_hand and called not in {"filter", "exclude", "Q"})


def _reads_a_key(node: ast.AST) -> bool:
    """Say whether this looks something up by a part of a key, searches in one, or cuts a piece off one."""
    match node:
        case ast.keyword(arg=str(name)):
            *path, how = name.split("__")
            return how in READING and path[-1:] == ["key"]
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Attribute(attr="key")]):
            return True
        case ast.Attribute(value=ast.Attribute(attr="key"), attr=how):
            return how in CUTTING
        case ast.Constant(value=str(words)):
            return "key LIKE" in words or "key ~" in words
    return False
