"""Who is on duty: the weekly pattern, what goes before it, and when nobody is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tongdai.accounts.duty.roster import Rank, Turn, gaps, pieces, shown, who_is_on_duty
from tongdai.platform.clock import CITY_TZ

KINDS = ("fire", "medical", "")
PLACES = (1, 2, 3)
EVERY_DAY = frozenset(range(7))
MONDAY = datetime(2022, 2, 14, tzinfo=CITY_TZ)
WEEK = (MONDAY, MONDAY + timedelta(days=7))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY_TZ)


def weekly(id: int, name: str, *, rank: int = Rank.ON_DUTY, **more: object) -> Turn:
    return Turn(id=id, rank=rank, name=name, phones=(f"+8491200{id:04}",), **{"weekdays": EVERY_DAY, **more})  # type: ignore[arg-type]


def once(id: int, name: str, since: str, until: str, *, rank: int = Rank.ON_DUTY, **more: object) -> Turn:
    return Turn(id=id, rank=rank, name=name, phones=(f"+8491200{id:04}",), span=(at(since), at(until)), **more)  # type: ignore[arg-type]


def names(moment: str, turns: list[Turn], *, kind: str = "", places: tuple[int, ...] = (), last: str = "") -> list[str]:
    return [
        each.name or each.phones[0]
        for each in who_is_on_duty(at(moment), kind=kind, places=places, turns=turns, last_resort=last)
    ]


def test_a_night_belongs_to_the_day_it_began_on() -> None:
    friday_night = weekly(1, "Hằng", weekdays=frozenset({4}), starts=time(17), ends=time(7, 30))
    assert names("2022-02-18 17:00", [friday_night]) == ["Hằng"]
    assert names("2022-02-19 07:29", [friday_night]) == ["Hằng"]
    assert names("2022-02-19 07:30", [friday_night]) == []
    assert names("2022-02-18 16:59", [friday_night]) == []


def test_a_shift_that_has_ended_is_rung_no_more_but_its_last_night_is_kept() -> None:
    ended = weekly(1, "Hằng", starts=time(17), ends=time(7), last=date(2022, 2, 18))
    assert names("2022-02-19 06:00", [ended]) == ["Hằng"]
    assert names("2022-02-19 18:00", [ended]) == []


def test_who_is_rung_after_whom_and_nobody_twice() -> None:
    turns = [weekly(4, "Hải", rank=Rank.LEADER), weekly(3, "Mai", rank=Rank.SUPERVISOR), weekly(1, "Hằng"),
             weekly(2, "Huy", rank=Rank.NEXT)]  # fmt: skip
    assert names("2022-02-14 10:00", turns) == ["Hằng", "Huy", "Mai", "Hải"]
    same = Turn(id=9, rank=Rank.SUPERVISOR, name="Hằng", phones=turns[2].phones, weekdays=EVERY_DAY)
    assert names("2022-02-14 10:00", [*turns, same]) == ["Hằng", "Huy", "Mai", "Hải"]


def test_a_holiday_goes_before_the_pattern_and_a_swap_before_the_one_it_stands_for() -> None:
    hang, huy = weekly(1, "Hằng"), weekly(2, "Huy", rank=Rank.NEXT)
    tet = once(3, "Bình", "2022-01-31 00:00", "2022-02-05 00:00")
    swap = once(4, "Tuấn", "2022-02-14 17:00", "2022-02-15 07:00", instead_of=1)
    turns = [hang, huy, tet, swap]
    assert names("2022-02-02 10:00", turns) == ["Bình", "Huy"]
    assert names("2022-02-05 00:00", turns) == ["Hằng", "Huy"]
    assert names("2022-02-14 20:00", turns) == ["Tuấn", "Huy"]


def test_who_is_there_for_fires_or_a_ward_is_rung_first_for_those_and_never_for_others() -> None:
    turns = [weekly(1, "Hằng"), weekly(2, "Lính cứu hỏa", kinds=frozenset({"fire"})),
             weekly(3, "Phường", places=frozenset({2}))]  # fmt: skip
    assert names("2022-02-14 10:00", turns, kind="fire") == ["Lính cứu hỏa", "Hằng"]
    assert names("2022-02-14 10:00", turns, kind="medical", places=(2, 30)) == ["Phường", "Hằng"]
    assert names("2022-02-14 10:00", turns) == ["Hằng"]
    assert [turn.name for turn in shown(at("2022-02-14 10:00"), turns=turns)] == ["Phường", "Lính cứu hỏa", "Hằng"]


def test_in_a_gap_the_citys_own_number_is_rung_first() -> None:
    day = weekly(1, "Hằng", starts=time(7), ends=time(17))
    leader = weekly(2, "Hải", rank=Rank.LEADER)
    assert names("2022-02-14 20:00", [day, leader], last="+84912000115") == ["+84912000115", "Hải"]
    assert names("2022-02-14 10:00", [day, leader], last="+84912000115") == ["Hằng", "Hải"]
    assert names("2022-02-14 10:00", [], last="") == []


def test_gaps_are_told_from_when_to_when() -> None:
    night = weekly(1, "Hằng", starts=time(17), ends=time(7))
    day = weekly(2, "Huy", weekdays=frozenset(range(5)), starts=time(7), ends=time(17))
    assert gaps(*WEEK, turns=[night, day]) == [
        (at("2022-02-19 07:00"), at("2022-02-19 17:00")),
        (at("2022-02-20 07:00"), at("2022-02-20 17:00")),
    ]
    assert gaps(*WEEK, turns=[]) == [WEEK]
    assert gaps(*WEEK, turns=[weekly(3, "Chỉ lo cháy", kinds=frozenset({"fire"}))]) == [WEEK]


hours = st.integers(0, 23).map(time)
some = st.frozensets


@st.composite
def turns(draw: st.DrawFn) -> list[Turn]:
    """A roster as people make them: swaps keep the rank of the one they stand for."""
    made: list[Turn] = []
    for id in range(draw(st.integers(0, 7))):
        how: dict[str, object] = {"kinds": draw(some(st.sampled_from(KINDS[:2]), max_size=1)),
                                  "places": draw(some(st.sampled_from(PLACES), max_size=1))}  # fmt: skip
        rank = draw(st.sampled_from(Rank.values))
        if draw(st.booleans()):
            begin = MONDAY + timedelta(hours=draw(st.integers(-30, 190)))
            other = draw(st.sampled_from([None, *made]))
            how |= {"span": (begin, begin + timedelta(hours=draw(st.integers(0, 60))))}
            how |= {"instead_of": other.id if other else None}
            rank = other.rank if other else rank
        else:
            how |= {"weekdays": draw(some(st.integers(0, 6))), "starts": draw(hours), "ends": draw(hours)}
        phone = f"+8491200000{draw(st.integers(0, 9))}"
        made.append(Turn(id=id, rank=rank, name=f"Người {id}", phones=(phone,), **how))  # type: ignore[arg-type]
    return made


moments = st.integers(0, 7 * 24 * 60 - 1).map(lambda n: MONDAY + timedelta(minutes=n))


@given(turns(), moments, st.sampled_from(KINDS), some(st.sampled_from(PLACES)))
def test_where_there_is_no_gap_every_kind_at_every_place_has_somebody(
    roster: list[Turn], moment: datetime, kind: str, places: frozenset[int]
) -> None:
    found = who_is_on_duty(moment, kind=kind, places=places, turns=roster)
    in_a_gap = any(begin <= moment < end for begin, end in gaps(*WEEK, turns=roster))
    assert in_a_gap or any(each.rank == Rank.ON_DUTY for each in found)


@given(turns(), moments, st.sampled_from(KINDS), some(st.sampled_from(PLACES)))
def test_everybody_rung_is_there_in_the_order_of_ranks_and_once(
    roster: list[Turn], moment: datetime, kind: str, places: frozenset[int]
) -> None:
    found = who_is_on_duty(moment, kind=kind, places=places, turns=roster)
    by_id = {turn.id: turn for turn in roster}
    assert [each.rank for each in found] == sorted(each.rank for each in found)
    assert len({each.phones for each in found}) == len(found)
    assert all(by_id[each.shift or 0].holds(moment) and by_id[each.shift or 0].covers(kind, places) for each in found)


@given(turns())
def test_nothing_changes_within_a_piece(roster: list[Turn]) -> None:
    for begin, end in pieces(*WEEK, turns=roster):
        last = end - timedelta(minutes=1)
        assert who_is_on_duty(begin, turns=roster) == who_is_on_duty(max(begin, last), turns=roster)


@given(turns())
def test_gaps_and_duty_fill_the_week(roster: list[Turn]) -> None:
    found = gaps(*WEEK, turns=roster)
    assert found == sorted(found) and all(begin < end for begin, end in found)
    assert all(before[1] < after[0] for before, after in zip(found, found[1:], strict=False))
    for begin, _end in found:
        assert not any(each.rank == Rank.ON_DUTY for each in who_is_on_duty(begin, turns=roster))
