"""`tongdai demo` as a newcomer has it: filled once, quick the second time, calm when interrupted, shut to strangers."""

from __future__ import annotations

import re
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar

import pytest

from tests.filled_demo import Demo, a_filled_home
from tests.house import House, free_port

PASSWORD = "xinchao1022"


@pytest.fixture(scope="module")
def filled() -> Iterator[Demo]:
    """Filled before: interrupted, and gone on with."""
    with Demo(home=a_filled_home(), DEMO_HOST="0.0.0.0") as demo:
        yield demo


def test_an_interrupted_filling_goes_on_the_next_time_and_the_city_is_whole(filled: Demo) -> None:
    counted = filled.run("report", "trial", "--json", str(filled.folder / "r.json"))
    assert counted.returncode == 0, counted.stderr
    assert '"received": 4534' in (filled.folder / "r.json").read_text()


def test_the_demos_passwords_open_from_this_machine_alone(filled: Demo) -> None:
    assert "/ban/" in _sign_in(f"http://127.0.0.1:{filled.port}")
    address = _own_address()
    if not address:
        pytest.skip("this machine has no address beside loopback to come from")
    refused = _sign_in(f"http://{address}:{filled.port}")
    assert refused.endswith("/ban/vao/")


def test_the_second_start_fills_nothing_again_and_keeps_what_was_written(filled: Demo) -> None:
    before = _cases(filled)
    assert filled.stop() == 0
    again = Demo(home=filled.folder)  # whose folder goes with `filled`
    try:
        again.wait_until_ready()
        assert "hai tuần gần đây" not in again.printed()
        assert _cases(again) == before
    finally:
        again.stop()


def test_a_taken_port_is_said_with_others_to_choose() -> None:
    port = free_port(more=6)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 2))
        taken.listen()
        house = House("demo", DEMO_PORT=str(port))
        assert house.process.wait(timeout=60) == 1
    assert f"Port {port + 2} is taken" in house.printed()
    assert f"make demo DEMO_PORT={port + 100}" in house.printed()


def _sign_in(where: str) -> str:
    """The address one stands at after signing in, or trying to."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(f"{where}/ban/vao/", timeout=30).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "username": "dieuphoi", "password": PASSWORD, "next": ""}
    try:
        return str(browser.open(f"{where}/ban/vao/", urllib.parse.urlencode(form).encode(), timeout=30).url)
    except urllib.error.HTTPError as refused:
        return str(refused.url)


def _cases(house: House) -> str:
    done = house.run(
        "django", "shell", "-v", "0", "-c", "from tongdai.cases.models import Case; print(Case.objects.count())"
    )
    return done.stdout.strip()


def _own_address() -> str:
    said = subprocess.run(["hostname", "-I"], capture_output=True, text=True, check=False).stdout.split()
    return next((address for address in said if "." in address), "")
