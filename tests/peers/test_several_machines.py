"""Two machines, each with a home of its own, on one database and one bucket: what one took in, the other gives out."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from PIL import Image

from tests.house import House, open_folder
from tests.s3 import s3_server
from tongdai.platform.database import postgres

from .line import told

KEY = "one key for all machines of this city, fifty letters"
STAFF = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tongdai.accounts.models import User
from tongdai.channels.voice.models import Call, Recording
from tongdai.people.models import Interaction
from tongdai.platform.clock import now
lan = User.objects.create_user("lan", "mật khẩu thử 1022", full_name="Vũ Thị Lan", role="supervisor")
session = SessionStore()
backend = settings.AUTHENTICATION_BACKENDS[0]
session.update({SESSION_KEY: str(lan.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: lan.get_session_auth_hash()})
session.save()
heard = Interaction.objects.create(channel="voice", direction="in", key="c-1", happened_at=now())
call = Call.objects.create(channel="c-1", interaction=heard, state=Call.State.ENDED, came_at=now())
name = default_storage.save("recordings/talk.flac", ContentFile(b"fLaC" + bytes(range(200)) * 1000))
kept = Recording.objects.create(
    call=call, kind="talk", file=name, seconds=3, size=200004, sha256="0" * 64, made_at=now()
)
print(session.session_key, kept.pk)
"""
KEPT = """
from pathlib import Path
from tongdai.channels.voice.models import Prompt
from tongdai.knowledge.importing import stored_files
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
file = Path("{folder}") / "procedures.xlsx"
file.write_bytes(b"of an editor" * 1000)
prompt = default_storage.save("prompts/goodbye-vi-0.wav", ContentFile(b"RIFF" * 500))
print(stored_files.store(file, folder="procedures"), prompt)
"""
READ = """
from types import SimpleNamespace
from pathlib import Path
from tongdai.channels.voice.speech.recorded_sounds import sound_of_recording
from tongdai.knowledge.importing import stored_files
with stored_files.local("{file}") as path:
    print(len(path.read_bytes()))
prompt = SimpleNamespace(recording="{prompt}", language="vi", code="goodbye")
print(sound_of_recording(prompt, it=SimpleNamespace(sounds=Path("{folder}"))).read_bytes() == b"RIFF" * 500)
"""


class Machines:
    """The first has the database and runs everything; the second is a web process in a home of its own."""

    def __init__(self, first: House, second: House) -> None:
        self.first, self.second = first, second

    def browser(self) -> httpx.Client:
        """One that keeps its cookies for both, as behind one address."""
        return httpx.Client(timeout=30, follow_redirects=True)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_server(secret="SECRET") as storage:
        yield storage


@pytest.fixture(scope="module")
def machines(s3: str) -> Iterator[Machines]:
    shared = {"TONGDAI_STORAGE": s3, "TONGDAI_SECRET_KEY": KEY}
    with ExitStack() as stack:
        first = stack.enter_context(House(**shared))
        second = stack.enter_context(_Second(DATABASE_URL=database_of(first), **shared))
        yield Machines(first, second)


class _Second(House):
    """Another machine: `tongdai run web` beside somebody else's database."""

    def __init__(self, **given: str) -> None:
        super().__init__("run", "web", **given)

    def wait_until_ready(self) -> None:
        self.wait_for(lambda: self.process.poll() is not None or self.answers())
        assert self.process.poll() is None, self.printed()


def database_of(house: House) -> str:
    """The embedded server, as the processes connect to it."""
    password = (house.folder / "var" / "secrets" / f"postgres-{postgres.APP}").read_text()
    socket = told(house, "from django.conf import settings; print(settings.DATABASES['default']['HOST'])")
    return f"postgresql://{postgres.APP}:{quote(password)}@{quote(socket, safe='')}/{postgres.DATABASE}"


def photo() -> tuple[str, bytes, str]:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "teal").save(out, "JPEG")
    return "anh.jpg", out.getvalue(), "image/jpeg"


def form(page: httpx.Response, **fields: str) -> dict[str, object]:
    """What a browser would send of the form on this page."""
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return {**hidden, "visibility": "private", "phone": "0904 123 318", **fields}


def test_a_photo_sent_to_one_machine_is_kept_and_shown_by_the_other(machines: Machines) -> None:
    first, second = machines.first.url, machines.second.url
    with machines.browser() as browser:
        page = browser.get(f"{first}/phan-anh/")
        assert page.status_code == 200
        back = browser.post(
            f"{first}/phan-anh/", data=form(page, text=""), files={"photos": photo()}, headers={"Referer": first}
        )
        assert (kept := form(back)["kept"])
        shown = browser.get(f"{second}/anh/tam/{kept}/")
        assert shown.status_code == 200 and shown.content[:2] == b"\xff\xd8"

        sent = browser.post(
            f"{second}/phan-anh/", data=form(back, text="Nắp cống ngõ 61 Tam Bạc vỡ"), headers={"Referer": second}
        )
        assert "da-gui" in str(sent.url), machines.second.printed()[-3000:]
        assert (found := re.search(r"/anh/\d+/", sent.text))
        for machine in (first, second):
            seen = browser.get(machine + found[0])
            assert seen.status_code == 200 and seen.content[:2] == b"\xff\xd8"
    assert not any((house.folder / "var" / "files").exists() for house in (machines.first, machines.second))


def test_staff_signed_in_at_one_machine_are_so_at_the_other_and_hear_its_recordings(machines: Machines) -> None:
    session, recording = told(machines.first, STAFF).split()
    cookie = {"sessionid": session}
    for house in (machines.first, machines.second):
        page = httpx.get(f"{house.url}/ban/", cookies=cookie, follow_redirects=True, timeout=30)
        assert page.status_code == 200 and "Vũ Thị Lan" in page.text
        part = httpx.get(
            f"{house.url}/ban/ghi-am/{recording}/", cookies=cookie, headers={"Range": "bytes=4-13"}, timeout=30
        )
        assert part.status_code == 206 and part.content == bytes(range(10))


def test_prompts_and_files_of_editors_are_read_by_the_other(machines: Machines, tmp_path: Path) -> None:
    file, prompt = told(machines.first, KEPT, folder=str(tmp_path)).split()
    assert told(machines.second, READ, file=file, prompt=prompt, folder=str(tmp_path)).split() == ["12000", "True"]


@pytest.mark.parametrize(
    ("setting", "named"), [("TONGDAI_SECRET_KEY", "TONGDAI_SECRET_KEY"), ("TONGDAI_STORAGE", "TONGDAI_STORAGE")]
)
def test_a_machine_that_is_not_of_this_city_refuses_to_work_and_says_why(
    machines: Machines, setting: str, named: str
) -> None:
    folder = open_folder()
    environment = machines.second.environment | {setting: str(folder / "another")}
    stranger = House("run", "worker", home=folder, **environment)
    assert stranger.process.wait(timeout=60) == 1
    assert named in stranger.printed() and "Traceback" not in stranger.printed() and "SECRET@" not in stranger.printed()
    shutil.rmtree(folder)
