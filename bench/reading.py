"""What a citizen reads who asks a question: on the portal, and in a text. `answers.py` judges it.

**Told, offered, refused.** The question is posted to the portal's search page. *told* is a page that says "this is it" (the
search is sure, and the page has an answer on it): the first card is the answer. Otherwise up to three cards are *offered*,
from which a person picks the right one if it is there. A page without a card is a refusal, whatever refused it: the search,
the danger in the words, the report form that opens in its stead.

**On the portal.** A card has two lines of the part that the search took the question to ask for, and leads to the
procedure's page. That page holds the whole record, in the same order for everybody: the part asked for is not moved to the
top, the browser jumps to it (`#fee`) and it is marked. Somewhere on a page of five screens almost everything is said; that is
no answer to a question. So what counts is the card's lines and that one element of the page; where the search took no part,
the page's top, which is the summary and the box with time, fee and place. The name is left out: it says which matter this is.
Pages and cards are made by the portal's own views, and read out of its HTML here.

**In a text.** `TTHC` and the question go through the whole conversation by SMS (`understand`, `handle`), an offer is answered
with its digit, and the text that was queued is read as it is, cut where it was cut: what stands behind its link is not said.
A question that is taken for a matter to be done is not answered: that counts as refused. An answer too long to be split
(`TooLong`) breaks the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import resolve, reverse

from tongdai.channels.sms.conversation.handling import handle
from tongdai.channels.sms.conversation.text import Text
from tongdai.channels.sms.conversation.understanding import understand
from tongdai.channels.sms.encoding.splitting import TooLong
from tongdai.channels.sms.models import Offer, Part
from tongdai.knowledge.answer_key import AnswerKey, Kind
from tongdai.knowledge.answers import short_links
from tongdai.knowledge.models import Article
from tongdai.people.models import Interaction
from tongdai.platform.clock import now
from tongdai.portal.answers.inquiry import MARK

OFFERED = 3
PHONE = "+84901234567"

Keys = Mapping[str, AnswerKey]  # code of a procedure → the answer that is shown of it
Attributes = Mapping[str, str | None]
Wanted = Callable[[str, Attributes], bool]
_LINK = re.compile(r"\S+/t/([a-z][0-9]+[a-z]?)\b/?")


@dataclass(frozen=True)
class Shown:
    """One answer as it is read: the procedures it answers for, the part that was opened, the words."""

    about: frozenset[AnswerKey]
    part: str
    text: str
    title: str


@dataclass(frozen=True)
class Reading:
    """What one question brought: `sure`, that the first of them is told as the answer; else they are offered.

    `instead`: what came where nothing is shown, if it wasn't the search that knew nothing.
    """

    sure: bool
    shown: tuple[Shown, ...]
    instead: str = ""


# ── on the portal ────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def browser() -> Iterator[Client]:
    """A browser whose answers say what their page was made of."""
    setup_test_environment()
    try:
        yield Client()
    finally:
        teardown_test_environment()


def on_the_portal(client: Client, question: str, *, language: str, keys: Keys) -> Reading:
    """The cards of the search page, each with what it opens."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    context = client.post(reverse("portal:search"), {"q": question}).context
    if context is None or "cards" not in context:
        return Reading(False, (), instead="the report form opens")
    cards = context["cards"][:OFFERED]
    return Reading(
        bool(cards) and context["sure"],
        tuple(_opened(client, each.url, each.short, each.title, keys) for each in cards),
        instead="danger is seen" if context["needs_help"] else "",
    )


def _opened(client: Client, url: str, lines: str, title: str, keys: Keys) -> Shown:
    """A card, and the page behind it where it opens; without the mark that would count it as chosen."""
    address = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(address.query).items() if name != MARK}
    part = asked.get("phan", "")
    match = resolve(address.path)
    page = client.get(address.path, asked).content.decode()
    about: frozenset[AnswerKey] = frozenset()
    seen = ""
    if match.url_name == "procedure":
        about = frozenset({keys[match.kwargs["code"]]})
        seen = _words_in(page, _is(address.fragment) if address.fragment else _is_at_the_top)
    elif match.url_name == "article":
        about = _procedures_of(match.kwargs["number"])
        seen = _words_in(page, _is_an_article)
    return Shown(about, part, f"{lines} {seen}", title)


