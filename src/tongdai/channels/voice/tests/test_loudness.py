"""Every recording comes to the level of all others, and what is wrong with it is said."""

from __future__ import annotations

import math
from array import array

import pytest

from ..speech.loudness import PEAK, RATE, VOICE, Silent, level


def tone(seconds: float, loud: float) -> array[int]:
    most = int(seconds * RATE)
    return array(
        "h", (max(-32768, min(32767, round(loud * math.sin(2 * math.pi * 300 * n / RATE)))) for n in range(most))
    )


def silence(seconds: float, noise: int = 0) -> array[int]:
    return array("h", (noise * (-1) ** n for n in range(int(seconds * RATE))))


def rms(samples: array[int]) -> float:
    return math.sqrt(sum(each * each for each in samples) / len(samples))


@pytest.mark.parametrize("loud", [600, 5000, 30_000])
def test_it_comes_to_one_level_however_it_was_spoken(loud: float) -> None:
    found = level(tone(1, loud)).samples
    assert abs(rms(found) - VOICE) < 0.1 * VOICE and max(found) <= PEAK


def test_the_silence_around_the_words_goes_and_a_pause_within_stays() -> None:
    found = level(silence(2, 10) + tone(0.5, 8000) + silence(0.4, 10) + tone(0.5, 8000) + silence(3, 10))
    assert 1.45 < found.seconds < 1.7


def test_nobody_speaking_is_said_so() -> None:
    for nothing in (array("h"), silence(3), silence(3, 20)):
        with pytest.raises(Silent):
            level(nothing)


def test_too_soft_and_too_loud_are_told() -> None:
    soft, good, loud = level(tone(1, 400)), level(tone(1, 8000)), level(tone(1, 80_000))
    assert (soft.quiet, soft.clipped) == (True, False)
    assert (good.quiet, good.clipped) == (False, False)
    assert (loud.quiet, loud.clipped) == (False, True)
