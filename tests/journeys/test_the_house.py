"""Starting, killing, stopping the whole house."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from tests.house import House, open_folder

pytestmark = pytest.mark.long(seconds=400)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House(home=open_folder()) as house:
        yield house


def test_an_empty_folder_becomes_an_empty_city_with_a_link_for_its_first_administrator(house: House) -> None:
    assert house.answers("/readyz") and house.answers("/")
    assert "/ban/khoi-dau/" in house.printed()


def test_a_second_up_in_the_same_home_says_who_is_there(house: House) -> None:
    second = house.run("up")
    assert second.returncode == 1
    assert str(house.process.pid) in second.stdout and "is up already" in second.stdout
    assert house.answers()


def test_the_nursery_was_forked_from_the_house_and_holds_nothing_of_it(house: House) -> None:
    """Neither the lock of this home nor a connection: whoever dies takes nothing along that another waits for."""
    (nursery,) = house.pids("tongdai nursery")
    assert Path(f"/proc/{nursery}/stat").read_text().rsplit(")", 1)[1].split()[1] == str(house.process.pid)
    held = [os.readlink(each) for each in Path(f"/proc/{nursery}/fd").iterdir()]
    assert not any("up.lock" in each for each in held), held
    assert sum(each.startswith("socket:") for each in held) == 1  # where it is asked to bear


def test_the_doctor_finds_the_house_well(house: House) -> None:
    looked = house.run("doctor")
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "PostgreSQL" in looked.stdout and "is" in looked.stdout and "serving" in looked.stdout


@pytest.mark.parametrize("name", ["run web", "run live", "run worker", "postgres -D"])
def test_whatever_is_killed_is_running_again(house: House, name: str) -> None:
    killed = house.pids(name)
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    house.wait_for(lambda: [pid for pid in house.pids(name) if pid not in killed])
    house.wait_for(house.answers)


def test_where_the_nursery_is_killed_all_that_was_born_there_is_running_again(house: House) -> None:
    names = ["run web", "run live", "run worker"]
    before = {name: house.pids(name) for name in names}
    (nursery,) = house.pids("tongdai nursery")
    os.kill(nursery, signal.SIGKILL)
    for name, pids in before.items():
        house.wait_for(lambda name=name, pids=pids: house.pids(name) and not set(house.pids(name)) & set(pids))
    house.wait_for(house.answers)
    house.wait_for(lambda: len(house.pids("tongdai nursery")) == 1)


def test_nothing_outlives_a_house_that_was_killed() -> None:
    with House(home=open_folder()) as house:
        os.kill(house.process.pid, signal.SIGKILL)
        house.process.wait()
        house.wait_for(lambda: not house.pids("tongdai") and not house.pids("postgres"))


def test_whatever_hangs_is_replaced(house: House) -> None:
    """Stopped, each still has its number and its port; only its signs of life are missing."""
    house.wait_for(house.answers)
    names = ["run web", "run live", "run worker", "postgres -D", "tongdai nursery"]
    hung = {name: house.pids(name) for name in names}
    for pid in sum(hung.values(), []):
        os.kill(pid, signal.SIGSTOP)
    for name, pids in hung.items():
        assert pids
        house.wait_for(lambda name=name, pids=pids: house.pids(name) and not set(house.pids(name)) & set(pids))
    house.wait_for(house.answers)


def test_one_interrupt_stops_everything_cleanly_and_it_starts_again_with_its_rows() -> None:
    first = House()
    first.wait_until_ready()
    assert first.stop() == 0
    assert not first.pids("tongdai") and not first.pids("postgres")

    first.log.unlink()
    with House(home=first.folder) as again:
        assert again.answers()


def test_a_port_that_is_taken_is_said_with_another_to_choose() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        house = House(home=open_folder(), TONGDAI_PORT=str(port))
        assert house.process.wait(timeout=60) == 1
        assert f"Port {port} is taken. Choose another: TONGDAI_PORT={port + 10}" in house.printed().replace("\n", " ")
        assert not house.pids("postgres")


def test_a_report_sent_while_the_database_is_away_comes_back_whole_and_is_taken_once_it_is_back(house: House) -> None:
    words = "Nắp cống ngõ 61 vỡ, gửi đúng lúc máy hỏng"
    browser = build_opener(HTTPCookieProcessor(jar := CookieJar()))
    page = browser.open(house.url + "/phan-anh/").read().decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
    fields = {
        "text": words,
        "phone": "0904123318",
        "visibility": "private",
        "key": key[1],
        "csrfmiddlewaretoken": token,
    }
    statuses = []
    for pid in house.pids("postgres -D"):
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            done = browser.open(Request(house.url + "/phan-anh/", urlencode(fields).encode()), timeout=30)
        except HTTPError as away:
            statuses.append(away.code)
            assert away.code == 503 and words in away.read().decode(), house.printed()[-3000:]
            time.sleep(0.05)
        else:
            assert "/phan-anh/da-gui/" in done.geturl()
            break
    assert statuses, "the database was never seen away"
    again = browser.open(Request(house.url + "/phan-anh/", urlencode(fields).encode()), timeout=30)
    assert "lai=1" in again.geturl()  # one case, however often it was sent


def test_a_full_disk_is_said_before_anything_is_half_made() -> None:
    folder = open_folder()
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", disk], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk can't be mounted here: {mounted.stderr.strip()}")
    try:
        house = House(home=disk)
        assert house.process.wait(timeout=60) == 1
        assert "Đĩa hết chỗ" in house.printed() and "200 MB needed" in house.printed()
        assert "Traceback" not in house.printed()
        assert not list(disk.glob("var/postgres/*"))
    finally:
        subprocess.run(["umount", disk], check=True)
