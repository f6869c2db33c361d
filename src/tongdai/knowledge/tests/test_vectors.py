"""Sentence vectors are computed aside, a few at a time, by one job: the worker has citizens to tell meanwhile."""

from __future__ import annotations

import numpy as np
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import City
from tongdai.knowledge.models import PhraseVector
from tongdai.knowledge.search import cache, vector_job, vector_store, vectors

pytestmark = pytest.mark.django_db
NEW = 6  # phrases without a vector, beside those the city has computed before
SAID = {
    "Tôi muốn cưới vợ thì ra đâu": "kết hôn",
    "Con tôi mới sinh, làm giấy cho cháu thế nào": "khai sinh",
}


@pytest.fixture
def computed_before(knowing: City, settings) -> list[str]:
    """All have one but those that marry and register a birth, and a few more; which those are."""
    phrases = {text for _place, text in vectors.phrases_of(cache.read_anew().index)}
    new = ["Đăng ký kết hôn", "Đăng ký khai sinh"]
    assert set(new) <= phrases
    new += sorted(phrases - set(new))[: NEW - len(new)]
    old = {vectors.digest(text) for text in phrases - set(new)} | {vectors.digest("Điều không còn ai hỏi")}
    nothing = np.zeros(vectors.SIZE, dtype=np.float16).tobytes()
    PhraseVector.objects.bulk_create(PhraseVector(digest=digest, vector=nothing) for digest in old)
    settings.KNOWLEDGE_VECTORS = True
    return new


def test_they_are_made_a_few_at_a_time_by_one_job_and_are_then_complete(
    computed_before: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_job, "AT_ONCE", NEW // 2 - 1)  # the real number takes ten seconds
    for _several_processes in range(2):
        cache.read_anew()
    [job] = ProcrastinateJob.objects.filter(task_name=vector_store.FILL)
    assert job.lock == vector_store.FILL

    left = [vector_job.fill()]
    while left[-1]:
        left.append(vector_job.fill())

    assert left == [4, 2, 0]
    found = cache.read_anew()
    phrases = {vectors.digest(text) for _place, text in vectors.phrases_of(found.index)}
    assert set(PhraseVector.objects.values_list("digest", flat=True)) == phrases  # what nobody uses is gone
    for text in computed_before:
        vector = np.frombuffer(PhraseVector.objects.get(digest=vectors.digest(text)).vector, dtype=np.float16)
        assert vector.shape == (vectors.SIZE,) and abs(float(np.linalg.norm(vector.astype(np.float32))) - 1) < 0.01
    known = vector_store.known_to(found.index)
    assert known is not None
    for said, meant in SAID.items():  # not a word in common
        near = known.nearness(said)
        assert near is not None and 0.7 < near.max() <= 1.01
        assert meant in found.index.entries[int(near.argmax())].name, said
