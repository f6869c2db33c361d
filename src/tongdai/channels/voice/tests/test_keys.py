"""A caller's key counts whenever it is pressed: before the first word, amid two texts, twice, as a wait ends."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.city import City

from .. import run_asterisk
from ..asterisk.exchange import Exchange
from ..menu import menu
from ..records import queue_log
from ..speech import synthesis
from ..speech.engines import Mute
from .exchange import PlayedSwitchboard
from .test_nobody_stands_waiting import serve
from .test_prompts import named_sounds, played, walks

CODE = "22022100017"


@pytest.mark.parametrize("turns", range(8))
@pytest.mark.parametrize("words", [False, True])
def test_a_key_pressed_as_somebody_stops_waiting_for_it_is_read_next(play, turns: int, words: bool) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        leg = switchboard.comes().leg
        waits = leg._first_key(asyncio.Event()) if words else leg.key(within=20)
        waiting = asyncio.ensure_future(waits)
        await asyncio.sleep(0.01)
        leg.keys.put_nowait("9")
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        heard = "" if waiting.cancelled() else waiting.result()
        assert (heard or leg.keys.get_nowait()) == "9" and leg.keys.empty()

    play(story)


@pytest.mark.parametrize("after", range(4))
def test_nine_pressed_before_or_between_the_texts_of_the_greeting_leads_to_a_message(
    play, tmp_path: Path, after: int
) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        ask, texts = switchboard.pbx._ask, []

        async def asked(how: str, path: str, query: dict[str, str | int], body: object | None = None) -> object:
            if "/play/" in path:
                if len(texts) == after:
                    [leg] = switchboard.legs.values()
                    leg.keys.put_nowait("9")
                texts.append(path)
            return await ask(how, path, query, body)

        switchboard.pbx._ask = asked  # type: ignore[method-assign]
        been, step = await walks(switchboard)
        assert (step.code, been.path) == ("message", ["greeting", "message"])

    play(story)


def test_nine_pressed_again_does_not_cut_how_a_message_is_left(play, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        caller = switchboard.comes()
        caller.been.recording_announced = True
        for key in "99":  # the second and the third
            caller.leg.keys.put_nowait(key)
        serve(switchboard, caller, "message")
        await switchboard.until(lambda: caller.leg._recorded)
        assert played(switchboard)[-2:] == ["leave-message", "beep"]
        assert not [asked for asked in switchboard.pbx.asked if asked.startswith("DELETE playbacks")]

    play(story)


def test_five_pressed_again_does_not_cut_the_numbers_of_those_who_come(play, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        caller = switchboard.comes()
        for key in "55":
            caller.leg.keys.put_nowait(key)
        serve(switchboard, caller, "danger")
        await switchboard.until(lambda: f"POST channels/{caller.leg.id}/moh" in switchboard.pbx.asked)
        assert not [asked for asked in switchboard.pbx.asked if asked.startswith("DELETE playbacks")]

    play(story)


def test_nine_after_nought_pressed_before_anything_is_said_in_the_queue_counts_there(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        caller = switchboard.comes()
        for key in "09":
            caller.leg.keys.put_nowait(key)
        serve(switchboard, caller)
        await switchboard.until(lambda: caller.leg._recorded)

    play(story)


@pytest.mark.parametrize("first", ["", "#", "*"])
def test_what_is_no_digit_before_a_code_is_no_part_of_it(play, tmp_path: Path, first: str) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        sought: list[str] = []

        async def status(code: str, _language: str) -> list[Path]:
            sought.append(code)
            return [tmp_path / "goodbye.wav"]

        _been, step = await walks(switchboard, "2", *first, *CODE, "0", status=status)
        assert (sought, step.code) == ([CODE], "person")

    play(story)


@pytest.fixture
def becomes(city: City, tmp_path: Path, monkeypatch) -> list[list[bool]]:
    """`run exchange` with nothing made yet; of each word of the net, whether it was there when Asterisk began."""
    it = Exchange(tmp_path, tmp_path / "none", "", "127.0.0.1", 0, 0, 0, 0)
    it.sounds.mkdir()
    words = [it.sounds / f"{code}.wav" for code in menu.OF_THE_NET]
    begun: list[list[bool]] = []
    monkeypatch.setattr(Exchange, "command", lambda *_: ["asterisk"])
    monkeypatch.setattr(run_asterisk, "exchange", lambda: it)
    monkeypatch.setattr(run_asterisk, "configure", lambda _it: None)
    monkeypatch.setattr(run_asterisk, "die_with_parent", lambda: None)
    monkeypatch.setattr(queue_log, "tidy", lambda _it: None)
    monkeypatch.setattr(os, "execv", lambda *_command: begun.append([each.exists() for each in words]))
    return begun


def test_who_rings_before_our_process_was_ever_there_hears_what_asterisk_says(becomes, monkeypatch) -> None:
    monkeypatch.setattr(synthesis, "_made", lambda *_text, **_how: b"words")
    run_asterisk.main()
    assert becomes == [[True, True, True]]


def test_an_exchange_that_has_no_voice_takes_calls_all_the_same(becomes, monkeypatch) -> None:
    def mute(*_text: str, **_how: object) -> bytes:
        raise Mute("espeak-ng")

    monkeypatch.setattr(synthesis, "_made", mute)
    run_asterisk.main()
    assert becomes == [[False, False, False]]
