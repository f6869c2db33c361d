"""The parts of a short answer that are told by the words of sentences, in English: conditions, deadline, form, online, result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import copy

from django.utils.translation import gettext as _

from ..models import Procedure

READ = {"conditions": {"requirements"}, "result": {"result"}, "form": {"papers"}, "online": {"where"},
        "deadline": {"summary", "requirements", "steps"}}  # fmt: skip
"""Part → the parts of the procedure that it is made of."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_WITHIN = re.compile(r"\bwithin \d+ (?:working )?(?:days|months|hours)\b")
_CITIZENS = re.compile(r"Hand it in within\b")  # a step's other "within" is the office's time
_IN_A_CASE = re.compile(r"(?:chỉ|khi|nếu|với|trường hợp|đối với)\b", re.IGNORECASE)  # of a Vietnamese note
_INSURANCE = re.compile(r"bảo hiểm (?:xã hội|y tế)|BHXH|BHYT", re.IGNORECASE)
_PARTED = re.compile(r";\s*(?:or\s+)?")
_BY_NET = re.compile(r"online|portal|\bapp\b|vneid|website|system", re.IGNORECASE)
_FORM = re.compile(r"(?:Declaration|Application|Request|Notice|Registration form|Tax registration form)\b")


def of_part(row: Procedure, part: str) -> str:
    """What the English procedure says of it in a sentence or a few; nothing where it doesn't say."""
    match part:
        case "conditions":
            return _("Điều kiện: {text}").format(text=row.requirements) if row.requirements else ""
        case "result":
            return _("Bạn nhận được: {text}").format(text=f"{row.result.rstrip('.')}.") if row.result else ""
        case "form":
            forms = [_form(each) for each in row.papers if each.get("form") or _FORM.match(str(each["name"]))]
            return _("Mẫu cần điền: {text}").format(text=f"{'; '.join(forms)}.") if forms else ""
        case "online":
            return _online(row)
        case _:
            sentences = _deadlines(row)
            return _("Hạn của bạn: {text}").format(text=" ".join(sentences)) if sentences else ""


def with_cases(row: Procedure, vietnamese: Procedure) -> Procedure:
    """The English procedure with what each paper is needed for in its name: what everybody needs comes first."""
    papers = []
    for each, original in zip(row.papers, vietnamese.papers, strict=True):
        note = str(each.get("note") or "").rstrip(".")
        in_a_case = bool(_IN_A_CASE.match(str(original.get("note") or "")))
        name = f"{each['name']}, {note[:1].lower()}{note[1:]}" if in_a_case else each["name"]
        papers.append((in_a_case, each | {"name": name}))
    told = copy(row)
    told.papers = [each for _case, each in sorted(papers, key=lambda each: each[0])]
    return told


def insures(vietnamese: Procedure) -> bool:
    """Whether it is about social or health insurance, whose contributions are no fee of the procedure."""
    return _INSURANCE.search(f"{vietnamese.field} {vietnamese.name}") is not None


def contributions_unknown(fees: str) -> str:
    """Never the procedure's fee for what the insurance costs."""
    told = _("Chưa có mức đóng bảo hiểm trong kho. Xin hỏi cơ quan bảo hiểm xã hội, hoặc gọi 1022.")
    papers = _("Riêng việc nộp hồ sơ: {text}.").format(text=fees.rstrip(".").lower())
    return f"{told} {papers}" if fees else told


def _online(row: Procedure) -> str:
    """That it may be handed in by the net, and where; nothing where neither its ways nor its places say so."""
    there = [each for each in _PARTED.split(row.place) if _BY_NET.search(each)]
    if there:
        return _("Nộp trực tuyến được, tại {where}.").format(where="; ".join(there).rstrip("."))
    return _("Nộp trực tuyến được.") if any(each["way"] == "online" for each in row.ways) else ""


def _form(paper: dict[str, str]) -> str:
    return f"{paper['name']} ({paper['form']})" if paper.get("form") else str(paper["name"])


def _deadlines(row: Procedure) -> Sequence[str]:
    sentences = [
        each for text in (row.summary, row.requirements) for each in _sentences([text]) if _WITHIN.search(each)
    ]
    return [*sentences, *(each for each in _sentences(row.steps) if _CITIZENS.match(each))]


def _sentences(texts: Iterable[str]) -> list[str]:
    return [each for text in texts for each in _SENTENCE.split(text) if each]
