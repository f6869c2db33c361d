"""The ways to hand a procedure's papers in: what all of them have in common stands once."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongdai.knowledge.answers import short_answers
from tongdai.knowledge.models import Procedure


@dataclass(frozen=True)
class Terms:
    """Of one way, or of all of them: empty is what doesn't stand here."""

    way: str = ""
    time_limit: str = ""
    fee: str = ""
    note: str = ""


@dataclass(frozen=True)
class Ways:
    each: list[Terms]
    of_all: Terms


def ways(procedure: Procedure) -> Ways:
    """Each way with what it says alone; `of_all` holds what two and more ways say alike."""
    checking = _("đang kiểm tra")
    no_time, no_fee = procedure.unsure("time"), procedure.unsure("fee")
    terms = [
        Terms(
            way=short_answers.way(each["way"]),
            time_limit=each.get("time_limit") or (checking if no_time else ""),
            fee=checking if no_fee else each.get("fee") or "",
            note=each.get("note") or "",
        )
        for each in procedure.ways
    ]
    time_limit, fee, note = (_alike([getattr(each, name) for each in terms]) for name in ("time_limit", "fee", "note"))
    nothing = {name: "–" if any(getattr(each, name) for each in terms) else "" for name in ("time_limit", "fee")}
    alone = [
        Terms(
            way=each.way,
            time_limit="" if time_limit else each.time_limit or nothing["time_limit"],
            fee="" if fee else each.fee or nothing["fee"],
            note="" if note else each.note,
        )
        for each in terms
    ]
    if not any(each.time_limit or each.fee or each.note for each in alone):
        alone = list(dict.fromkeys(alone))
    return Ways(alone, Terms(time_limit=time_limit, fee=fee, note=note))


def _alike(values: list[str]) -> str:
    return values[0] if len(values) > 1 and len(set(values)) == 1 else ""
