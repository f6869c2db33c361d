"""Where a procedure's papers are handed in: what its record says of a counter, else what its steps say, else who decides.

The portal's column of addresses is empty in most records, and the agency beside it is who answers for the procedure: that is
seldom the counter, and now and then it is a slip (a trade union of the insurer's staff). The steps name the counter in a
sentence: `nộp hồ sơ tại Bộ phận tiếp nhận và trả kết quả của Ủy ban nhân dân cấp xã`.
"""

from __future__ import annotations

import re

from ..models import Procedure

LONGEST = 260  # characters of a counter; a sentence that goes on longer names more than one
_STEPS = 8  # the citizen hands in at the beginning
_OFFICE = (
    r"(?:bộ phận|trung tâm|[uủ][yỷ] ban|ubnd|công an|cơ quan|sở|phòng|chi cục|cục|văn phòng|tổ chức hành nghề|ngân hàng|"
    r"đồn|trụ sở|thuế (?:cơ sở|tỉnh)|chi nhánh|tòa|tổng cục|cảng vụ|bảo hiểm xã hội|kho bạc|quầy|điểm)\b"
)
_HANDED_IN = re.compile(
    rf"\b(?:nộp|gửi|trình)\b(?P<what>[^.;:]{{0,70}}?)\b(?:tại|đến|tới|về|cho)\s+(?P<place>{_OFFICE}[^.;:\n]{{2,}})",
    re.IGNORECASE,
)
_AN_OFFICE_SENDS = re.compile(rf"(?:^|[\s,:-]){_OFFICE}", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\s*(?:\((?:sau đây|gọi).*?\)|,? (?:theo (?!cơ chế)|để |chậm nhất|kèm |trong (?:thời|vòng|giờ)|trước |sau khi|"
    r"và (?:phải|xuất trình|nhận|nộp|chịu|được)|công chức|cán bộ|bằng |qua các |như sau|sau đây|khi |thì |hoặc qua ủy|"
    r"giấy |đơn |hồ sơ|nộp |hoặc nộp|nếu )|,? việc|(?<!bộ phận)(?<!điểm)(?<!nơi)(?<!trực) tiếp nhận|, cơ quan cấp).*",
    re.IGNORECASE,
)
_NO_PLACE = re.compile(
    r"(?:\b(?:nơi có|nơi|của|sau|tại|và|hoặc|thuộc|là|được|cơ quan|có)|cơ quan có thẩm quyền.*)$", re.IGNORECASE
)
_BY_NET = re.compile(
    r"trực tuyến|cổng|vneid|ứng dụng|trên mạng|môi trường mạng|điện tử|hệ thống|website", re.IGNORECASE
)
_PARTED = re.compile(
    r"\s*(?:;\s*(?:hoặc\s+)?|,?\s+hoặc\s+(?:nộp |gửi |qua |trên |tại )*(?=trực tuyến|cổng|ứng dụng|hệ thống|vneid))",
    re.IGNORECASE,
)


def counter(row: Procedure) -> str:
    """The counter that the record names; empty where it names none."""
    return row.place or in_the_steps(row.steps)


def in_the_steps(steps: list[str]) -> str:
    """The office to which the steps have the citizen take the papers, as a name; empty where they name none."""
    for step in steps[:_STEPS]:
        for found in _HANDED_IN.finditer(step):
            if place := _place_in(step, found):
                return place
    return ""


def online(row: Procedure) -> list[str]:
    """Those of the places that are reached by the net."""
    return [each for each in _PARTED.split(row.place) if each and _BY_NET.search(each)]


def _place_in(step: str, found: re.Match[str]) -> str:
    sentence = step[max(step.rfind(mark, 0, found.start()) for mark in (". ", "; ", ": ")) + 1 : found.start()]
    if _AN_OFFICE_SENDS.search(sentence) or _AN_OFFICE_SENDS.search(found["what"]):
        return ""  # one office forwards it to another
    place = _GOES_ON.sub("", found["place"]).strip(" ,–-")
    place = place.rstrip(")") if place.count(")") > place.count("(") else place
    if place.count("(") > place.count(")"):
        place = place[: place.rindex("(")].rstrip(" ,")
    if not 4 <= len(place) <= LONGEST or _NO_PLACE.search(place):
        return ""
    return place[:1].upper() + place[1:]
