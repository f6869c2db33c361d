"""Letters to staff leave by the city's mail server, after COMMIT, and hold no more than they must."""

from __future__ import annotations

import re
import ssl
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from django.db import transaction
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.city import City
from tests.house import free_port
from tongdai.accounts import invitations, mails, people
from tongdai.accounts.models import Role, User
from tongdai.platform.clock import now
from tongdai.platform.network.mail import mail_server

PASSWORD = "mật khẩu thử 1022"
ADDRESS = "hang@haiphong.gov.vn"


class Box:
    """A mail server's ear: what came, and by whom it was handed over."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.users: list[str] = []

    async def handle_DATA(self, server: SMTP, session: object, envelope: object) -> str:
        self.letters.append(message_from_bytes(envelope.content))  # type: ignore[attr-defined]
        return "250 taken"

    def let_in(
        self, server: SMTP, session: object, envelope: object, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        self.users.append(given.login.decode())
        return AuthResult(success=given.password == b"p#w@rd")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture
def box(settings, monkeypatch: pytest.MonkeyPatch, certificate: Path) -> Iterator[Box]:
    """The server behind TONGDAI_SMTP: STARTTLS, a name and a password with a # in it."""
    box, port = Box(), free_port()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server = Controller(
        box,
        hostname="localhost",
        port=port,
        tls_context=tls,
        require_starttls=True,
        authenticator=box.let_in,
        auth_required=True,
    )
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate / "cert.pem"))
    found = mail_server(
        f"smtp://1022:p%23w%40rd@localhost:{port}?tls=starttls&from=1022@haiphong.gov.vn",
        public_host="x",
    )
    assert found
    settings.SMTP = found
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # pytest-django puts them in a list
    settings.EMAIL_HOST, settings.EMAIL_PORT = found.host, found.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = found.user, found.password
    settings.EMAIL_USE_TLS, settings.DEFAULT_FROM_EMAIL = True, found.sender
    yield box
    server.stop()


def queued() -> list[dict[str, object]]:
    return list(ProcrastinateJob.objects.filter(task_name="accounts.mails.send").values_list("args", flat=True))


def sent(box: Box) -> str:
    """Do what is queued; the last letter's words."""
    for args in queued():
        mails.send(**args)
    return box.letters[-1].get_payload(decode=True).decode()


@pytest.fixture
def hang(city: City) -> User:
    people.change(city.coordinator, email=ADDRESS)
    city.coordinator.refresh_from_db()
    return city.coordinator


def test_an_invitation_is_a_letter_with_a_link_that_works_beside_the_one_handed_over(city: City, box: Box) -> None:
    person = people.add(username="moi", full_name="Lê Mới", role=Role.LEADER, agency=None, email=ADDRESS)
    token = invitations.invite(person, at=now())
    words = sent(box)
    assert (
        box.users == ["1022"] and box.letters[0]["To"] == ADDRESS and box.letters[0]["From"] == "1022@haiphong.gov.vn"
    )
    assert str(make_header(decode_header(box.letters[0]["Subject"]))) == "Tổng đài 1022: mời bạn vào bàn làm việc"
    link = re.search(r"/ban/khoi-dau/\S+", words)
    assert link and token not in words and "moi" in words
    assert Client().get(link[0]).status_code == 200
    assert Client().post(link[0], {"password": "ghế tre phơi nắng"}).status_code == 302
    assert Client().get(f"/ban/khoi-dau/{token}/").status_code == 410  # the other one ends with it


def test_no_secret_waits_in_the_queue(hang: User, box: Box) -> None:
    mails.post("reset", hang)
    assert queued() == [{"kind": "reset", "user": hang.pk}]


def test_nothing_leaves_that_was_rolled_back(hang: User, box: Box) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mails.post("reset", hang)
        raise ZeroDivisionError
    assert queued() == []


def test_who_forgot_the_password_sets_another_by_a_letter(hang: User, box: Box) -> None:
    client = Client()
    done = client.post("/ban/vao/quen/", {"email": ADDRESS.upper()}, HTTP_HOST="evil.example", follow=True)
    assert "Xem thư của bạn" in done.content.decode()
    words = sent(box)
    link = re.search(r"http://\S+/ban/vao/quen/\S+", words)
    assert link and link[0].startswith("http://127.0.0.1:") and "evil.example" not in words
    path = link[0].split("/ban/", 1)[1]
    page = client.get(f"/ban/{path}", follow=True)
    assert page.redirect_chain and hang.username not in page.redirect_chain[-1][0]
    where = page.request["PATH_INFO"]
    weak = client.post(where, {"password1": "dieuphoi1022"})
    assert "dễ đoán" in weak.content.decode()
    assert client.post(where, {"password1": "ghế tre phơi nắng"}).status_code == 302
    hang.refresh_from_db()
    assert hang.check_password("ghế tre phơi nắng")
    assert "không còn dùng được" in Client().get(f"/ban/{path}", follow=True).content.decode()
    assert Client().post("/ban/vao/", {"username": hang.username, "password": "ghế tre phơi nắng"}).status_code == 302


def test_the_answer_is_the_same_for_an_address_that_is_nobodys_and_no_letter_leaves(hang: User, box: Box) -> None:
    known = Client().post("/ban/vao/quen/", {"email": ADDRESS}, follow=True).content
    stranger = Client().post("/ban/vao/quen/", {"email": "ai@do.example"}, follow=True).content
    assert known == stranger and len(queued()) == 1


def test_five_letters_are_on_their_way_and_no_more(hang: User, box: Box) -> None:
    for _ in range(9):
        assert Client().post("/ban/vao/quen/", {"email": ADDRESS}, follow=True).status_code == 200
    assert len(queued()) == 5


def test_an_old_address_resets_no_password(hang: User, box: Box) -> None:
    Client().post("/ban/vao/quen/", {"email": ADDRESS})
    people.change(hang, email="moi@haiphong.gov.vn")
    Client().post("/ban/vao/quen/", {"email": ADDRESS})
    assert len(queued()) == 1


def test_who_is_out_gets_no_letter(hang: User, box: Box) -> None:
    mails.post("reset", hang)
    people.deactivate(hang, by=None)
    for args in queued():
        mails.send(**args)
    assert box.letters == []


def test_a_changed_password_is_told_by_letter(hang: User, box: Box) -> None:
    client = Client()
    client.post("/ban/vao/", {"username": hang.username, "password": PASSWORD})
    form = {"oldpassword": PASSWORD, "password1": "ghế tre phơi nắng"}
    assert client.post("/ban/tai-khoan/mat-khau/", form).status_code == 302
    assert "mật khẩu của bạn đã được đổi" in sent(box)


def test_without_a_mail_server_the_page_says_whom_to_ask(city: City) -> None:
    assert "quản trị viên" in Client().get("/ban/vao/quen/").content.decode()
    people.change(city.coordinator, email=ADDRESS)
    Client().post("/ban/vao/quen/", {"email": ADDRESS})
    assert queued() == []


def test_a_server_whose_certificate_is_anothers_gets_nothing(
    hang: User, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(ssl.SSLCertVerificationError):
        mails.send(kind="password", user=hang.pk)
    assert box.letters == []
