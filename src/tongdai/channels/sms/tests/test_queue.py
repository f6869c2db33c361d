"""What waits goes out once, its fate is written down, and a crash in between is owned up to."""

from __future__ import annotations

import itertools

import pytest
from django.conf import LazySettings
from django.db import connection

from tongdai.channels.sms.models import Receipt, Submission
from tongdai.channels.sms.outbound import queue
from tongdai.channels.sms.outbound.queue import Ready
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel, Interaction
from tongdai.people.purposes import Purpose

from .network import LAN, Network, receipt

LONG = "Phiếu của bà đã được chuyển đến UBND phường Hồng Bàng. Hạn trả lời: 17 giờ thứ Sáu, 4.3.2022. " * 2
keys = itertools.count()


def queued(network: Network, words: str = "Đã dọn xong.", purpose: Purpose = Purpose.RECEIPT) -> Interaction:
    made = queue_outbound(
        channel=Channel.SMS, address=f"+{LAN}", body=words, key=f"t:{next(keys)}", purpose=purpose, at=network.at
    )
    assert made
    return made


def many_receipts(network: Network, count: int = 5000) -> None:
    """As many more of a queued receipt, as a storm leaves them."""
    first = queued(network)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO people_interaction (channel, direction, state, address, our_address, body, key, digest, wire_id,"
            " parts, detail, purpose, priority, happened_at) SELECT channel, direction, state, address, our_address, body,"
            " key || ':' || n, digest, wire_id, parts, detail, purpose, priority, happened_at"
            " FROM people_interaction, generate_series(2, %s) AS n WHERE id = %s",
            [count, first.pk],
        )


def claim(network: Network, most: int = 50) -> list[Ready]:
    return queue.claim(link=network.link, most=most, at=network.at)


def state(interaction: Interaction) -> str:
    interaction.refresh_from_db()
    return interaction.state


def accept(network: Network, ready: list[Ready], first: int = 1) -> None:
    names = {each.submission_id: f"{number:010d}" for number, each in enumerate(ready, first)}
    queue.accepted(names, link=network.link, at=network.at)


def test_a_text_is_claimed_once_and_is_sending_before_it_leaves(network: Network) -> None:
    text = queued(network)
    (ready,) = claim(network)
    assert ready.address == f"+{LAN}" and state(text) == "sending"
    assert claim(network) == []


def test_a_long_text_is_sent_when_all_its_parts_are_taken_and_delivered_when_all_have_arrived(network: Network) -> None:
    text = queued(network, LONG)
    ready = claim(network)
    assert len(ready) == 3
    accept(network, ready[:2])
    assert state(text) == "sending"
    accept(network, ready[2:], first=3)
    assert state(text) == "sent" and (text.parts, text.wire_id) == (3, "1")
    network.brings(receipt("1"), receipt("0000000002"))
    assert state(text) == "sent"
    network.brings(receipt("3"))
    assert state(text) == "delivered"


def test_a_receipt_that_comes_before_the_answer_is_not_lost(network: Network) -> None:
    text = queued(network)
    ready = claim(network)
    network.brings(receipt("77"))
    accept(network, ready, first=77)
    assert state(text) == "delivered"
    assert Receipt.objects.get().submission == Submission.objects.get()


def test_one_part_that_never_arrives_fails_the_text(network: Network) -> None:
    text = queued(network, LONG)
    accept(network, claim(network))
    network.brings(receipt("1"), receipt("2", "UNDELIV", err="034"), receipt("3", "ENROUTE"))
    assert state(text) == "failed"
    assert Submission.objects.get(number=2).error == "UNDELIV 034"


def test_a_busy_smsc_gets_it_again_and_nothing_is_counted_unknown(network: Network) -> None:
    text = queued(network)
    (ready,) = claim(network)
    queue.put_back([ready.submission_id], at=network.at)
    assert state(text) == "queued" and Submission.objects.count() == 0
    assert len(claim(network)) == 1


def test_what_a_crash_left_sending_is_counted_unknown_and_sent_again(network: Network) -> None:
    text = queued(network, LONG)
    accept(network, claim(network)[:1])
    assert queue.lost(at=network.at) == 1
    assert state(text) == "queued"
    again = claim(network)
    assert len(again) == 2  # the part that was taken is not sent twice
    accept(network, again, first=2)
    assert state(text) == "sent"
    assert Submission.objects.filter(state="unknown").count() == 2


