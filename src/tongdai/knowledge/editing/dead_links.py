"""Links in answers that lead nowhere any more: looked at once a day, gently, and those of a draft when it is saved.

Both are listed for the editors, and told to whoever approves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import httpx
from django.db import transaction

from tongdai.platform import jobs
from tongdai.platform.clock import now
from tongdai.platform.network import outgoing

from ..answer_key import AnswerKey, Kind
from ..answers.publishing import LOOK_AT_LINKS
from ..models import Article, DeadLink, Draft, Procedure, State

Link = tuple[AnswerKey, str]  # the answer it stands in, its address
TIMEOUT = 8.0  # seconds
MOST = 500  # links a day
_LINK = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")


def links_of() -> Iterator[Link]:
    """Those of what editors wrote: published articles, procedures that were written to by hand, drafts."""
    yield from _of_drafts(Draft.objects.order_by("pk"))
    for article in Article.objects.filter(state=State.PUBLISHED).order_by("pk"):
        for address in _LINK.findall(article.answer):
            yield article.answer_key, address
    for procedure in Procedure.objects.filter(state=State.PUBLISHED, version__gt=1).order_by("pk"):
        for address in _LINK.findall(" ".join([procedure.source, procedure.summary, *map(str, procedure.steps)])):
            yield procedure.answer_key, address


def _of_drafts(drafts: Iterable[Draft]) -> Iterator[Link]:
    for draft in drafts:
        for address in _LINK.findall(" ".join(_words_in(draft.content))):
            yield draft.answer_key, address


def _words_in(content: Any) -> Iterator[str]:
    """Every text in what a draft says, however deep."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for each in content.values() if isinstance(content, dict) else content:
            yield from _words_in(each)


def check(*, at: datetime) -> int:
    """Ask each link once; how many are dead. One that can't be reached counts, a closed door (401, 403) doesn't."""
    dead = _dead(list(dict.fromkeys(links_of()))[:MOST], at=at)
    with transaction.atomic():
        DeadLink.objects.all().delete()
        DeadLink.objects.bulk_create(dead)
    return len(dead)


def check_draft(key: AnswerKey, *, at: datetime) -> None:
    """The links of this answer's draft alone."""
    dead = _dead(list(dict.fromkeys(_of_drafts(Draft.objects.of(key)))), at=at)
    with transaction.atomic():
        DeadLink.objects.of(key).delete()
        DeadLink.objects.bulk_create(dead)


def _dead(links: Iterable[Link], *, at: datetime) -> list[DeadLink]:
    dead: list[DeadLink] = []
    asked: dict[str, str] = {}
    with outgoing.client(seconds=TIMEOUT, redirects=5) as client:
        for key, address in links:
            if address not in asked:
                asked[address] = _trouble(client, address)
            if asked[address]:
                dead.append(_dead_link(key, address, trouble=asked[address], at=at))
    return dead


def _dead_link(key: AnswerKey, address: str, *, trouble: str, at: datetime) -> DeadLink:
    return DeadLink(kind=key.kind, row=key.id, address=address[:500], trouble=trouble, seen_at=at)


def _trouble(client: httpx.Client, address: str) -> str:
    """`404`, `unreachable`, or nothing where it opens, or leads to the inner network, which isn't asked."""
    try:
        answer = client.head(address)
        if answer.status_code in (405, 501):  # no HEAD there
            with client.stream("GET", address, headers={"Range": "bytes=0-0"}) as answer:
                pass  # the status is all that is asked for
    except outgoing.Inside:
        return ""
    except (httpx.HTTPError, httpx.InvalidURL):
        return "unreachable"
    return "" if answer.status_code < 400 or answer.status_code in (401, 403, 416, 429) else str(answer.status_code)


@jobs.periodic(name="knowledge.links.check", queue="links", cron="20 19 * * *")
def _job(_due: int) -> None:
    check(at=now())


@jobs.task(name=LOOK_AT_LINKS, queue="links")
def _of_one(kind: str, row: int) -> None:
    check_draft(AnswerKey(Kind(kind), row), at=now())
