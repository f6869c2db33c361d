"""Sentence vectors are computed aside, a few at a time, by one job: the worker has citizens to tell meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import City
from tongdai.knowledge.models import PhraseVector
from tongdai.knowledge.search import cache, vector_job, vector_store, vectors

pytestmark = pytest.mark.django_db


def of_no_meaning(texts: list[str]) -> Iterable[tuple[str, bytes]]:
    return ((text, np.zeros(vectors.SIZE, dtype=np.float16).tobytes()) for text in texts)


def test_they_are_made_a_few_at_a_time_by_one_job_and_are_then_complete(
    knowing: City, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KNOWLEDGE_VECTORS = True
    monkeypatch.setattr(vectors, "compute", of_no_meaning)
    monkeypatch.setattr(vector_job, "AT_ONCE", 4000)
    for _several_processes in range(3):
        cache.read_anew()
    [job] = ProcrastinateJob.objects.filter(task_name=vector_store.FILL)
    assert job.lock == vector_store.FILL

    left = [vector_job.fill()]
    while left[-1]:
        left.append(vector_job.fill())

    phrases = {text for _place, text in vectors.phrases_of(cache.finder().index)}
    assert len(left) > 1 and left == sorted(left, reverse=True)
    assert PhraseVector.objects.count() == len({vectors.digest(text) for text in phrases})
