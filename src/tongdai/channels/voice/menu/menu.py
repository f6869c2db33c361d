"""The menu as data: the steps a caller can stand at, and what is said there. A city changes rows, never code."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.db import transaction

from tongdai.directory.calendar.working_days import the_calendar
from tongdai.platform.clock import CITY_TZ, now

from ..asterisk.exchange import Exchange
from ..models import Overflow, Prompt, Queue, Step
from ..queues import overflow_rules
from ..speech import fragments, prompts
from ..speech.prompts import LANGUAGES, RECORDED, announces_recording
from ..speech.recorded_sounds import sound_of_recording
from ..speech.synthesis import sound_of
from . import phone_answers

FIRST = "notice"
OFF_AT_FIRST = ("notice", "hours")  # the usual city answers day and night, and has nothing to announce
OF_THE_NET = ("alone", "leave-message", "message-ends-soon")  # what Asterisk says when our process is away


@dataclass(frozen=True)
class Menu:
    """All of it in memory, with its sounds made."""

    steps: dict[str, Step]
    sounds: dict[tuple[str, str], Path]  # (code of the prompt, language) → file
    recording_notices: frozenset[tuple[str, str]] = frozenset({(RECORDED, language) for language in LANGUAGES})
    rules: dict[int, list[Overflow]] = field(default_factory=dict)  # by queue, in order

    def step(self, code: str) -> Step | None:
        """The step of this code; None: there is none. One that is switched off is passed over, hours as if open."""
        step = self.steps.get(code)
        while step is not None and not step.active:
            step = self.steps.get(step.keys.get("open", step.then))
        return step

    def sound(self, code: str, language: str) -> Path:
        return self.sounds[self._of(code, language)]

    def announces_recording(self, code: str, language: str) -> bool:
        """Whether who has heard this prompt knows that the call is recorded."""
        return self._of(code, language) in self.recording_notices

    def _of(self, code: str, language: str) -> tuple[str, str]:
        """In that language; else in the first there is."""
        return next(((code, each) for each in (language, *LANGUAGES) if (code, each) in self.sounds), (code, language))

    @cached_property
    def message(self) -> Step | None:
        """Where one leaves a message."""
        return next((step for step in self.steps.values() if step.kind == Step.Kind.MESSAGE), None)


def load(it: Exchange) -> Menu:
    """Read the steps and make the sounds that are missing: ahead, never while a caller waits."""
    usual_or_own()
    make_words_of_the_net(it)
    rows = list(Prompt.objects.all())
    sounds = {(prompt.code, prompt.language): _sound(prompt, it=it) for prompt in rows if _is_spoken(prompt)}
    recording_notices = frozenset(
        (prompt.code, prompt.language) for prompt in rows if announces_recording(prompt.text, prompt.language)
    )
    phone_answers.make_ahead(it)
    steps = {step.code: step for step in Step.objects.select_related("queue")}
    return Menu(steps, sounds, recording_notices, overflow_rules.load())


def make_words_of_the_net(it: Exchange) -> None:
    """Those before all others: Asterisk may have to say them before our process has made the rest. Raises Mute."""
    prompts.fill_up()
    for prompt in Prompt.objects.filter(code__in=OF_THE_NET, language=LANGUAGES[0]):
        link = it.sounds / f"{prompt.code}.wav"
        new = link.with_suffix(f".{os.getpid()}.new")
        new.unlink(missing_ok=True)
        new.symlink_to(_sound(prompt, it=it))
        new.rename(link)


def usual_or_own() -> None:
    """A city that has no menu of its own gets the usual one; what the machine says besides is filled up in any case."""
    if not Step.objects.exists():
        write_the_usual_one()
    else:
        prompts.fill_up()


def _is_spoken(prompt: Prompt) -> bool:
    """A piece of a figure is said where it is recorded: the machine says such sentences as a whole."""
    return bool(prompt.recording) or not fragments.is_piece(prompt.code)


def _sound(prompt: Prompt, *, it: Exchange) -> Path:
    """The city's recording of it, else the machine's voice."""
    own = sound_of_recording(prompt, it=it) if prompt.recording else None
    return own or sound_of(prompt.text, language=prompt.language, it=it)


def is_open() -> bool:
    """Whether the city works at this minute, by its calendar."""
    here = now().astimezone(CITY_TZ)
    minute = here.hour * 60 + here.minute
    return any(opens <= minute < closes for opens, closes in the_calendar().spans(here.date()))


@transaction.atomic
def write_the_usual_one() -> None:
    """The branches Hà Nội's 1022 had, for a city that has none of its own yet."""
    queues = {
        code: Queue.objects.get_or_create(code=code, defaults={"name": name, "rank": rank, "urgent": code == URGENT})[0]
        for code, name, rank in USUAL_QUEUES
    }
    for code, kind, name, prompt, keys, then, queue in USUAL_STEPS:
        shown = {"kind": kind, "name": name, "prompt": prompt, "keys": keys, "then": then, "queue": queues.get(queue)}
        Step.objects.get_or_create(code=code, defaults=shown | {"active": code not in OFF_AT_FIRST})
    prompts.fill_up()


URGENT = "danger"  # the queue of those in danger
USUAL_QUEUES = (
    (URGENT, "Nguy hiểm", 0),
    ("epidemic", "Dịch bệnh", 1),
    ("procedures", "Thủ tục", 5),
    ("general", "Việc khác", 5),
)
KEYS = {
    "1": "epidemic",
    "2": "lookup",
    "3": "procedures",
    "4": "answers",
    "5": "danger",
    "0": "person",
    "9": "message",
    "8": "english",
}
CLOSED_KEYS = {"5": "danger", "2": "lookup", "4": "answers", "9": "message", "8": "english-closed"}
USUAL_STEPS: tuple[tuple[str, str, str, str, dict[str, str], str, str], ...] = (
    ("notice", "say", "Thông báo của ca trực", "notice", {}, "hours", ""),
    ("hours", "hours", "Giờ làm việc", "", {"open": "greeting"}, "closed", ""),
    ("closed", "menu", "Ngoài giờ", "language closed", CLOSED_KEYS, "message", ""),
    ("english-closed", "menu", "Ngoài giờ, tiếng Anh", "closed", CLOSED_KEYS, "message", ""),
    ("greeting", "menu", "Lời chào", "language greeting recorded choices", KEYS, "person", ""),
    ("english", "menu", "Tiếng Anh", "greeting recorded choices", KEYS, "person", ""),
    ("danger", "queue", "Có người nguy hiểm", "danger", {"9": "instead"}, "message", "danger"),
    ("epidemic", "queue", "Giúp vì dịch bệnh", "connecting", {"9": "instead"}, "message", "epidemic"),
    ("lookup", "lookup", "Tra mã phiếu", "key-code", {}, "hours", ""),
    ("answers", "answers", "Câu trả lời có sẵn", "answers", {"0": "procedures"}, "procedures", ""),
    ("procedures", "queue", "Thủ tục hành chính", "connecting", {"9": "instead"}, "message", "procedures"),
    ("person", "queue", "Gặp người", "connecting", {"9": "instead"}, "message", "general"),
    ("instead", "keep", "Giữ chỗ hay để lại lời nhắn", "instead", {"2": "message"}, "message", ""),
    ("message", "message", "Để lại lời nhắn", "leave-message", {}, "", ""),
)
