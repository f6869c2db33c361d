"""The vectors of the base's phrases, as they stand in the database; `vector_job` computes what is missing."""

from __future__ import annotations

from django.conf import settings

from tongdai.platform import jobs

from ..models import PhraseVector
from . import vectors
from .index import Index

FILL = "knowledge.search.fill_vectors"


def known_to(index: Index) -> vectors.Vectors | None:
    """Those that are made; None where the city doesn't use them. What is missing is queued."""
    if not settings.KNOWLEDGE_VECTORS:
        return None
    made = {name: bytes(vector) for name, vector in PhraseVector.objects.values_list("digest", "vector")}
    if any(vectors.digest(text) not in made for _place, text in vectors.phrases_of(index)):
        queue_missing()
    return vectors.Vectors.of(index, made)


def queue_missing() -> None:
    """Have them computed, unless that is under way."""
    if not jobs.is_under_way(FILL):
        jobs.defer(FILL, lock=FILL)
