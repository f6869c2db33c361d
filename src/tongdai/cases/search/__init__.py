"""Find cases by code, by telephone number or a part of it, by agency, topic, or words of the matter or its answers.

With accents or without. Only those the viewer may see: each way starts from `queries`, and so does what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from tongdai.accounts.models import User
from tongdai.accounts.rights import ANSWERS_FOR_AGENCY, INSPECTS_DENUNCIATIONS
from tongdai.directory import snapshot
from tongdai.directory.models import Agency, Topic
from tongdai.language.text import clean, fold
from tongdai.people.phones import normalise

from .. import codes
from ..access import senders
from ..models import Answer, Case
from ..queries import EVERY, openable_cases, visible_by_number, visible_cases

# of each way the newest, one more than any list shows: ranking all matches of a common word takes twice as long
RANKED = 1001
LEAST_DIGITS = 4  # of a telephone number: fewer would find everybody's
LEAST_LETTERS = 3  # of a name


def find(user: User, asked: str, *, most: int = 100, narrowed: Q = EVERY) -> list[Case]:
    """Return the cases meant by what was typed, best first."""
    return list(found(user, asked, narrowed=narrowed)[:most])


def found(user: User, asked: str, *, narrowed: Q = EVERY) -> QuerySet[Case]:
    """Return the same as a query, at most `RANKED` of each way; `narrowed`: a further condition (`filters`).

    One by its code; those of a whole telephone number, newest first; else those with this part of a number or a code, with
    an agency or topic of this name, or whose matter or answer holds all the words (the last one may be only begun), best
    match first.
    """
    asked = clean(asked).strip()
    seen = visible_cases(user).filter(narrowed)
    shown = Case.objects.select_related("place", "topic", "lead")
    if code := codes.read(asked):
        theirs = openable_cases(user).filter(narrowed, code=code)  # also one that they help with
        return shown.filter(pk__in=theirs.values("pk"))
    if phone := whole_number(asked):
        theirs = visible_by_number(user).filter(narrowed, contact__phone=phone)
        return shown.filter(pk__in=theirs.values("pk")).order_by("-received_at", "-pk")
    query = words(asked)
    if query is None:
        return shown.none()
    ways = [_holding(user, seen, query, asked), *_named(seen, asked), _answered_with(seen, query)]
    if digits := part_of_a_number(asked):
        ways += [seen.filter(code__startswith=digits), visible_by_number(user).filter(narrowed, _dials(digits))]
    newest, *others = (each.order_by("-received_at").values("pk")[:RANKED] for each in ways)
    rank = SearchRank(F("search"), query)
    return shown.filter(pk__in=newest.union(*others)).order_by(rank.desc(nulls_last=True), "-received_at", "-pk")


def by_number(asked: str) -> bool:
    """Say whether this is looked for among telephone numbers, too: then it goes on record (`people.disclosures`)."""
    asked = clean(asked).strip()
    return not codes.read(asked) and bool(whole_number(asked) or part_of_a_number(asked))


def whole_number(asked: str) -> str:
    """Return the telephone number that was typed, in E.164; empty where it is none."""
    return normalise(asked) or "" if re.fullmatch(r"[\d\s.+()\-]{8,}", asked) else ""


def part_of_a_number(asked: str) -> str:
    """Return the digits, where nothing else was typed and they are enough to be looked for; else empty."""
    digits = re.sub(r"\D", "", asked) if re.fullmatch(r"[0-9\s.+()\-]{4,20}", asked) else ""
    return digits if len(digits) >= LEAST_DIGITS else ""


def words(asked: str) -> SearchQuery | None:
    """All the words asked for, accents taken off, the last one open at its end; None if there is none."""
    typed = _words_in(asked)
    if not typed:
        return None
    *whole, last = typed
    query = SearchQuery(f"{last}:*", config="simple", search_type="raw")
    return SearchQuery(" ".join(whole), config="simple", search_type="plain") & query if whole else query


def _words_in(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))[:20]


def _dials(digits: str) -> Q:
    """The condition of a number that holds these digits; as they are dialled in Vietnam it begins with 0, and not with +84."""
    held = Q(contact__phone__contains=digits)
    return held | Q(contact__phone__startswith=f"+84{digits[1:]}") if digits.startswith("0") else held


def _holding(user: User, seen: QuerySet[Case], query: SearchQuery, asked: str) -> QuerySet[Case]:
    """Those whose words are these; what is searched holds the sender's name, too, and not everybody may find a case by it."""
    holding = seen.filter(search=query)
    if user.role not in ANSWERS_FOR_AGENCY:
        return holding  # none is confidential, and nobody's name is hidden
    unnamed = senders.hidden_from(user)
    if user.role not in INSPECTS_DENUNCIATIONS:
        unnamed |= Q(confidential=True)
    secret = holding.filter(unnamed).order_by("-received_at").only("pk", "text", "address")[:RANKED]
    by_words = [case.pk for case in secret if _holds(f"{case.text} {case.address}", asked)]
    return holding.filter(~unnamed | Q(pk__in=by_words))


def _holds(text: str, asked: str) -> bool:
    *whole, last = _words_in(asked)
    there = set(re.findall(r"\w+", fold(text)))
    return set(whole) <= there and any(word.startswith(last) for word in there)


def _named(seen: QuerySet[Case], asked: str) -> list[QuerySet[Case]]:
    """Those of an agency, and those of a topic, whose name holds all the words, each of them perhaps only begun."""
    typed = _words_in(asked)
    if len("".join(typed)) < LEAST_LETTERS:
        return []
    agencies = _with_names(snapshot.all_agencies(), typed)
    topics = _with_names(snapshot.all_topics().rows, typed)
    return [seen.filter(lead__in=agencies)] * bool(agencies) + [seen.filter(topic__in=topics)] * bool(topics)


def _with_names(rows: Iterable[Agency | Topic], typed: Sequence[str]) -> list[int]:
    names = ((row.pk, re.findall(r"\w+", row.folded)) for row in rows)
    return [pk for pk, name in names if all(any(part.startswith(word) for part in name) for word in typed)]


def _answered_with(seen: QuerySet[Case], query: SearchQuery) -> QuerySet[Case]:
    return seen.filter(pk__in=Answer.objects.filter(search=query).values("case"))