def test_after_three_tries_nobody_saw_an_answer_to_a_text_stays_unknown(network: Network) -> None:
    text = queued(network)
    for _ in range(3):
        assert len(claim(network)) == 1
        queue.lost(at=network.at)
    assert state(text) == "unknown"
    assert claim(network) == []


def test_what_cannot_be_sent_fails_and_holds_up_nobody(network: Network) -> None:
    endless, empty, good = queued(network, "ữ" * 20_000), queued(network, ""), queued(network)
    assert [each.interaction_id for each in claim(network)] == [good.pk]
    assert state(endless) == state(empty) == "failed"


@pytest.mark.parametrize(("chosen", "coding"), [("unicode", 8), ("gsm", 0)])
def test_the_city_chooses_whether_marks_are_worth_their_price(
    network: Network, settings: LazySettings, chosen: str, coding: int
) -> None:
    settings.SMS_ALPHABET = chosen
    queued(network)
    assert claim(network)[0].data_coding == coding


# ── what goes before what ────────────────────────────────────────────────────────────────────────────────────────────


def test_danger_goes_in_the_very_next_window_though_five_thousand_receipts_wait(network: Network) -> None:
    many_receipts(network)
    assert len(claim(network)) == 50
    broadcast, danger, answer, code = (
        queued(network, purpose=each) for each in (Purpose.BROADCAST, Purpose.DANGER, Purpose.ANSWER, Purpose.CODE)
    )
    went = [each.interaction_id for each in claim(network)]
    assert went[:3] == [danger.pk, code.pk, answer.pk] and len(went) == 50
    assert state(broadcast) == "queued"


def test_what_is_put_back_or_lost_sight_of_keeps_its_place(network: Network) -> None:
    danger, oldest, later = queued(network, purpose=Purpose.DANGER), queued(network), queued(network)
    for _ in range(2):
        went = claim(network)
        assert [each.interaction_id for each in went] == [danger.pk, oldest.pk, later.pk]
        queue.put_back([each.submission_id for each in went], at=network.at)
    claim(network)
    queue.lost(at=network.at)
    assert [each.interaction_id for each in claim(network, most=2)] == [danger.pk, oldest.pk]


def test_a_window_is_counted_in_pieces_and_a_long_text_keeps_its_place_with_those_that_have_not_gone(
    network: Network,
) -> None:
    long, short = queued(network, LONG, purpose=Purpose.DANGER), queued(network)
    first = claim(network, most=2)
    assert [each.interaction_id for each in first] == [long.pk] * 2
    assert state(long) == state(short) == "queued"
    assert [each.interaction_id for each in claim(network, most=2)] == [long.pk, short.pk]
    assert state(long) == state(short) == "sending"
    assert Submission.objects.filter(interaction=long).count() == 3


def test_a_text_longer_than_the_window_never_has_more_unanswered_than_the_window(network: Network) -> None:
    endless = queued(network, "Phiếu của bà đã được chuyển đến UBND phường. " * 200)
    assert len(claim(network, most=20)) == 20
    assert state(endless) == "queued"


def test_a_part_put_back_takes_none_of_its_neighbours_with_it(network: Network) -> None:
    text = queued(network, LONG)
    first, second, third = claim(network)
    queue.put_back([second.submission_id], at=network.at)
    (again,) = claim(network)
    assert again.user_data == second.user_data
    accept(network, [first, again, third])
    assert state(text) == "sent" and Submission.objects.count() == 3


def test_an_answer_that_comes_after_it_was_given_up_on_still_counts(network: Network) -> None:
    text = queued(network, LONG)
    ready = claim(network)
    queue.lost(at=network.at, submission_ids=[each.submission_id for each in ready])
    accept(network, ready)
    assert state(text) == "sent" and claim(network) == []


def test_the_next_window_is_read_off_an_index_however_much_was_sent(network: Network) -> None:
    many_receipts(network, 20_000)
    Interaction.objects.update(state="delivered")
    many_receipts(network, 500)
    waiting = Interaction.objects.filter(channel=Channel.SMS, direction="out", state="queued").order_by(
        "-priority", "pk"
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_interaction")
    plan = waiting[:50].explain()
    assert "people_outbox" in plan and "Sort" not in plan
