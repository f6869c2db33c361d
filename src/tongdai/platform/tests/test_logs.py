"""Logs hold no personal data."""

import logging

import pytest
import structlog

from tongdai.platform import logs
from tongdai.platform.logs import without_personal_data


def test_numbers_are_masked_wherever_they_stand() -> None:
    for number in ("0912345678", "+84 912 345 678", "84912345678", "091.234.5678"):
        entry = without_personal_data(None, "info", {"event": f"text from {number} refused", "list": [number]})
        assert "345" not in str(entry) and "678" not in str(entry)


def test_named_personal_fields_are_dropped_and_ids_and_codes_stay() -> None:
    entry = without_personal_data(None, "info", {"event": "x", "body": "F0", "name": "Lực", "case": 17, "port": 8022})
    assert entry == {"event": "x", "body": "…", "name": "…", "case": 17, "port": 8022}


def test_the_address_of_a_link_that_opens_a_case_is_masked() -> None:
    said = without_personal_data(None, "", {"event": "Gone: /k/aB3-_aB3-_aBzz9"})
    assert said == {"event": "Gone: /k/…"}
    said = without_personal_data(None, "", {"event": "Gone: /p/73041859261/aB3-_aB3-_aB/", "path": "/p/73041859261/"})
    assert said == {"event": "Gone: /p/…/", "path": "/p/73041859261/"}


def test_no_address_that_opens_something_and_nothing_that_was_asked_for_is_logged() -> None:
    for path, left in (
        ("Not Found: /ban/khoi-dau/s3cr3t-T0ken_of-32-letters/", "Not Found: /ban/khoi-dau/…"),
        ("Not Found: /ban/vao/quen/1a-d3xyz-0123abcd/", "Not Found: /ban/vao/quen/1a-…"),
        ("/anh/tam/eyJhIjoxfQ:1sX:abc", "/anh/tam/…"),
        ("Bad Request: /ban/goi/?so=0912345678&x=1", "Bad Request: /ban/goi/?…"),
        ("/ban/tim/?q=Nguyễn+Thị+Kín", "/ban/tim/?…"),
    ):
        assert without_personal_data(None, "", {"event": path}) == {"event": left}


def test_a_traceback_is_masked_like_any_other_words(capsys: pytest.CaptureFixture[str]) -> None:
    """PostgreSQL quotes the row that it refuses: `Key (phone)=(+84912345678) already exists`."""
    logs.set_up()
    try:
        raise ValueError("Key (phone)=(+84912345678) already exists")
    except ValueError:
        logging.getLogger("tongdai.test").exception("it broke")
        structlog.get_logger("tongdai.test").exception("it broke")
    finally:
        logging.getLogger().handlers = []
        structlog.reset_defaults()
    said = capsys.readouterr().err
    assert said.count("ValueError") >= 2 and "12345678" not in said
