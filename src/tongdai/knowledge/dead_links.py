"""Links in answers that lead nowhere any more: looked at once a day, gently, and listed for the editors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import httpx
from django.db import transaction

from tongdai.platform import jobs
from tongdai.platform.clock import now

from .models import Article, DeadLink, Procedure, State

TIMEOUT = 8.0  # seconds
MOST = 500  # links a day
_LINK = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")


def links_of() -> Iterator[tuple[str, int, str]]:
    """(kind, row, address) of what editors wrote: published articles, and procedures that were written to by hand."""
    for article in Article.objects.filter(state=State.PUBLISHED).order_by("pk"):
        for address in _LINK.findall(article.answer):
            yield "article", article.pk, address
    for procedure in Procedure.objects.filter(state=State.PUBLISHED, version__gt=1).order_by("pk"):
        for address in _LINK.findall(" ".join([procedure.source, procedure.summary, *map(str, procedure.steps)])):
            yield "procedure", procedure.pk, address


def check(*, at: datetime) -> int:
    """Ask each link once; how many are dead. One that can't be reached counts, a closed door (401, 403) doesn't."""
    dead: list[DeadLink] = []
    asked: dict[str, str] = {}
    with httpx.Client(timeout=TIMEOUT, follow_redirects=True, max_redirects=5) as client:
        for kind, row, address in list(links_of())[:MOST]:
            if address not in asked:
                asked[address] = _trouble(client, address)
            if asked[address]:
                dead.append(DeadLink(kind=kind, row=row, address=address[:500], trouble=asked[address], seen_at=at))
    with transaction.atomic():
        DeadLink.objects.all().delete()
        DeadLink.objects.bulk_create(dead)
    return len(dead)


def _trouble(client: httpx.Client, address: str) -> str:
    """`404`, `unreachable`, or nothing where it opens."""
    try:
        answer = client.head(address)
        if answer.status_code in (405, 501):  # no HEAD there
            answer = client.get(address, headers={"Range": "bytes=0-0"})
    except (httpx.HTTPError, httpx.InvalidURL):
        return "unreachable"
    return "" if answer.status_code < 400 or answer.status_code in (401, 403, 416, 429) else str(answer.status_code)


@jobs.periodic(name="knowledge.links.check", queue="links", cron="20 19 * * *")
def _job(_due: int) -> None:
    check(at=now())
