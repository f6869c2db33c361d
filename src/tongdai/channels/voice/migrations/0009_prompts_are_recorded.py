"""Recordings are heard before they are used; the usual texts and steps that a city has not changed follow the house's.

The greeting begins with the other language and is told in parts, so that each is heard or cut by itself; outside the
working hours there are keys too, danger first.
"""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

FORMER = (
    ("after-answer",
     "Nghe lại, bấm 1. Nhận đường dẫn qua tin nhắn, bấm 2. Nghe câu khác, bấm 3. Gặp người, bấm 0.",
     "To hear it again, press 1. For a link by text, press 2. For another one, press 3. For a person, press 0."),
    ("alone",
     "Tổng đài 1 0 2 2 đang bận. Xin giữ máy, chúng tôi tìm người nghe ngay.",
     "1 0 2 2 is busy. Please hold, we are looking for somebody."),
    ("answers",
     "Câu trả lời có sẵn.",
     "Ready answers."),
    ("cannot-text",
     "Máy này không nhận được tin nhắn.",
     "This telephone takes no texts."),
    ("closed",
     "Bây giờ ngoài giờ làm việc của tổng đài.",
     "We are outside our working hours."),
    ("connecting",
     "Xin giữ máy, tổng đài đang nối máy với người nghe. Không muốn chờ, bấm 9 để lại lời nhắn.",
     "Please hold, we are connecting you. If you would rather not wait, press 9 to leave a message."),
    ("connecting",
     "Xin giữ máy, tổng đài đang nối máy với người nghe.",
     "Please hold, we are connecting you."),
    ("danger",
     "Cháy, cứu nạn, gọi 1 1 4. Cấp cứu, gọi 1 1 5. Công an, gọi 1 1 3. Hoặc giữ máy, chúng tôi nối ngay với người nghe.",
     "For fire or rescue call 1 1 4, for an ambulance 1 1 5, for the police 1 1 3. Or hold, we connect you at once."),
    ("goodbye",
     "Cảm ơn, xin chào.",
     "Thank you, goodbye."),
    ("greeting",
     "Tổng đài 1 0 2 2 xin nghe. Cuộc gọi được ghi âm. Cần giúp vì dịch bệnh, bấm 1. Tra cứu phiếu đã gửi, bấm 2. Hỏi thủ tục hành chính, bấm 3. Gặp điện thoại viên, bấm 0. Để lại lời nhắn, bấm 9. For English, press 8.",
     "This is the city's line 1 0 2 2. The call is recorded. For help in the epidemic, press 1. To look up a case, press 2. For administrative procedures, press 3. To speak to a person, press 0. To leave a message, press 9."),
    ("greeting",
     "Tổng đài 1 0 2 2 xin nghe. Cuộc gọi được ghi âm. Cần giúp vì dịch bệnh, bấm 1. Tra cứu phiếu đã gửi, bấm 2. Hỏi thủ tục hành chính, bấm 3. Nghe câu trả lời có sẵn, bấm 4. Gặp điện thoại viên, bấm 0. Để lại lời nhắn, bấm 9. For English, press 8.",
     "This is the city's line 1 0 2 2. The call is recorded. For help in the epidemic, press 1. To look up a case, press 2. For administrative procedures, press 3. For ready answers, press 4. To speak to a person, press 0. To leave a message, press 9."),
    ("greeting",
     "Tổng đài 1 0 2 2 xin nghe. Có người đang nguy hiểm, bấm 5. Cuộc gọi được ghi âm. Cần giúp vì dịch bệnh, bấm 1. Tra cứu phiếu đã gửi, bấm 2. Hỏi thủ tục hành chính, bấm 3. Nghe câu trả lời có sẵn, bấm 4. Gặp điện thoại viên, bấm 0. Để lại lời nhắn, bấm 9. For English, press 8.",
     "This is the city's line 1 0 2 2. If somebody is in danger, press 5. The call is recorded. For help in the epidemic, press 1. To look up a case, press 2. For administrative procedures, press 3. For ready answers, press 4. To speak to a person, press 0. To leave a message, press 9."),
    ("key-code",
     "Hãy bấm 11 số của mã phiếu.",
     "Please key the 11 digits of your case code."),
    ("key-ward",
     "Hãy đánh vần tên phường, xã bằng các phím có chữ, không dấu, rồi bấm phím thăng. Ví dụ Lê Chân: 5, 3, 2, 4, 2, 6, thăng. Quay lại, bấm phím sao.",
     "Please spell the name of the ward on the lettered keys, then press hash. For example Lê Chân: 5, 3, 2, 4, 2, 6, hash. To go back, press star."),
    ("leave-message",
     "Xin để lại lời nhắn sau tiếng bíp, rồi gác máy. Chúng tôi sẽ gọi lại.",
     "Please leave a message after the tone, then hang up. We will call you back."),
    ("no-such-code",
     "Không có phiếu nào mang mã này.",
     "There is no case of this code."),
    ("no-such-ward",
     "Chưa tìm thấy phường, xã ấy.",
     "No such ward was found."),
    ("notice",
     "Hiện có nhiều người gọi, thời gian chờ có thể lâu hơn.",
     "Many people are calling; waits are longer."),
    ("one-moment",
     "Xin chờ một chút, máy của người nghe vừa mất nối.",
     "One moment please, the line was interrupted."),
    ("texted",
     "Đã nhắn đường dẫn đến máy của ông bà.",
     "The link has been texted to you."),
    ("wrong-key",
     "Phím này không có. Xin nghe lại.",
     "There is no such key. Please listen again."),
)  # fmt: skip
KEYS = {"1": "epidemic", "2": "lookup", "3": "procedures", "4": "answers", "5": "danger", "0": "person", "9": "message",
        "8": "english"}  # fmt: skip
