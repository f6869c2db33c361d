"""What a room above registers, the one below calls; what nobody registered says so."""

import pytest

from tongdai.platform.registry import Hook, Hooks


def test_one_function_answers_and_another_in_its_place_for_a_while() -> None:
    rings: Hook[[str], bool] = Hook("whether it rings")
    with pytest.raises(LookupError, match="whether it rings: nobody"):
        rings("1022")
    rings.register(str.isdigit)
    assert rings("1022")
    with rings.replaced(lambda _number: False):
        assert not rings("1022")
    assert rings("1022")
    with pytest.raises(LookupError, match="already"):
        rings.register(str.isalpha)


def test_several_stand_by_name_in_the_order_they_came() -> None:
    counts: Hooks[[], int] = Hooks("counts")
    counts.register("texts", lambda: 2)
    counts.register("calls", lambda: 1)
    assert [(name, count()) for name, count in counts.items()] == [("texts", 2), ("calls", 1)]
    assert counts.get("letters") is None
    with pytest.raises(LookupError, match="texts is registered already"):
        counts.register("texts", lambda: 3)
    with counts.replaced({}):
        assert counts.all() == []
    assert len(counts.all()) == 2
