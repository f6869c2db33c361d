"""What a caller hears: the other language first, a key within six seconds, recording announced, keys always."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps

from tests.city import City

from ..asterisk.exchange import Exchange, exchange
from ..menu import ivr, menu
from ..menu.ivr import Walk
from ..menu.phone_answers import Offered
from ..models import Prompt, Queue, Step, Take
from ..speech import prompts, synthesis
from .exchange import PlayedSwitchboard

KEY_LATE, LANGUAGE_LATE = 6.0, 2.0  # seconds


@pytest.fixture
def it(tmp_path: Path) -> Exchange:
    real = exchange()
    if not real.is_installed():
        pytest.skip("no voice here: tongdai exchange install")
    return Exchange(tmp_path / "exchange", real.tree, real.program, "127.0.0.1", 0, 0, 0, 0)


class Asked:
    """No ready answers."""

    async def offered(self, _language: str) -> Offered:
        return Offered([], {})

    async def spelt(self, _key: str, _keys: str) -> Offered:
        return Offered([], {})

    async def sounds_of(self, _key: str, _language: str) -> list[Path]:
        return []

    async def texted(self, _key: str, _language: str) -> bool:
        return False


async def walks(
    switchboard: PlayedSwitchboard, *keys: str, is_open: bool = True, status: ivr.Status | None = None
) -> tuple[Walk, Step]:
    """A caller who presses these keys before anything is said; until she goes on to a person or a machine."""
    caller = switchboard.comes()
    for key in keys:
        caller.leg.keys.put_nowait(key)

    async def no_such(_code: str, _language: str) -> list[Path] | None:
        return None

    step = await ivr.walk(
        caller.leg,
        menu=switchboard.menu,
        been=caller.been,
        status=status or no_such,
        answers=Asked(),
        is_open=lambda: is_open,
    )
    return caller.been, step


def named_sounds(switchboard: PlayedSwitchboard, folder: Path) -> None:
    """A file for each prompt, by its name: so that one sees what is played."""
    for code in Prompt.objects.values_list("code", flat=True).distinct():
        (folder / f"{code}.wav").write_bytes(bytes(800))
    sounds = {key: folder / f"{key[0]}.wav" for key in switchboard.menu.sounds}
    switchboard.menu = replace(switchboard.menu, sounds=sounds | {("language", "en"): folder / "language.wav"})


def played(switchboard: PlayedSwitchboard) -> list[str]:
    return [Path(media).name for media in switchboard.pbx.media]


def test_the_other_language_comes_first_and_a_key_within_six_seconds(it: Exchange) -> None:
    texts = {(code, language): text for code, language, text in prompts.usual()}
    seconds = {
        code: synthesis.seconds_of(synthesis.sound_of(texts[code, language], language=language, it=it))
        for code, language in (("language", "en"), ("greeting", "vi"))
    }
    assert seconds["language"] <= LANGUAGE_LATE
    assert seconds["language"] + seconds["greeting"] <= KEY_LATE
    [order] = [prompt for code, _kind, _name, prompt, *_more in menu.USUAL_STEPS if code == "greeting"]
    assert order.split()[:2] == ["language", "greeting"]


def test_where_piper_fails_espeak_speaks_and_piper_is_not_asked_each_time(it: Exchange, settings, monkeypatch) -> None:
    settings.PIPER_VOICE = "/nowhere/vi.onnx"
    tried: list[str] = []
    made = synthesis._made

    def counted(text: str, *, language: str, it: Exchange, voice: str) -> bytes:
        tried.append(voice)
        return made(text, language=language, it=it, voice=voice)

    monkeypatch.setattr(synthesis, "_made", counted)
    monkeypatch.setattr(synthesis, "_piper", synthesis._Piper())
    first = synthesis.sound_of("Cảm ơn, xin chào.", language="vi", it=it)
    assert synthesis.seconds_of(first) > 0.5
    synthesis.sound_of("Xin chờ một chút.", language="vi", it=it)
    synthesis.sound_of("Thank you.", language="en", it=it)
    assert tried == ["/nowhere/vi.onnx", "", "", ""]


def test_who_hears_the_greeting_out_is_told_of_the_recording_once(play, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(ivr, "SILENCE", 0.01)

    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        been, step = await walks(switchboard)
        assert step.code == "person" and been.recording_announced
        assert played(switchboard) == ["language", "greeting", "recorded", "choices"] * ivr.TRIES

    play(story)


@pytest.mark.parametrize(("key", "code"), [("5", "danger"), ("9", "message"), ("0", "person")])
def test_a_key_before_the_sentence_was_heard_is_followed_by_it(play, tmp_path: Path, key: str, code: str) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        been, step = await walks(switchboard, key)
        assert (step.code, been.recording_announced) == (code, True)
        assert played(switchboard) == ["language", "recorded"]

    play(story)


def test_out_of_hours_there_are_keys_and_danger_is_the_first(play, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        switchboard.menu.steps["hours"].active = True
        been, step = await walks(switchboard, "5", is_open=False)
        assert (step.code, been.path) == ("danger", ["hours", "closed", "danger"])
        switchboard.pbx.media.clear()
        been, step = await walks(switchboard, "8", "9", is_open=False)
        assert (step.code, been.language) == ("message", "en")
        assert played(switchboard) == ["language", "closed", "recorded"]

    play(story)


def test_a_key_cuts_figures_and_counts_in_the_menu_that_follows(play, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        async def found(_code: str, _language: str) -> list[Path]:
            return [tmp_path / "figure.wav"] * 5

        named_sounds(switchboard, tmp_path)
        (tmp_path / "figure.wav").write_bytes(bytes(800))
        been, step = await walks(switchboard, "2", *"20222345678", "0", status=found)
        assert step.code == "person"
        assert been.path == ["greeting", "lookup", "lookup:found", "greeting", "person"]
        assert played(switchboard).count("figure") == 1

    play(story)


def test_a_key_in_an_announcement_counts_in_the_menu_that_follows(play, tmp_path: Path) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        named_sounds(switchboard, tmp_path)
        switchboard.menu.steps["notice"].active = True
        been, step = await walks(switchboard, "0")
        assert (step.code, been.path) == ("person", ["notice", "greeting", "person"])

    play(story)


def test_a_key_that_was_read_goes_back_before_those_pressed_after_it(play) -> None:
    async def story(switchboard: PlayedSwitchboard) -> None:
        leg = switchboard.comes().leg
        for key in "23":
            leg.keys.put_nowait(key)
        leg.put_back("1")
        assert [leg.keys.get_nowait() for _ in range(3)] == ["1", "2", "3"]

    play(story)


def test_a_text_nobody_changed_follows_the_house_and_one_that_was_changed_stays(city: City) -> None:
    menu.write_the_usual_one()
    ours, own = Prompt.objects.get(code="goodbye", language="vi"), Prompt.objects.get(code="closed", language="vi")
    recorded = Prompt.objects.get(code="alone", language="vi")
    for each in (ours, own, recorded):
        each.usual = each.text = "Lời của bản trước."
    own.text, recorded.recording = "Thành phố nghỉ Tết.", "prompts/alone.wav"
    Prompt.objects.bulk_update([ours, own, recorded], ["usual", "text", "recording"])
    prompts.fill_up()
    texts = {code: text for code, language, text in prompts.usual() if language == "vi"}
    for each in (ours, own, recorded):
        each.refresh_from_db()
    assert (ours.text, own.text, recorded.text) == (texts["goodbye"], "Thành phố nghỉ Tết.", "Lời của bản trước.")
    assert own.usual == texts["closed"]


def an_older_city() -> tuple[ModuleType, dict[str, tuple[str, str]]]:
    """The menu of the edition before, as a city has it that changed nothing; its migration, and its texts by code."""
    migration = importlib.import_module("tongdai.channels.voice.migrations.0009_prompts_are_recorded")
    menu.write_the_usual_one()
    Prompt.objects.all().delete()
    texts = {code: (vietnamese, english) for code, vietnamese, english in migration.FORMER}
    for code, both in texts.items():
        for language, text in zip(("vi", "en"), both, strict=True):
            Prompt.objects.create(code=code, language=language, text=text)
    Step.objects.filter(code__in=["greeting", "english"]).update(prompt="greeting", keys=migration.KEYS)
    Step.objects.filter(code="english-closed").delete()
    Step.objects.filter(code="closed").update(kind="say", prompt="closed", keys={})
    Step.objects.filter(code="lookup").update(then="greeting")
    Queue.objects.update(urgent=False)
    return migration, texts


def test_a_city_that_changed_nothing_has_the_new_menu_after_the_upgrade(city: City) -> None:
    migration, _texts = an_older_city()
    migration.forwards(apps, None)
    prompts.fill_up()
    found = {step.code: step for step in Step.objects.all()}
    for code, kind, _name, prompt, keys, then, _queue in menu.USUAL_STEPS:
        assert (found[code].kind, found[code].prompt, found[code].keys, found[code].then) == (kind, prompt, keys, then)
    assert {(row.code, row.language): row.text for row in Prompt.objects.all()} == {
        (code, language): text for code, language, text in prompts.usual()
    }
    assert list(Queue.objects.filter(urgent=True).values_list("code", flat=True)) == ["danger"]


def test_what_a_city_has_made_its_own_survives_the_upgrade(city: City) -> None:
    migration, texts = an_older_city()
    Prompt.objects.filter(code="greeting", language="vi").update(text="Hải Phòng xin nghe. Bấm 0 gặp người.")
    Prompt.objects.filter(code="closed", language="vi").update(recording="prompts/closed.wav")
    migration.forwards(apps, None)
    prompts.fill_up()
    assert Step.objects.get(code="greeting").prompt == "greeting"
    assert Prompt.objects.get(code="greeting", language="vi").text == "Hải Phòng xin nghe. Bấm 0 gặp người."
    assert Prompt.objects.get(code="greeting", language="en").text == texts["greeting"][1]  # the two belong together
    assert Step.objects.get(code="closed").kind == Step.Kind.SAY
    assert Prompt.objects.get(code="closed", language="vi").text == texts["closed"][0]
    assert [take.file for take in Take.objects.all()] == ["prompts/closed.wav"]


def test_a_step_of_the_menu_has_all_its_prompts_in_both_languages(city: City) -> None:
    menu.write_the_usual_one()
    known = {(code, language) for code, language, _text in prompts.usual()}
    for step in Step.objects.exclude(prompt=""):
        for code in step.prompt.split():
            assert (code, "en") in known and (code == "language" or (code, "vi") in known), code
        assert set(step.keys.values()) <= set(Step.objects.values_list("code", flat=True))
