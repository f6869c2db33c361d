"""The same procedure at several levels is one answer: the lowest is shown, and names the others.

The portal lists *Cấp hộ chiếu phổ thông (thực hiện tại cấp tỉnh)* beside the same *(… cấp trung ương)*; a citizen means
the nearest counter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tongdai.language.text import fold

from ...answers.plain_text import official_of
from ...models import Procedure, lowest_level

_WHERE = re.compile(
    r"\(?\s*(?:(?:duoc )?(?:thuc hien )?(?:tai|o|thuoc tham quyen (?:cua )?(?:giai quyet cua )?)\s*)?"
    r"(?:cong an |chu tich |uy ban nhan dan |ubnd |bao hiem xa hoi |phong quan ly xuat nhap canh cong an |"
    r"cuc quan ly xuat nhap canh,? bo cong an|cac )*"
    r"(?:cap (?:trung uong|bo|tinh|tinh,? thanh pho|huyen|xa|tinh,? cap xa))\s*\)?"
)


def same_name(name: str) -> str:
    """What a name says without where it is settled: twins have the same."""
    plain = re.sub(r"[^a-z0-9]+", " ", _WHERE.sub(" ", fold(name)))
    return " ".join(plain.split())


def pair_up(procedures: Iterable[Procedure]) -> list[Procedure]:
    """Set `twin_of` anew on procedures of the same official name and field; those that changed, unsaved."""
    families: dict[tuple[str, str], list[Procedure]] = defaultdict(list)
    for each in procedures:
        families[same_name(_official_name(each)), fold(each.field)].append(each)
    changed = []
    for family in families.values():
        first = min(family, key=lambda each: (lowest_level(each.levels), len(_official_name(each)), each.code))
        for each in family:
            twin = None if each is first or lowest_level(each.levels) == lowest_level(first.levels) else first.pk
            if each.twin_of_id != twin:
                each.twin_of_id = twin
                changed.append(each)
    return changed


def _official_name(each: Procedure) -> str:
    """Plain names differ where the official ones are the same."""
    return str(official_of(each, "name") or each.name)
