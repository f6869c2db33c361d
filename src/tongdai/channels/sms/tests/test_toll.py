"""What leaves in an hour is bounded, block by block and for the whole city; a life never waits for it."""

from __future__ import annotations

import pytest

from tongdai.channels.sms.outbound import queue
from tongdai.directory import outbound
from tongdai.directory.models import Outbound
from tongdai.people import held_back
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose
from tongdai.platform.clock import now

from .network import Network

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def two_a_block(network: Network) -> None:
    outbound.decide(kinds=[Outbound.Kind.MOBILE], texts_a_block=2)


def queued(network: Network, number: int, purpose: Purpose = Purpose.RECEIPT) -> Interaction:
    address, key = f"+8491234{number:04d}", f"t:{number}"
    made = queue_outbound(
        channel=Channel.SMS, address=address, body="Đã nhận.", key=key, purpose=purpose, at=network.at
    )
    assert made
    return made


def leaves(network: Network) -> list[str]:
    """Last digits of those that go to the SMSC now."""
    return [ready.address[-4:] for ready in queue.claim(link=network.link, most=50, at=network.at)]


def states() -> list[str]:
    return list(Interaction.objects.filter(direction="out").order_by("pk").values_list("state", flat=True))


def test_a_third_text_to_a_block_is_held_back_on_record_and_goes_when_a_person_says_so(network: Network, city) -> None:
    for number in range(3):
        queued(network, number)
    assert leaves(network) == ["0000", "0001"]
    assert states() == ["sending", "sending", "held"] and leaves(network) == []
    held_back.send([each.pk for each in held_back.held_back()], by=city.admin, at=now())
    assert leaves(network) == ["0002"]


@pytest.mark.parametrize("purpose", [Purpose.DANGER, Purpose.DUTY])
def test_a_text_for_a_life_goes_whatever_went_before(network: Network, purpose: Purpose) -> None:
    for number in range(3):
        queued(network, number)
    queued(network, 3, purpose)
    assert leaves(network) == ["0003", "0000"]  # it is counted, and takes the place of a receipt
    queued(network, 4, purpose)
    assert leaves(network) == ["0004"]


def test_a_text_that_is_tried_again_is_counted_once(network: Network) -> None:
    queued(network, 0)
    for _ in range(5):
        [ready] = queue.claim(link=network.link, most=50, at=network.at)
        queue.put_back([ready.submission_id], at=network.at)
    queued(network, 1)
    assert leaves(network) == ["0000", "0001"]
