"""The menu as data: the steps a caller can stand at, and what is said there. A city changes rows, never code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from tongdai.directory.calendar import the_calendar
from tongdai.platform.clock import CITY_TZ, now

from . import ready
from .exchange.home import Exchange
from .models import Prompt, Queue, Step
from .speech import sound_of
from .voices import sound_of_recording

FIRST = "notice"
OFF_AT_FIRST = ("notice", "hours")  # the usual city answers day and night, and has nothing to announce
LANGUAGES = ("vi", "en")
OF_THE_NET = ("alone", "leave-message", "message-ends-soon")  # what Asterisk says when our process is away


@dataclass(frozen=True)
class Menu:
    """All of it in memory, with its sounds made."""

    steps: dict[str, Step]
    sounds: dict[tuple[str, str], Path]  # (code of the prompt, language) → file

    def step(self, code: str) -> Step | None:
        """The step of this code; None: there is none. One that is switched off is passed over, hours as if open."""
        step = self.steps.get(code)
        while step is not None and not step.active:
            step = self.steps.get(step.keys.get("open", step.then))
        return step

    def sound(self, code: str, language: str) -> Path:
        return self.sounds.get((code, language)) or self.sounds[code, LANGUAGES[0]]


def load(it: Exchange) -> Menu:
    """Read the steps and make the sounds that are missing: ahead, never while a caller waits."""
    usual_or_own()
    sounds = {(prompt.code, prompt.language): _sound(prompt, it=it) for prompt in Prompt.objects.all()}
    for code in OF_THE_NET:
        link = it.sounds / f"{code}.wav"
        new = link.with_suffix(".new")
        new.unlink(missing_ok=True)
        new.symlink_to(sounds[code, LANGUAGES[0]])
        new.rename(link)
    ready.make_ahead(it)
    return Menu({step.code: step for step in Step.objects.select_related("queue")}, sounds)


def usual_or_own() -> None:
    """A city that has no menu of its own gets the usual one; what the machine says besides is filled up in any case."""
    if not Step.objects.exists():
        write_the_usual_one()
    elif Prompt.objects.count() < len(USUAL_PROMPTS) * len(LANGUAGES):
        _write_the_prompts()


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
        code: Queue.objects.get_or_create(code=code, defaults={"name": name, "rank": rank})[0]
        for code, name, rank in USUAL_QUEUES
    }
    for code, kind, name, prompt, keys, then, queue in USUAL_STEPS:
        shown = {"kind": kind, "name": name, "prompt": prompt, "keys": keys, "then": then, "queue": queues.get(queue)}
        Step.objects.get_or_create(code=code, defaults=shown | {"active": code not in OFF_AT_FIRST})
    _write_the_prompts()


def _write_the_prompts() -> None:
    """Those that are missing: a step added later needs words an older city has not."""
    for code, vietnamese, english in USUAL_PROMPTS:
        for language, text in zip(LANGUAGES, (vietnamese, english), strict=True):
            Prompt.objects.get_or_create(code=code, language=language, defaults={"text": text})


USUAL_QUEUES = (
    ("danger", "Nguy hiểm", 0),
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
USUAL_STEPS: tuple[tuple[str, str, str, str, dict[str, str], str, str], ...] = (
    ("notice", "say", "Thông báo của ca trực", "notice", {}, "hours", ""),
    ("hours", "hours", "Giờ làm việc", "", {"open": "greeting"}, "closed", ""),
    ("closed", "say", "Ngoài giờ", "closed", {}, "message", ""),
    ("greeting", "menu", "Lời chào", "greeting", KEYS, "person", ""),
    ("english", "menu", "Tiếng Anh", "greeting", KEYS, "person", ""),
    ("danger", "queue", "Có người nguy hiểm", "danger", {"9": "message"}, "message", "danger"),
    ("epidemic", "queue", "Giúp vì dịch bệnh", "connecting", {"9": "message"}, "message", "epidemic"),
    ("lookup", "lookup", "Tra mã phiếu", "key-code", {}, "greeting", ""),
    ("answers", "answers", "Câu trả lời có sẵn", "answers", {"0": "procedures"}, "procedures", ""),
    ("procedures", "queue", "Thủ tục hành chính", "connecting", {"9": "message"}, "message", "procedures"),
    ("person", "queue", "Gặp người", "connecting", {"9": "message"}, "message", "general"),
    ("message", "message", "Để lại lời nhắn", "leave-message", {}, "", ""),
)
USUAL_PROMPTS = (
    ("greeting",
     "Tổng đài 1 0 2 2 xin nghe. Có người đang nguy hiểm, bấm 5. Cuộc gọi được ghi âm. "
     "Cần giúp vì dịch bệnh, bấm 1. Tra cứu phiếu đã gửi, bấm 2. "
     "Hỏi thủ tục hành chính, bấm 3. Nghe câu trả lời có sẵn, bấm 4. Gặp điện thoại viên, bấm 0. "
     "Để lại lời nhắn, bấm 9. For English, press 8.",
     "This is the city's line 1 0 2 2. If somebody is in danger, press 5. The call is recorded. "
     "For help in the epidemic, press 1. To look up a case, "
     "press 2. For administrative procedures, press 3. For ready answers, press 4. To speak to a person, press 0. "
     "To leave a message, press 9."),
    ("connecting", "Xin giữ máy, tổng đài đang nối máy với người nghe. Không muốn chờ, bấm 9 để lại lời nhắn.",
     "Please hold, we are connecting you. If you would rather not wait, press 9 to leave a message."),
    ("danger",
     "Cháy, cứu nạn, gọi 1 1 4. Cấp cứu, gọi 1 1 5. Công an, gọi 1 1 3. Hoặc giữ máy, chúng tôi nối ngay với người nghe.",
     "For fire or rescue call 1 1 4, for an ambulance 1 1 5, for the police 1 1 3. Or hold, we connect you at once."),
    ("notice", "Hiện có nhiều người gọi, thời gian chờ có thể lâu hơn.", "Many people are calling; waits are longer."),
    ("closed", "Bây giờ ngoài giờ làm việc của tổng đài.", "We are outside our working hours."),
    ("key-code", "Hãy bấm 11 số của mã phiếu.", "Please key the 11 digits of your case code."),
    ("answers", "Câu trả lời có sẵn.", "Ready answers."),
    ("after-answer", "Nghe lại, bấm 1. Nhận đường dẫn qua tin nhắn, bấm 2. Nghe câu khác, bấm 3. Gặp người, bấm 0.",
     "To hear it again, press 1. For a link by text, press 2. For another one, press 3. For a person, press 0."),
    ("key-ward",
     "Hãy đánh vần tên phường, xã bằng các phím có chữ, không dấu, rồi bấm phím thăng. Ví dụ Lê Chân: "
     "5, 3, 2, 4, 2, 6, thăng. Quay lại, bấm phím sao.",
     "Please spell the name of the ward on the lettered keys, then press hash. For example Lê Chân: "
     "5, 3, 2, 4, 2, 6, hash. To go back, press star."),
    ("no-such-ward", "Chưa tìm thấy phường, xã ấy.", "No such ward was found."),
    ("texted", "Đã nhắn đường dẫn đến máy của ông bà.", "The link has been texted to you."),
    ("cannot-text", "Máy này không nhận được tin nhắn.", "This telephone takes no texts."),
    ("no-such-code", "Không có phiếu nào mang mã này.", "There is no case of this code."),
    ("wrong-key", "Phím này không có. Xin nghe lại.", "There is no such key. Please listen again."),
    ("leave-message", "Xin để lại lời nhắn sau tiếng bíp, dài nhất ba phút, rồi gác máy. Chúng tôi sẽ gọi lại.",
     "Please leave a message of up to three minutes after the tone, then hang up. We will call you back."),
    ("message-ends-soon", "Còn nửa phút. Xin nói tiếp.", "Half a minute is left. Please go on."),
    ("one-moment", "Xin chờ một chút, máy của người nghe vừa mất nối.", "One moment please, the line was interrupted."),
    ("goodbye", "Cảm ơn, xin chào.", "Thank you, goodbye."),
    ("alone", "Tổng đài 1 0 2 2 đang bận. Xin giữ máy, chúng tôi tìm người nghe ngay.",
     "1 0 2 2 is busy. Please hold, we are looking for somebody."),
)  # fmt: skip
