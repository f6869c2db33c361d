"""TONGDAI_SMTP is one address; what can't be read is refused in words, without the password."""

from __future__ import annotations

import pytest

from tongdai.platform.network.mail import MailServer, WrongAddress, mail_server


def test_an_address_names_server_user_and_how_it_is_guarded() -> None:
    found = mail_server(
        "smtp://user:p%23w%40rd@mail.haiphong.gov.vn:2525?tls=ssl&from=1022@haiphong.gov.vn", public_host="x"
    )
    assert found == MailServer("mail.haiphong.gov.vn", 2525, "user", "p#w@rd", "ssl", "1022@haiphong.gov.vn")


def test_without_a_word_on_it_the_connection_is_guarded() -> None:
    found = mail_server("smtp://mail.example", public_host="1022.haiphong.gov.vn")
    assert found and (found.tls, found.port, found.sender) == ("starttls", 587, "1022@1022.haiphong.gov.vn")


def test_none_is_none() -> None:
    assert mail_server("", public_host="x") is None


@pytest.mark.parametrize(
    "address",
    [
        "smtp://u:bi-mat#1@h",
        "http://u:bi-mat@h",
        "smtp://u:bi-mat@",
        "smtp://u:bi-mat@h:x",
        "smtp://u:bi-mat@h?tsl=1",
        "smtp://u:bi-mat@h?tls=yes", "smtp://u:bi-mat-là@h",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_without_the_password(address: str) -> None:
    with pytest.raises(WrongAddress, match="TONGDAI_SMTP") as wrong:
        mail_server(address, public_host="x")
    assert "bi-mat" not in str(wrong.value)
