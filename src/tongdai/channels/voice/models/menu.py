"""The menu's own rows: what is said, by whom, and the steps a caller can stand at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User


class Prompt(models.Model):
    """What the machine says: a text, spoken by the engine, or the city's own recording of it.

    One whose `text` is still the `usual` text that the house gave it gets a new usual text with an upgrade.
    """

    code = models.SlugField(max_length=60)
    language = models.CharField(max_length=5, default="vi")
    text = models.TextField()
    usual = models.TextField(blank=True, default="")
    recording = models.CharField(max_length=120, blank=True, default="", help_text="in storage; empty: spoken")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "language"], name="voice_one_prompt")]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"


class Take(models.Model):
    """One recording of a prompt (bản thu): heard before it is used, and kept to go back to."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="takes")
    file = models.CharField(max_length=120, help_text="in storage")
    source = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 of the file that was sent")
    words = models.TextField(help_text="the prompt's text when it was recorded")
    seconds = models.FloatField(default=0)
    quiet = models.BooleanField(default=False, help_text="was so soft that the room's noise is heard beside it")
    clipped = models.BooleanField(default=False, help_text="too loud for the microphone")
    made_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True, help_text="when callers last began to hear it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "file"], name="voice_one_take")]

    def __str__(self) -> str:
        return self.file


class Step(models.Model):
    """A place in the menu a caller can stand at. `keys`: key → code of the next step; `then`: where one goes after it.

    One that is not `active` is passed over to `then`: an announcement that is switched off.
    """

    class Kind(models.TextChoices):
        MENU = "menu", _("nghe rồi bấm phím")
        SAY = "say", _("nghe")
        QUEUE = "queue", _("chờ gặp người")
        LOOKUP = "lookup", _("tra mã phiếu")
        ANSWERS = "answers", _("nghe câu trả lời có sẵn")
        MESSAGE = "message", _("để lại lời nhắn")
        KEEP = "keep", _("giữ chỗ, được gọi lại")
        HOURS = "hours", _("theo giờ làm việc")
        OUTSIDE = "outside", _("chuyển số ngoài")

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=80, help_text="as the desk shows it")
    prompt = models.CharField(
        max_length=60, blank=True, default="", help_text="codes of what is said, one after the other"
    )
    keys = models.JSONField(default=dict, blank=True)
    then = models.CharField(max_length=40, blank=True, default="")
    queue = models.ForeignKey("voice.Queue", models.PROTECT, null=True, blank=True, related_name="steps")
    number = models.CharField(max_length=20, blank=True, default="", help_text="of a step that leads outside: 115")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code
