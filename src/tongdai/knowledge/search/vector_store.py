"""The vectors of the base's phrases, computed once each by a job and kept in the database."""

from __future__ import annotations

from django.conf import settings

from tongdai.platform import jobs
from tongdai.platform.clock import today

from ..answers import revision
from ..models import PhraseVector
from . import vectors
from .database import entries
from .index import Index

FILL = "knowledge.search.fill_vectors"
AT_ONCE = 400  # phrases a job, some ten seconds: the worker has more to do than this


def known_to(index: Index) -> vectors.Vectors | None:
    """Those that are made; None where the city doesn't use them. What is missing is queued."""
    if not settings.KNOWLEDGE_VECTORS:
        return None
    made = {name: bytes(vector) for name, vector in PhraseVector.objects.values_list("digest", "vector")}
    if any(vectors.digest(text) not in made for _place, text in vectors.phrases_of(index)):
        _go_on()
    return vectors.Vectors.of(index, made)


def fill() -> int:
    """Compute some of what is missing; the last time, let go what nobody uses any more. How many are missing still."""
    index = Index(entries(today=today()))
    wanted = {vectors.digest(text): text for _place, text in vectors.phrases_of(index)}
    held = set(PhraseVector.objects.values_list("digest", flat=True))
    missing = [text for name, text in wanted.items() if name not in held]
    for text, vector in vectors.compute(missing[:AT_ONCE]):
        PhraseVector.objects.get_or_create(digest=vectors.digest(text), defaults={"vector": vector})
    if left := len(missing[AT_ONCE:]):
        return left
    PhraseVector.objects.exclude(digest__in=wanted).delete()
    if missing:
        revision.turn()
    return 0


def _go_on() -> None:
    if not jobs.is_under_way(FILL):
        jobs.defer(FILL, lock=FILL)


@jobs.task(name=FILL, queue="search")
def _job() -> None:
    if settings.KNOWLEDGE_VECTORS and fill():
        jobs.defer(FILL, lock=FILL)
