"""A caller's key counts whenever it is pressed: before the first word, amid two texts, twice, as a wait ends."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.city import City
from tongdai.channels.voice import menu, net_notes, speech
from tongdai.channels.voice.engines import Mute
from tongdai.channels.voice.exchange import running
from tongdai.channels.voice.exchange.home import Exchange

from .exchange import Board
from .test_nobody_stands_waiting import serve
from .test_prompts import named_sounds, played, walks

CODE = "22022100017"


@pytest.mark.parametrize("turns", range(8))
@pytest.mark.parametrize("words", [False, True])
def test_a_key_pressed_as_somebody_stops_waiting_for_it_is_read_next(play, turns: int, words: bool) -> None:
    async def story(board: Board) -> None:
        leg = board.comes().leg
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
    async def story(board: Board) -> None:
        named_sounds(board, tmp_path)
        ask, texts = board.pbx._ask, []

        async def asked(how: str, path: str, query: dict[str, str | int], body: object | None = None) -> object:
            if "/play/" in path:
                if len(texts) == after:
                    [leg] = board.legs.values()
                    leg.keys.put_nowait("9")
                texts.append(path)
            return await ask(how, path, query, body)

        board.pbx._ask = asked  # type: ignore[method-assign]
        been, step = await walks(board)
        assert (step.code, been.path) == ("message", ["greeting", "message"])

    play(story)


def test_nine_pressed_again_does_not_cut_how_a_message_is_left(play, tmp_path: Path) -> None:
    async def story(board: Board) -> None:
        named_sounds(board, tmp_path)
        caller = board.comes()
        caller.been.told = True
        for key in "99":  # the second and the third
            caller.leg.keys.put_nowait(key)
        serve(board, caller, "message")
        await board.until(lambda: caller.leg._recorded)
        assert played(board)[-2:] == ["leave-message", "beep"]
        assert not [asked for asked in board.pbx.asked if asked.startswith("DELETE playbacks")]

    play(story)


def test_five_pressed_again_does_not_cut_the_numbers_of_those_who_come(play, tmp_path: Path) -> None:
    async def story(board: Board) -> None:
        named_sounds(board, tmp_path)
        caller = board.comes()
        for key in "55":
            caller.leg.keys.put_nowait(key)
        serve(board, caller, "danger")
        await board.until(lambda: f"POST channels/{caller.leg.id}/moh" in board.pbx.asked)
        assert not [asked for asked in board.pbx.asked if asked.startswith("DELETE playbacks")]

    play(story)


def test_nine_after_nought_pressed_before_anything_is_said_in_the_queue_counts_there(play) -> None:
    async def story(board: Board) -> None:
        caller = board.comes()
        for key in "09":
            caller.leg.keys.put_nowait(key)
        serve(board, caller)
        await board.until(lambda: caller.leg._recorded)

    play(story)


@pytest.mark.parametrize("first", ["", "#", "*"])
def test_what_is_no_digit_before_a_code_is_no_part_of_it(play, tmp_path: Path, first: str) -> None:
    async def story(board: Board) -> None:
        named_sounds(board, tmp_path)
        sought: list[str] = []

        async def status(code: str, _language: str) -> list[Path]:
            sought.append(code)
            return [tmp_path / "goodbye.wav"]

        _been, step = await walks(board, "2", *first, *CODE, "0", status=status)
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
    monkeypatch.setattr(running, "exchange", lambda: it)
    monkeypatch.setattr(running, "configure", lambda _it: None)
    monkeypatch.setattr(running, "die_with_parent", lambda: None)
    monkeypatch.setattr(net_notes, "tidy", lambda _it: None)
    monkeypatch.setattr(os, "execv", lambda *_command: begun.append([each.exists() for each in words]))
    return begun


def test_who_rings_before_our_process_was_ever_there_hears_what_asterisk_says(becomes, monkeypatch) -> None:
    monkeypatch.setattr(speech, "_made", lambda *_text, **_how: b"words")
    running.main()
    assert becomes == [[True, True, True]]


def test_an_exchange_that_has_no_voice_takes_calls_all_the_same(becomes, monkeypatch) -> None:
    def mute(*_text: str, **_how: object) -> bytes:
        raise Mute("espeak-ng")

    monkeypatch.setattr(speech, "_made", mute)
    running.main()
    assert becomes == [[False, False, False]]
