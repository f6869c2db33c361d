"""Logs hold no personal data."""

from tongdai.platform.logs import without_personal_data


def test_numbers_are_masked_wherever_they_stand() -> None:
    for number in ("0912345678", "+84 912 345 678", "84912345678", "091.234.5678"):
        entry = without_personal_data(None, "info", {"event": f"text from {number} refused", "list": [number]})
        assert "345" not in str(entry) and "678" not in str(entry)


def test_named_personal_fields_are_dropped_and_ids_and_codes_stay() -> None:
    entry = without_personal_data(None, "info", {"event": "x", "body": "F0", "name": "Lực", "case": 17, "port": 8022})
    assert entry == {"event": "x", "body": "…", "name": "…", "case": 17, "port": 8022}


def test_the_address_of_a_link_that_opens_a_case_is_masked() -> None:
    said = without_personal_data(None, "", {"event": "Gone: /p/73041859261/aB3-_aB3-_aB/", "path": "/p/73041859261/"})
    assert said == {"event": "Gone: /p/…/", "path": "/p/73041859261/"}
