"""What the record of a procedure says of the part that was asked for, sentence by sentence; empty where it says nothing.

The plain text that is read and the official text beside it are both looked through: a limit or a condition that the plain
words leave out still holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from ..answer_key import Part
from ..models import Procedure
from . import places
from .plain_text import is_plain, official_of

ONLINE = "online"
MOST_LIMITS = 4  # sentences that name a citizen's limit
_NUMBER = r"(?:\d+|một|hai|ba|bốn|năm|sáu|bảy|mười)(?: ?\([^)]*\))?"
_LIMIT = re.compile(
    rf"(?:trong(?: thời hạn| thời gian| vòng| khoảng thời gian)?|chậm nhất|muộn nhất|ít nhất|tối thiểu|không quá)"
    rf"(?: là| không quá| chậm nhất| vào)* {_NUMBER} ?(?:ngày|giờ|tháng|năm|tuần)|trước {_NUMBER} ?giờ",
    re.IGNORECASE,
)
_COUNTED_FROM = re.compile(r"^[^,.;:]{0,40},? ?(?:kể từ|tính từ|tính đến|từ|trước|sau)[^,;:]*[,:]")
_BY_THE_OFFICE = re.compile(
    r"(?:kể từ|tính từ|từ|sau)(?: ngày| khi| thời điểm)?(?: cơ quan[^,]*| được)? ?"
    r"(?:nhận|tiếp nhận|thụ lý|có (?:kết quả|ý kiến|văn bản))"
    r"|ngày (?:làm việc )?(?:kể từ )?nhận đủ|hồ sơ (?:đầy đủ|hợp lệ|đầy đủ, hợp lệ)|gửi (?:cho )?người|trả kết quả",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:cơ quan|công chức|cán bộ|[uủ][yỷ] ban nhân dân|ubnd|sở|bộ|phòng|cục|tổng cục|chi cục|công an|bộ phận|trung tâm|"
    r"văn phòng|chủ tịch|tòa án|người tiếp nhận|người có thẩm quyền|người thực hiện|ngân hàng|hội đồng|thủ trưởng|hải quan)\b",
    re.IGNORECASE,
)
_CITIZEN = re.compile(
    r"\b(?:cha|mẹ|vợ|chồng|công dân|chủ (?:cũ|mới|xe|hộ|sở hữu|tàu|cơ sở|thể|phương tiện|đầu tư|rừng)|hộ (?:kinh doanh|gia đình)|"
    r"doanh nghiệp|hợp tác xã|cá nhân|tổ chức|cơ sở|đơn vị|thương nhân|đại diện|bạn|thân nhân|tổ hợp tác|nhà đầu tư|"
    r"thành viên|người (?!tiếp nhận|có thẩm quyền|thực hiện)\w+|công ty)\b",
    re.IGNORECASE,
)
_NO_DEADLINE = re.compile(
    r"thời (?:hạn|gian) giải quyết|thẩm định hồ sơ|kinh nghiệm|lưu trữ|còn hiệu lực|liền kề|niên hạn sử dụng không|kiểm dịch|"
    r"(?:không quá|tối thiểu|ít nhất) (?:là )?\d+ ?(?:\([^)]*\) ?)?năm|\bviệc (?:kiểm tra|thẩm định|cấp|khắc phục)|"
    r"\bthì (?:chủ tịch|cơ quan|[uủ][yỷ] ban|công an|bộ|sở|phòng|văn phòng)",
    re.IGNORECASE,
)
_NO_ONE_NAMED = re.compile(
    r"^(?:bước \d+: ?)?(?:chậm nhất|muộn nhất|trước|tối thiểu|thời (?:gian|hạn) (?:gửi|nộp|khai)|nộp (?:hồ sơ )?trong|"
    r"việc (?:thông báo|nộp|khai|gửi|đăng ký|trình báo))",
    re.IGNORECASE,
)
_MENDED = re.compile(r"bổ sung|hoàn thiện|khắc phục|giải trình|sửa đổi", re.IGNORECASE)
_DUTY = re.compile(
    r"phải|trách nhiệm|nộp|gửi|thông báo|khai|đăng ký|làm thủ tục|trình báo|đề nghị|cần làm|thực hiện", re.IGNORECASE
)
_FORM = re.compile(
    r"\b(?:mẫu|tờ khai|đơn|phiếu|bản khai|giấy khai|giấy đề nghị|văn bản đề nghị|bản đề nghị|bảng kê|phụ lục|đề nghị|"
    r"thông báo|giấy ủy quyền|bản đăng ký)\b",
    re.IGNORECASE,
)
_BY_NET = re.compile(
    r"trực tuyến|cổng dịch vụ công|vneid|định danh quốc gia|môi trường điện tử|phương tiện điện tử|mạng thông tin điện tử|"
    r"điện thoại|thư điện tử|trang thông tin điện tử|ký số|tài khoản định danh",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"có mặt|ký vào|ký tên|trực tiếp (?:ký|nhận|đến)|thu nhận (?:ảnh|vân tay|sinh trắc)", re.IGNORECASE
)
_HANDED_IN = re.compile(
    r"nộp (?:\w+ ){0,4}(?:tại|đến|tới|cho|qua)|gửi (?:\w+ ){0,4}(?:tại|đến|tới|cho)|nơi (?:thường|tạm|cư) trú"
)
_BY_HOME = re.compile(r"nơi (?:thường|tạm|cư) trú|không phụ thuộc|bất kỳ|bất cứ", re.IGNORECASE)
_NUMBERED_FORM = re.compile(r"\bmẫu (?:số )?[\w.]*\d|\bphụ lục [ivx\d]|\d+[-/][a-zđ]{2,}", re.IGNORECASE)
_SETTLED = re.compile(
    r"trả (?:kết quả|lời)|\bcấp (?!xã|tỉnh|huyện|bộ|trung ương|phường|có thẩm)|giải quyết|quyết định|ban hành|phê duyệt|"
    r"chấp thuận|công nhận|\bký\b|xác nhận|đăng ký|chi trả|thực hiện việc",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"chuyển|gửi|\btrình\b|lấy ý kiến|thông báo|hướng dẫn|yêu cầu|bổ sung|phân công|niêm yết|\bmời\b|báo cáo|cho ý kiến|"
    r"tiếp nhận|vào sổ|kiểm tra tính|thành lập (?:đoàn|hội đồng)|đăng tải|công khai",
    re.IGNORECASE,
)
_FEE_NOTED = re.compile(
    r"\b(?:lệ phí|phí|mức thu)\b[^.;:()]{0,80}: ?\d[\d.,]* ?(?:đồng|vnđ|usd)[^;()]*(?:\([^)]*\))?", re.IGNORECASE
)
_ONLY_THAT_IT_IS_A_FEE = re.compile(r"^(?:lệ phí|phí) ?: ?", re.IGNORECASE)
_DURATION = re.compile(rf"{_NUMBER} ?(?:ngày|giờ|tháng|tuần)|ngay trong ngày|làm việc tiếp theo", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-ZÀ-ỸĐ+*\-–])|\n+")


def lines_of(row: Procedure, part: Part) -> list[str]:
    """What the record says of this part."""
    return _READ[part](row) if part in _READ else []


def every_sentence(row: Procedure) -> list[str]:
    """All that the record says, the plain words before the official ones, none twice; always in the same order."""
    papers = [*row.papers, *(_official(row, "papers") or [])]
    texts = [row.summary, *_texts(row, "requirements"), *_texts(row, "steps"), *(str(each["name"]) for each in papers)]
    return list(dict.fromkeys(_sentences([*texts, *_notes(row)])))


def deadlines(row: Procedure) -> list[str]:
    """How long the citizen has; never how long the office takes."""
    told = [row.summary, *_texts(row, "requirements"), *_texts(row, "steps"), *_notes(row)]
    found = [each for each in _sentences(told) if _is_a_deadline(each)]
    return _few(sorted(found, key=lambda each: _MENDED.search(each) is not None), MOST_LIMITS)


def conditions(row: Procedure) -> list[str]:
    """Who may, and what must be so; the plain words first."""
    return _few(_sentences(_texts(row, "requirements")), 40)


def forms(row: Procedure) -> list[str]:
    """The papers that are a form, each with its number or its file."""
    papers = [*row.papers, *(_official(row, "papers") or [])]
    named = [(str(each["name"]), str(each.get("form") or "")) for each in papers]
    found = [f"{name} ({file})" if file else name for name, file in named if file or _FORM.search(name)]
    return _few([*found, *(each for each in _sentences(_texts(row, "steps")) if _NUMBERED_FORM.search(each))], 12)


def online(row: Procedure) -> list[str]:
    """Whether it may be handed in by the net and where, what else is done from afar, and when one must come all the same.

    Nothing where the record doesn't speak of it: that a counter is named denies nothing.
    """
    there = places.online(row)
    ways = [way for way in row.ways if way["way"] == ONLINE]
    head = [_by_net_at(there)] if ways or there else []
    if head:
        others = {way["way"] for way in row.ways}
        if "post" in others:
            head.append(_("Gửi hồ sơ qua bưu điện cũng được."))
        if "in_person" in others:
            head.append(_("Nộp trực tiếp cũng được."))
    notes = [str(way.get("note") or "") for way in ways]
    told = _sentences([*notes, *_texts(row, "steps"), *_texts(row, "requirements"), *_notes(row)])
    by_net = [each for each in told if _BY_NET.search(each)]
    in_person = [each for each in told if _PRESENT.search(each)] if head or by_net else []
    return _few([*head, *sorted([*by_net, *in_person], key=lambda each: not _PRESENT.search(each))], 8)


def _by_net_at(there: list[str]) -> str:
    """`Nộp trực tuyến được, tại Cổng dịch vụ công quốc gia.`; where the record says how in a sentence, that stands behind it."""
    if not there:
        return _("Nộp trực tuyến được.")
    if any(each.startswith("Nộp") for each in there):
        how = "; ".join(each[:1].lower() + each[1:] if each.startswith("Nộp") else each for each in there)
        return _("Nộp trực tuyến được: {how}.").format(how=how)
    return _("Nộp trực tuyến được, tại {where}.").format(where="; ".join(there))


def result(row: Procedure) -> list[str]:
    return [row.result.rstrip(".")] if row.result else []


def where_exactly(row: Procedure) -> list[str]:
    """Which counter: by where one lives, or any."""
    told = _sentences([*_texts(row, "steps"), *_texts(row, "requirements"), *_notes(row)])
    handed_in = (each for each in told if _HANDED_IN.search(each) and not _LIMIT.search(each))
    return _few(sorted(handed_in, key=lambda each: not _BY_HOME.search(each)), 3)


def times_noted(row: Procedure) -> list[str]:
    """What is noted of how long it takes, beside the number of days: other cases take longer."""
    notes = [str(way.get("note") or "") for way in row.ways]
    official = [str(way.get("note") or "") for way in _official(row, "ways") or []]
    noted = [
        each
        for each in _sentences([*notes, *official])
        if _DURATION.search(each) and _first_act(each) is not _FORWARDED
    ]
    return _few(noted if any(way.get("time_limit") for way in row.ways) else [*noted, *_of_the_office(row)], 4)


def fees_noted(row: Procedure) -> list[str]:
    """The sums that are noted of the ways where the column of fees says nothing: `Lệ phí: 20.000 đồng (cấp lại)`."""
    notes = [str(way.get("note") or "") for way in (*row.ways, *(_official(row, "ways") or []))]
    found = (each[0].strip(" ;.") for note in notes for each in _FEE_NOTED.finditer(note))
    return _few((_ONLY_THAT_IT_IS_A_FEE.sub("", each) for each in found), 6)


def _of_the_office(row: Procedure) -> list[str]:
    """What the steps say of how long the office takes until it has settled the matter, and not a step on the way to it."""
    return [
        each
        for each in _sentences(_texts(row, "steps"))
        if _LIMIT.search(each) and _BY_THE_OFFICE.search(each) and _first_act(each) is _SETTLED
    ]


def _first_act(sentence: str) -> re.Pattern[str] | None:
    """What is done within the limit that the sentence names: the matter is settled, or it only goes on to somebody else.

    None where neither is said, or no limit is named.
    """
    limit = _LIMIT.search(sentence)
    if limit is None:
        return None
    behind = sentence[limit.end() :]
    counted = _COUNTED_FROM.match(behind)
    behind = behind[counted.end() :] if counted else behind
    found = [(act.start(), pattern) for pattern in (_FORWARDED, _SETTLED) if (act := pattern.search(behind))]
    return min(found, key=lambda each: each[0])[1] if found else None


_READ = {
    Part.DEADLINE: deadlines,
    Part.CONDITIONS: conditions,
    Part.FORM: forms,
    Part.ONLINE: online,
    Part.RESULT: result,
}


def _is_a_deadline(sentence: str) -> bool:
    """Whether it is the citizen who must, within a limit that doesn't begin with the office."""
    limit = _LIMIT.search(sentence)
    if limit is None or not _DUTY.search(sentence) or _NO_DEADLINE.search(sentence):
        return False
    behind = sentence[limit.end() :]
    if _BY_THE_OFFICE.search(sentence[max(0, limit.start() - 60) : limit.end() + 140]):
        return False
    counted = _COUNTED_FROM.match(behind)
    rest = f"{sentence[: limit.start()]} {behind[counted.end() :] if counted else behind}"
    office, citizen = _OFFICE.search(rest), _CITIZEN.search(rest)
    if citizen is None:
        return office is None and _NO_ONE_NAMED.search(sentence) is not None
    return office is None or citizen.start() <= office.start()


def _texts(row: Procedure, name: str) -> list[str]:
    """What is read, and the official text where that is another."""
    return [*_as_lines(getattr(row, name)), *_as_lines(_official(row, name))]


def _official(row: Procedure, name: str) -> Any:
    return official_of(row, name) if is_plain(row, name) else None


def _notes(row: Procedure) -> list[str]:
    papers = [*row.papers, *(_official(row, "papers") or [])]
    return [str(each.get("note") or "") for each in (*row.ways, *(_official(row, "ways") or []), *papers)]


def _as_lines(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    return [str(value)] if value else []


def _sentences(texts: Iterable[str]) -> list[str]:
    return [
        each.strip(" -–+*•;").rstrip()
        for text in texts
        for each in _SENTENCE.split(text)
        if len(each.strip(" -–+*•;.")) > 5
    ]


def _few(found: Iterable[str], most: int) -> list[str]:
    """The first ones, none twice, nor one that another holds already."""
    few: list[str] = []
    for each in found:
        if not any(each.rstrip(".") in other for other in few):
            few.append(each)
        if len(few) == most:
            break
    return few