CLOSED_KEYS = {"5": "danger", "2": "lookup", "4": "answers", "9": "message", "8": "english-closed"}


def forwards(apps, _editor) -> None:  # type: ignore[no-untyped-def]
    prompts, steps = apps.get_model("voice", "Prompt").objects, apps.get_model("voice", "Step").objects
    takes, queues = apps.get_model("voice", "Take").objects, apps.get_model("voice", "Queue").objects
    for each in prompts.exclude(recording=""):
        takes.create(prompt=each, file=each.recording, words=each.text, made_at=timezone.now(), used_at=timezone.now())
    queues.filter(code="danger").update(urgent=True)
    unchanged = {code for code, vi, en in FORMER if _is_unchanged(prompts, code)}
    greets = steps.filter(code__in=["greeting", "english"], kind="menu", prompt="greeting", keys=KEYS)
    if "greeting" in unchanged and greets.count() == 2:
        greets.filter(code="greeting").update(prompt="language greeting recorded choices")
        greets.filter(code="english").update(prompt="greeting recorded choices")
    else:
        unchanged.discard("greeting")
    closed = steps.filter(code="closed", kind="say", prompt="closed", keys={}, then="message")
    if "closed" in unchanged and closed.exists() and steps.filter(code__in=CLOSED_KEYS.values()).count() == 4:
        closed.update(kind="menu", prompt="language closed", keys=CLOSED_KEYS)
        steps.create(code="english-closed", kind="menu", name="Ngoài giờ, tiếng Anh", prompt="closed", keys=CLOSED_KEYS,
                     then="message")  # fmt: skip
        steps.filter(code="lookup", then="greeting").update(then="hours")
    else:
        unchanged.discard("closed")
    for code in unchanged:
        prompts.filter(code=code).update(usual=models.F("text"))


def _is_unchanged(prompts, code: str) -> bool:  # type: ignore[no-untyped-def]
    """Whether it says in both languages what a house of some edition gave it, by the machine's voice."""
    given = {each for known, *texts in FORMER if known == code for each in texts}
    found = list(prompts.filter(code=code))
    return bool(found) and all(each.text in given and not each.recording for each in found)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("voice", "0008_who_was_cut_off"),
    ]

    operations = [
        migrations.AddField("queue", "urgent", models.BooleanField(default=False)),
        migrations.AddField("prompt", "usual", models.TextField(blank=True, default="")),
        migrations.CreateModel(
            name="Take",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.CharField(help_text="in storage", max_length=120)),
                (
                    "source",
                    models.CharField(
                        blank=True, default="", help_text="SHA-256 of the file that was sent", max_length=64
                    ),
                ),
                ("words", models.TextField(help_text="the prompt's text when it was recorded")),
                ("seconds", models.FloatField(default=0)),
                (
                    "quiet",
                    models.BooleanField(
                        default=False, help_text="was so soft that the room's noise is heard beside it"
                    ),
                ),
                ("clipped", models.BooleanField(default=False, help_text="too loud for the microphone")),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(help_text="when callers last began to hear it", null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "prompt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="takes", to="voice.prompt"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("prompt", "file"), name="voice_one_take")],
            },
        ),
        migrations.AlterField(
            "step",
            "prompt",
            models.CharField(
                blank=True, default="", help_text="codes of what is said, one after the other", max_length=60
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
