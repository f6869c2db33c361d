"""A carrier may spread the parts of a text over its binds, and both may bring theirs in the same moment."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from tests.city import forget_snapshots
from tongdai.cases.models import Case
from tongdai.channels.sms.inbound import intake

from .network import LAN, Network, in_parts

TEXT = "Cây đổ chắn ngang đường Trần Phú rồi"


def somebody_waits_for_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_text_that_becomes_whole_while_its_last_part_waits_its_turn_is_understood_all_the_same() -> None:
    forget_snapshots()
    first, second = in_parts(LAN, TEXT, "udh8", size=44)
    one, other = Network(), Network()

    def bring() -> None:
        other.brings(second)
        connection.close()

    waiting = threading.Thread(target=bring)
    with transaction.atomic():
        intake.one_at_a_time()
        waiting.start()  # it understands what it has, one part, and comes to the lock
        deadline = time.monotonic() + 20
        while not somebody_waits_for_the_lock():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        one.brings(first)
    waiting.join(timeout=20)

    assert Case.objects.get().text == TEXT
