"""Computes the vectors of the base's phrases, once each, some at a time."""

from __future__ import annotations

from django.conf import settings

from tongdai.platform import jobs

from ..answers import revision
from ..models import PhraseVector
from . import cache, vectors
from .vector_store import FILL

AT_ONCE = 400  # phrases a job, some ten seconds: the worker has more to do than this


def fill() -> int:
    """Compute some of what is missing; the last time, let go what nobody uses any more. How many are missing still."""
    index = cache.read_anew().index
    wanted = {vectors.digest(text): text for _place, text in vectors.phrases_of(index)}
    made = set(PhraseVector.objects.values_list("digest", flat=True))
    missing = [text for name, text in wanted.items() if name not in made]
    for text, vector in vectors.compute(missing[:AT_ONCE]):
        PhraseVector.objects.get_or_create(digest=vectors.digest(text), defaults={"vector": vector})
    if left := len(missing[AT_ONCE:]):
        return left
    PhraseVector.objects.exclude(digest__in=wanted).delete()
    if missing:
        revision.advance()
    return 0


@jobs.task(name=FILL, queue="search")
def _job() -> None:
    if settings.KNOWLEDGE_VECTORS and fill():
        jobs.defer(FILL, lock=FILL)
