"""The channels: carriers, texts that nobody could read, the one-stop system."""

from __future__ import annotations

from django.db.models.functions import Now
from django.http import HttpResponse
from django.urls import reverse

from tests.screens.families.portal_answers import one_stop_there
from tests.screens.states import There, state
from tests.screens.world import UNBROKEN
from tongdai.channels.sms.models import Backlog, HeldBack, Link, Part
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

TWO = """smpp://1022:a#b@127.0.0.1?name=viettel&routes=096,097,098,086&tps=30&receipt_ids=hex
         smpp://1022:a#b@127.0.0.1:2776?name=vinaphone-mien-bac-du-phong"""


@state("desk:gateway", "nothing connected", empty=True)
def gateway(there: There) -> str:
    there.sign_in("coordinator")
    return reverse("desk:gateway")


@state("desk:gateway", "full of trouble")
def trouble(there: There) -> str:
    _troubled(there)
    there.sign_in("coordinator")
    return reverse("desk:gateway")


@state("desk:gateway", "a text without words", status=422)
def wrong(there: There) -> HttpResponse:
    part = _troubled(there)
    client = there.sign_in("coordinator")
    return client.post(reverse("desk:gateway_settle", args=[part.pk]), {"text": ""})


@state("desk:one_stop", "empty")
def one_stop(there: There) -> str:
    there.sign_in("administrator")
    return reverse("desk:one_stop")


@state("desk:one_stop", "connected")
def connected(there: There) -> str:
    one_stop_there(there)
    there.sign_in("administrator")
    return reverse("desk:one_stop")


@state("desk:one_stop", "in error", status=422)
def one_stop_wrong(there: There) -> HttpResponse:
    client = there.sign_in("administrator")
    return client.post(reverse("desk:one_stop"), {"url": "http://[::1/{code}", "pattern": "(", "states": "x"})


def _troubled(there: There) -> Part:
    there.set(SMSC=TWO)
    link = Link.objects.create(smsc="127.0.0.1:2775", bind="viettel", carrier="viettel", started_at=now(),
                               bound_at=now(), last_seen_at=Now(), slowed_to=7.5)  # fmt: skip
    Link.objects.create(smsc="127.0.0.1:2776", bind="vinaphone-mien-bac-du-phong", carrier="vinaphone-mien-bac-du-phong",
                        started_at=now(), ended_at=now(), last_seen_at=Now(), why="0x0e Invalid Password " * 4)  # fmt: skip
    text = queue_outbound(channel=Channel.SMS, address="+84912345678", body="Lời riêng", key="screens:1",
                          purpose=Purpose.RECEIPT, at=now())  # fmt: skip
    assert text
    Backlog.objects.create(up_to=text.pk, texts=270, asked_at=now())
    HeldBack.objects.create(
        interaction=text, state="given_up", tries=5, why="0x0b Invalid Dest Addr " * 3, carrier="vina"
    )
    for number in range(7):
        Part.objects.create(
            key=f"receipt:{number}", link=link, turn=0, sender="+84912345678", destination="1022", data_coding=0,
            octets=f"id:{number} stat:DELIVRD".encode(), state="kept", trouble="receipt", received_at=now(),
        )  # fmt: skip
    return Part.objects.create(
        key="kept:1", link=link, turn=0, sender="+84912345679", destination="1022", data_coding=3,
        octets=UNBROKEN.encode()[:140], state="kept", trouble="coding", received_at=now(),
    )  # fmt: skip
