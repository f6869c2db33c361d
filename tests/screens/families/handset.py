"""The handset of the trial: a citizen's telephone on the screen, in a demo alone."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from tests.screens.states import There, state
from tests.screens.world import LONG_TEXT
from tongdai.peers.handset import views


class _Control:
    """Where texts came and went."""

    def progress(self) -> list[dict[str, str]]:
        return [{"at": "2022-02-16T04:50:00Z", "from": "84912345678", "words": LONG_TEXT}]

    def received_by(self, number: str) -> list[dict[str, str]]:
        return [
            {
                "at": "2022-02-16T04:51:00Z",
                "text": "Da nhan phieu 7304 1859 261. Han tra loi: 17 gio thu Sau, 18.2.2022.",
            }
        ]


@state("handset:handset", "a thread")
def thread(there: There) -> str:
    there.patch.setattr(views, "_control", _Control)
    return reverse("handset:handset")


@state("handset:handset", "in error", status=422)
def wrong(there: There) -> HttpResponse:
    there.patch.setattr(views, "_control", _Control)
    return there.client.post(reverse("handset:handset"), {"so": "12", "text": ""})
