"""What a process loads before the first citizen comes stays out of the garbage collector's rounds."""

from __future__ import annotations

import gc

import pytest

from tongdai.platform.processes import warmup


@pytest.mark.django_db
def test_no_round_of_the_garbage_collector_goes_through_what_was_loaded() -> None:
    gc.unfreeze()
    gc.collect()
    before = len(gc.get_objects())
    try:
        warmup.warm_up()
        assert gc.get_freeze_count() >= before * 0.9
        assert len(gc.get_objects()) < before / 10
    finally:
        gc.unfreeze()
