"""The words of answers, by which a case is found, too: kept beside each answer; those of before are made up for by night."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from tongdai.language.text import fold
from tongdai.platform import jobs

from ..models import Answer

BATCH = 1000


def vector(text: str) -> SearchVector:
    """Return what an answer is found by: its words without accents, as those of the case."""
    return SearchVector(Value(fold(text)), config="simple")


@jobs.periodic(name="cases.search.make_up", queue="search", cron="17 19 * * *")
def make_up(timestamp: int) -> None:
    """Make the answers findable that were given before answers were searched; run twice, the second time changes nothing."""
    while _make_up(most=BATCH):
        pass


def _make_up(*, most: int) -> int:
    """Do it for so many of them, and return for how many it was done."""
    left = Answer.objects.filter(search=None).exclude(text="").only("text").order_by()[:most]
    done = 0
    for answer in left:
        # one whose words were erased meanwhile stays without
        done += Answer.objects.filter(pk=answer.pk, text=answer.text).update(search=vector(answer.text))
    return done
