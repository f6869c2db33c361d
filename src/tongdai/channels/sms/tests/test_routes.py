"""Which carrier has which numbers, and who takes them while it is away."""

from __future__ import annotations

import pytest

from tongdai.channels.sms.outbound import queue
from tongdai.channels.sms.outbound.routes import Board
from tongdai.channels.sms.protocol.address import Smsc, read_binds
from tongdai.people.interactions import queue_outbound
from tongdai.people.models import Channel
from tongdai.people.purposes import Purpose

from .network import Network

VIETTEL, VINA, OTHER = "+84961111111", "+84911111111", "+84701111111"


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


class Exchange:
    """Binds, which of them are up, and what each would send."""

    def __init__(self, network: Network, addresses: str) -> None:
        self.network, self.clock = network, Clock()
        self.binds = {bind.key: bind for bind in read_binds(addresses).usable}
        self.board = Board(list(self.binds.values()), clock=self.clock)
        for bind in self.binds.values():
            self.board.up(bind)

    def queue(self, *numbers: str, purpose: Purpose = Purpose.RECEIPT) -> None:
        for number in numbers:
            key = f"r:{number}:{purpose}:{self.clock.at}"
            queue_outbound(
                channel=Channel.SMS, address=number, body="Xong", key=key, purpose=purpose, at=self.network.at
            )

    def sends(self, key: str) -> set[str]:
        """The numbers that this bind would send to now; nothing is sent."""
        bind: Smsc = self.binds[key]
        ready = queue.claim(link=self.network.link, most=50, at=self.network.at, numbers=self.board.numbers_of(bind))
        queue.put_back([each.submission_id for each in ready], at=self.network.at)
        return {each.address for each in ready}


@pytest.fixture
def two(network: Network) -> Exchange:
    exchange = Exchange(
        network, "smpp://a:a@h1?name=viettel&routes=096,097,098&failover=30 smpp://a:a@h2?name=rest&failover=30"
    )
    exchange.queue(VIETTEL, VINA, OTHER)
    return exchange


def test_a_single_bind_has_every_number_and_costs_no_filter(network: Network) -> None:
    exchange = Exchange(network, "smpp://a:a@h")
    assert exchange.board.numbers_of(exchange.binds["h:2775"]) is None


def test_numbers_go_by_their_beginning_and_the_rest_to_who_names_none(two: Exchange) -> None:
    assert two.sends("viettel") == {VIETTEL}
    assert two.sends("rest") == {VINA, OTHER}


def test_the_longest_beginning_wins(network: Network) -> None:
    exchange = Exchange(network, "smpp://a:a@h1?name=wide&routes=09 smpp://a:a@h2?name=narrow&routes=096")
    exchange.queue(VIETTEL, VINA)
    assert exchange.sends("wide") == {VINA} and exchange.sends("narrow") == {VIETTEL}


def test_a_carrier_that_is_away_is_stood_in_for_after_a_while_and_has_its_numbers_back(two: Exchange) -> None:
    two.board.away(two.binds["viettel"])
    two.clock.at += 10
    two.board.away(two.binds["viettel"])  # said again at each try in vain
    assert two.sends("rest") == {VINA, OTHER} and two.sends("viettel") == set()
    two.clock.at += 25
    assert two.sends("rest") == {VIETTEL, VINA, OTHER}
    two.board.up(two.binds["viettel"])
    assert two.sends("rest") == {VINA, OTHER} and two.sends("viettel") == {VIETTEL}


def test_danger_does_not_wait_for_a_carrier_to_come_back(two: Exchange) -> None:
    two.clock.at += 1
    two.queue("+84962222222", purpose=Purpose.DANGER)
    two.board.away(two.binds["viettel"])
    assert two.sends("rest") == {VINA, OTHER, "+84962222222"}


def test_who_names_other_numbers_never_stands_in_for_the_rest(two: Exchange) -> None:
    two.board.away(two.binds["rest"])
    two.clock.at += 3600
    assert two.sends("viettel") == {VIETTEL}


def test_carriers_that_name_the_same_stand_in_their_order(network: Network) -> None:
    exchange = Exchange(network, "smpp://a:a@h1?name=first smpp://a:a@h2?name=second")
    exchange.queue(VIETTEL)
    assert exchange.sends("second") == set() and exchange.sends("first") == {VIETTEL}
    exchange.board.away(exchange.binds["first"])
    exchange.clock.at += 31
    assert exchange.sends("second") == {VIETTEL}


def test_while_one_of_a_carriers_binds_is_up_nobody_stands_in(network: Network) -> None:
    exchange = Exchange(network, "smpp://a:a@h1?name=a smpp://a:a@h2?name=a smpp://a:a@h3?name=b")
    exchange.queue(VIETTEL)
    exchange.board.away(exchange.binds["a"])
    exchange.clock.at += 3600
    assert exchange.sends("b") == set() and exchange.sends("a #2") == {VIETTEL}


def test_the_receiving_one_of_a_pair_is_sent_nothing(network: Network) -> None:
    exchange = Exchange(network, "smpp://a:a@h1?name=a&bind=rx smpp://a:a@h1?name=a&bind=tx")
    exchange.queue(VIETTEL)
    exchange.board.away(exchange.binds["a tx"])
    exchange.clock.at += 3600
    assert exchange.sends("a tx") == set()


def test_a_number_that_no_carrier_names_goes_by_the_first(network: Network) -> None:
    exchange = Exchange(network, "smpp://a:a@h1?name=a&routes=096 smpp://a:a@h2?name=b&routes=091")
    exchange.queue(OTHER)
    assert exchange.sends("a") == {OTHER} and exchange.sends("b") == set()


def test_one_that_is_bound_and_answers_nothing_is_as_good_as_away(two: Exchange) -> None:
    two.queue(VIETTEL, purpose=Purpose.DANGER)
    two.board.silent(two.binds["viettel"])
    assert two.sends("viettel") == set()
    danger = two.sends("rest")
    assert VIETTEL in danger  # at once; what isn't urgent after its `failover`
    ordinary = two.board.numbers_of(two.binds["viettel"], trying=True)
    ready = queue.claim(link=two.network.link, most=50, at=two.network.at, numbers=ordinary)
    assert {(each.address, each.urgent) for each in ready} == {(VIETTEL, False)}  # it tries with no cry for help
    queue.put_back([each.submission_id for each in ready], at=two.network.at)
    two.board.answered(two.binds["viettel"])
    assert two.sends("viettel") == {VIETTEL}


def test_where_nobody_answers_what_is_urgent_stays_with_who_is_bound(two: Exchange) -> None:
    two.queue(VIETTEL, purpose=Purpose.DANGER)
    two.board.silent(two.binds["viettel"])
    two.board.silent(two.binds["rest"])
    assert two.sends("viettel") == {VIETTEL}
    two.board.away(two.binds["viettel"])
    assert VIETTEL in two.sends("rest")
    two.board.up(two.binds["viettel"])  # a new connection is silent no more
    assert two.sends("viettel") == {VIETTEL}
