"""What the gateway's page and `doctor` say of the channel, and what a person does with a text kept aside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db.models import F
from django.db.models.functions import Now

from tests.city import City
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.channels.sms import status
from tongdai.channels.sms.inbound import dead_letters
from tongdai.channels.sms.inbound.pdus import read
from tongdai.channels.sms.models import Link, Part
from tongdai.channels.sms.protocol.address import BadAddress, read_smsc
from tongdai.channels.sms.protocol.wire import Unreadable
from tongdai.channels.sms.status import Standing

from .network import LAN, Network


def test_without_an_smsc_the_page_says_so(network: Network, settings: LazySettings) -> None:
    settings.SMSC = ""
    gateway = status.gateway(at=network.at)
    assert gateway.standing is Standing.NOT_CONFIGURED and "TONGDAI_SMSC" in gateway.words


def test_an_address_that_cannot_be_read_is_said_without_its_password(network: Network, settings: LazySettings) -> None:
    settings.SMSC = "http://city:secret@host:99999"
    gateway = status.gateway(at=network.at)
    assert gateway.standing is Standing.BAD_ADDRESS and "secret" not in gateway.words


def test_a_line_is_up_while_its_process_gives_signs_of_life(network: Network, settings: LazySettings) -> None:
    settings.SMSC = "smpp://city:secret@127.0.0.1:2775"
    Link.objects.update(bound_at=network.at, last_seen_at=network.at)
    assert status.gateway(at=network.at).standing is Standing.DOWN

    Link.objects.update(last_seen_at=Now())
    gateway = status.gateway(at=network.at)
    assert (gateway.standing, gateway.smsc) == (Standing.BOUND, "127.0.0.1:2775")

    Link.objects.update(last_seen_at=F("last_seen_at") - timedelta(minutes=1))
    assert status.gateway(at=network.at).standing is Standing.DOWN


def test_a_line_that_broke_says_why(network: Network, settings: LazySettings) -> None:
    settings.SMSC = "smpp://city:secret@127.0.0.1:2775"
    Link.objects.update(ended_at=network.at, why="Invalid Password")
    assert "Invalid Password" in status.gateway(at=network.at).words


def test_the_figures_are_counted(network: Network, settings: LazySettings) -> None:
    network.texts(LAN, "alo")
    network.texts(LAN, "Mất điện")
    figures = status.gateway(at=network.at).figures
    assert (figures.received, figures.waiting_to_go, figures.dead_letters) == (2, 1, 0)


def test_a_text_kept_aside_is_shown_masked_and_becomes_a_case_by_hand(network: Network, city: City) -> None:
    network.texts(LAN, "Mất nước")
    Part.objects.update(state=Part.State.DEAD_LETTER, trouble="DataError")
    Case.objects.all()
    (shown,) = status.dead_letters()
    assert (
        shown.text == "Mất nước"
        and "345" not in shown.sender.replace("\u00a0", "")
        and shown.octets.startswith("00 4d")
    )

    made = dead_letters.make_case(shown.id, text="Mất nước, ngõ 5", by=Actor.staff(city.coordinator), at=network.at)
    assert Case.objects.get(pk=made.case_id).contact.phone == f"+{LAN}"
    assert status.dead_letters() == []
    with pytest.raises(Part.DoesNotExist):
        dead_letters.put_away(shown.id)


def test_a_text_of_no_use_is_put_away_and_stays_on_record(network: Network) -> None:
    network.brings(read(Unreadable("deliver_sm", 9, b"\x00\x00\x00\x15junk!")))
    dead_letters.put_away(status.dead_letters()[0].id)
    assert status.dead_letters() == [] and Part.objects.count() == 1


@pytest.mark.parametrize(
    "url", ["smpp://", "http://a:b@host", "smpp://a:b@host:abc", "smpp://a:b@host?window=x", "smpp://a:b@host:70000"]
)
def test_a_wrong_address_is_told(url: str) -> None:
    with pytest.raises(BadAddress):
        read_smsc(url)


def test_an_address_says_everything() -> None:
    smsc = read_smsc("smpps://1022%40hp:p%3Aw@smsc.example.vn?window=10&system_type=VMA&enquire=30&receipts=0")
    assert smsc is not None
    assert (smsc.system_id, smsc.password, smsc.port, smsc.tls) == ("1022@hp", "p:w", 2775, True)
    assert (smsc.window, smsc.system_type, smsc.enquire, smsc.receipts) == (10, "VMA", 30.0, False)
    assert "p:w" not in smsc.name
    assert read_smsc("  ") is None