def _procedures_of(article: int) -> frozenset[AnswerKey]:
    """An article stands for the procedures it belongs to."""
    found = Article.objects.filter(pk=article).values_list("procedures", flat=True)
    return frozenset(AnswerKey(Kind.PROCEDURE, pk) for pk in found if pk)


def _is(name: str) -> Wanted:
    return lambda _tag, has: has.get("id") == name


def _is_at_the_top(tag: str, has: Attributes) -> bool:
    return (tag == "p" and "lead" in _classes(has)) or (tag == "dl" and "facts" in _classes(has))


def _is_an_article(tag: str, has: Attributes) -> bool:
    return tag == "div" and "answer" in _classes(has)


def _classes(has: Attributes) -> list[str]:
    return (has.get("class") or "").split()


def _words_in(html: str, wanted: Wanted) -> str:
    reader = _Reader(wanted)
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.words).split())


class _Reader(HTMLParser):
    """The words of those elements that are wanted."""

    VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
    WITHIN_A_WORD = frozenset({"a", "b", "em", "i", "span", "strong", "sub", "sup", "u"})

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self.wanted, self.words, self.inside = wanted, list[str](), 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._apart(tag)
        if tag not in self.VOID and (self.inside or self.wanted(tag, dict(attrs))):
            self.inside += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        self._apart(tag)
        if self.inside and tag not in self.VOID:
            self.inside -= 1

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.words.append(data)

    def _apart(self, tag: str) -> None:
        if tag not in self.WITHIN_A_WORD:
            self.words.append(" ")


# ── in a text ────────────────────────────────────────────────────────────────────────────────────────────────────────


def by_text(question: str, *, wanted: frozenset[AnswerKey], most: int) -> Reading:
    """What the phone is answered; where it is offered what it meant, what it is answered to the digits of the wanted ones.

    most: how many of them it asks for.
    """
    try:
        return _conversation(question, wanted=wanted, most=most)
    except TooLong:
        return Reading(False, (), instead="it is too long to be split, and the conversation breaks")


def _conversation(question: str, *, wanted: frozenset[AnswerKey], most: int) -> Reading:
    answer = _texted(f"TTHC {question}", number=1)
    offer = Offer.objects.filter(phone=PHONE).first()
    options = [AnswerKey.parse(option["key"]) for option in offer.options] if offer else []
    if not options:
        told = _told_in(answer)
        return Reading(bool(told), told, instead="" if answer else "it is taken for a matter")
    right = [digit for digit, key in enumerate(options, start=1) if _about(key) & wanted]
    chosen = [shown for digit in right[:most] for shown in _told_in(_texted(str(digit), number=1 + digit))]
    return Reading(False, tuple(chosen) or tuple(Shown(_about(key), "", "", "") for key in options))


def _texted(words: str, *, number: int) -> str:
    """The text that is queued in reply; empty where none is: it was taken for a matter."""
    at = now()
    part = Part(pk=number, sender=PHONE, destination="1022")
    handle(understand(Text(words, (part,), PHONE), at=at), at=at)
    reply = Interaction.objects.filter(key=f"sms-reply:{number}", direction=Interaction.Direction.OUT).first()
    return reply.body if reply else ""


def _told_in(text: str) -> tuple[Shown, ...]:
    """The answers that a text links to, each with all its words."""
    addresses = [short_links.read(step) for step in _LINK.findall(text)]
    words = _LINK.sub(" ", text)
    return tuple(Shown(_about(each.key), each.part or "", words, "") for each in addresses if each)


def _about(key: AnswerKey) -> frozenset[AnswerKey]:
    return _procedures_of(key.id) if key.kind is Kind.ARTICLE else frozenset({key})
