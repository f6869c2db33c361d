"""What callers hear: the menu, its texts and recordings, the queues."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from tests.screens.states import There, state
from tests.screens.world import LONG_AGENCY, LONG_NAME
from tongdai.channels.voice.models import Queue, Take
from tongdai.channels.voice.speech import prompt_recordings
from tongdai.platform.clock import now


@state("desk:menu", "usual")
def menu(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:menu")


@state("desk:queues", "usual")
def queues(there: There) -> str:
    Queue.objects.create(code="long", name=f"Hàng chờ {LONG_AGENCY}"[:80], rank=8)
    there.sign_in("supervisor")
    return reverse("desk:queues")


@state("desk:queues", "a rule that can't be", status=422)
def queues_wrong(there: There) -> HttpResponse:
    client = there.sign_in("supervisor")
    queue = Queue.objects.order_by("pk")[0]
    return client.post(reverse("desk:queue_rule_add", args=[queue.pk]), {"waiting": "x", "seconds": "x"})


@state("desk:menu_sheet", "all", printed=True)
def sheet(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:menu_sheet")


@state("desk:menu_many", "empty")
def many(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:menu_many")


@state("desk:menu_many", "no archive", status=422)
def many_wrong(there: There) -> HttpResponse:
    client = there.sign_in("supervisor")
    return client.post(reverse("desk:menu_many"), {"archive": SimpleUploadedFile("x.zip", b"x")})


@state("desk:menu_text", "said by the machine")
def text(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:menu_text", args=["goodbye", "vi"])


@state("desk:menu_text", "a figure")
def text_figure(there: There) -> str:
    there.sign_in("supervisor")
    return reverse("desk:menu_text", args=["number-21", "vi"])


@state("desk:menu_text", "with recordings")
def text_recorded(there: There) -> str:
    prompt = prompt_recordings.prompt_of("goodbye", "vi")
    by = there.city.staff("call_taker", LONG_NAME)
    for number in range(3):
        Take.objects.create(
            prompt=prompt, file=f"t/take-{number}.wav", seconds=9, by=by, made_at=now(), words=prompt.text
        )
    there.sign_in("supervisor")
    return reverse("desk:menu_text", args=["goodbye", "vi"])


@state("desk:menu_text", "too long", status=422)
def text_wrong(there: There) -> HttpResponse:
    client = there.sign_in("supervisor")
    return client.post(reverse("desk:menu_text", args=["goodbye", "vi"]), {"text": "x" * 601})
