"""Questions, with a keyword (`TTHC`, `HOI`) or without: what the base of answers knows, and what goes on with the one before.

A follow-up names no subject of its own ("vậy phí bao nhiêu"): it is of the answer that was given or chosen, else of the
question that was asked before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tongdai.cases.routing import suggest_topic
from tongdai.cases.triage.judgement import judge
from tongdai.channels import limits
from tongdai.knowledge.answer_key import AnswerKey
from tongdai.knowledge.ask import Reply, ask, of_answer, of_answers, part_alone
from tongdai.knowledge.search.certainty.result import Certainty
from tongdai.people.purposes import Purpose

from ..models import Offer
from . import grammar
from .before import Before
from .grammar import Matter
from .text import Text
from .todo import Answer

OFFERED_FOR = timedelta(hours=24)
MOST_OFFERED = 3
LONGEST_QUESTION = 320  # characters of one asked without a keyword


def offered(phone: str | None, *, at: datetime) -> Offer | None:
    """What this phone may still choose from."""
    if not phone:
        return None
    return Offer.objects.select_related("inquiry").filter(phone=phone, offered_at__gt=at - OFFERED_FOR).first()


def with_a_keyword(asked: grammar.Question, text: Text) -> Answer | Matter:
    """`Hoi phu nu phuong keu rac`: it began like a question, but speaks of something to be done, or of danger."""
    reply = _ask(asked.words, text)
    to_be_done = judge(asked.words).shown or (not asked.sure and suggest_topic(asked.words) is not None)
    if to_be_done and reply.certainty is not Certainty.FOUND:
        return Matter(text.body)
    return Answer(asked.words, reply, bare=False)


def in_words(text: Text, gone_before: Before, *, at: datetime) -> Answer | Matter:
    """`lam can cuoc het bao nhieu tien?`: answered like one with a keyword; for a person where it can't be now.

    What is asked a little later is asked about the same: of both together more may be known.
    """
    words = text.body.strip()
    if not text.phone or len(words) > LONGEST_QUESTION or not _may_answer(text.phone, at=at):
        return Matter(text.body)
    if gone_before.offer and (follow_up := _follow_up(words, text, gone_before.offer)):
        return follow_up
    reply = _ask(words, text)
    if reply.certainty is not Certainty.FOUND and gone_before.question:
        both = f"{gone_before.question} {words}"
        if len(both) <= LONGEST_QUESTION and (more := _ask(both, text)).certainty is Certainty.FOUND:
            return Answer(both, more, bare=True)
    return Answer(words, reply, bare=True)


def _follow_up(words: str, text: Text, before: Offer) -> Answer | None:
    """Only a part is asked for: of the choice that was made, or of the question that was asked before."""
    part = part_alone(words, language=text.language)
    if part is None:
        return None
    both = f"{before.question} {words}"[:LONGEST_QUESTION]
    language = next((each["language"] for each in before.options if each.get("language")), "")
    language = language or ("en" if text.language == "en" else "")
    given = AnswerKey.read(before.inquiry.opened) if before.inquiry else None
    if given and (reply := of_answer(given, part, language=language)):
        return Answer(both, reply, bare=True)
    reply = _ask(both, text)
    keys = [key for each in before.options if (key := AnswerKey.read(each["key"]))]
    if reply.certainty is not Certainty.FOUND and keys:
        reply = of_answers(keys, part, language=language)
    return Answer(both, reply, bare=True)


def _may_answer(phone: str, *, at: datetime) -> bool:
    return limits.left(phone, limits.of_a_conversation(Purpose.ANSWER), at=at) > 0


def _ask(words: str, text: Text) -> Reply:
    """What the base knows; of a procedure its name alone, for most texts are no questions."""
    return ask(words, most=MOST_OFFERED, names_only=True, language=text.language)
