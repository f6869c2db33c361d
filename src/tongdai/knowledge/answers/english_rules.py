"""What a record says by rule in English: time limits, fees, offices, ways. Nothing where a word of it is none of these.

Nobody need write the English of `15 ngày làm việc`, `Miễn phí` or `Sở Tư pháp`, which thousands of records say alike.
"""

from __future__ import annotations

import re

_UNITS = {"ngày làm việc": "working day", "giờ làm việc": "working hour", "ngày": "day", "giờ": "hour", "tháng": "month",
          "tuần": "week", "năm": "year", "phút": "minute"}  # fmt: skip
_TIME = re.compile(rf"(?P<number>\d{{1,4}}(?:[.,]\d)?) (?P<unit>{'|'.join(_UNITS)})", re.IGNORECASE)
_MONEY = re.compile(
    r"(?P<sum>\d{1,3}(?:[.,]\d{3})*|\d+) ?(?P<currency>vnđ|vnd|đồng|đ|việt nam đồng|usd|đô la mỹ)"
    r"(?: ?/ ?(?P<each>\w+(?: \w+)?))?",
    re.IGNORECASE,
)
_EACH = {"bản": "copy", "trang": "page", "hồ sơ": "file", "lần": "time", "giấy": "certificate", "thẻ": "card", "xe": "vehicle",
         "người": "person", "giấy phép": "permit", "giấy chứng nhận": "certificate", "trường hợp": "case", "tờ": "sheet",
         "việc": "matter", "hộ chiếu": "passport", "cuốn": "book", "chứng chỉ": "certificate"}  # fmt: skip
_WHOLE = {
    "miễn phí": "Free", "không thu phí": "Free", "không thu lệ phí": "Free", "không": "Free", "không mất phí": "Free",
    "không có": "Free", "miễn lệ phí": "Free", "không thu phí, lệ phí": "Free", "không quy định": "The source names no fee",
    "ngay trong ngày": "The same day", "trong ngày": "The same day", "ngay trong ngày làm việc": "The same working day",
    "trong ngày làm việc": "The same working day", "theo quy định": "As the rules say",
}  # fmt: skip
_LEVELS = {"cấp xã": "of the ward or commune", "cấp tỉnh": "of the province or city", "cấp huyện": "of the district",
           "tỉnh, thành phố": "of the province or city", "tỉnh": "of the province or city",
           "xã, phường, thị trấn": "of the ward or commune", "thành phố hải phòng": "of Hai Phong", "": ""}  # fmt: skip
_OFFICES = {
    "chủ tịch ủy ban nhân dân": "Chairperson of the People's Committee", "ủy ban nhân dân": "People's Committee",
    "công an": "Police", "hội đồng nhân dân": "People's Council", "sở tư pháp": "Department of Justice",
    "sở xây dựng": "Department of Construction", "sở tài chính": "Department of Finance", "sở y tế": "Department of Health",
    "sở nội vụ": "Department of Home Affairs", "sở công thương": "Department of Industry and Trade",
    "sở giáo dục và đào tạo": "Department of Education and Training",
    "sở khoa học và công nghệ": "Department of Science and Technology",
    "sở nông nghiệp và môi trường": "Department of Agriculture and Environment",
    "sở văn hóa, thể thao và du lịch": "Department of Culture, Sports and Tourism",
    "cơ quan đăng ký kinh doanh": "Business registration office", "cơ quan thuế": "Tax office", "thuế": "Tax office",
    "thuế cơ sở": "Local tax office", "cơ quan bảo hiểm xã hội": "Social insurance office",
    "bảo hiểm xã hội": "Social insurance office", "cơ quan hải quan": "Customs office",
    "trung tâm phục vụ hành chính công": "Public Administration Service Centre", "bộ phận một cửa": "One-stop counter",
    "văn phòng đăng ký đất đai": "Land registration office",
    "chi nhánh văn phòng đăng ký đất đai": "Branch of the land registration office",
    "phòng quản lý xuất nhập cảnh": "Immigration office", "cơ quan quản lý xuất nhập cảnh": "Immigration office",
    "phòng cảnh sát giao thông": "Traffic police office", "cục cảnh sát giao thông": "Traffic Police Department",
    "cục quản lý xuất nhập cảnh": "Immigration Department", "tổ chức hành nghề công chứng": "Notary office",
    "bộ công an": "Ministry of Public Security", "bộ tư pháp": "Ministry of Justice", "bộ xây dựng": "Ministry of Construction",
    "bộ y tế": "Ministry of Health", "bộ tài chính": "Ministry of Finance", "bộ nội vụ": "Ministry of Home Affairs",
    "bộ ngoại giao": "Ministry of Foreign Affairs", "bộ công thương": "Ministry of Industry and Trade",
    "cổng dịch vụ công quốc gia": "National Public Service Portal", "cổng dịch vụ công": "Public Service Portal",
    "cổng dịch vụ công bộ công an": "Public Service Portal of the Ministry of Public Security",
    "ứng dụng vneid": "VNeID app", "vneid": "VNeID app", "cơ quan đại diện": "Vietnamese embassy or consulate",
    "nộp trực tuyến": "online", "trực tuyến": "online", "nộp trực tiếp": "in person", "gửi bưu điện": "by post",
}  # fmt: skip
_COMMAS_OF_NAMES = (
    "sở văn hóa, thể thao và du lịch",
    "tỉnh, thành phố",
    "xã, phường, thị trấn",
    "không thu phí, lệ phí",
)
_BETWEEN = re.compile(r"(; hoặc |; | hoặc |, )")
_ENGLISH_BETWEEN = {"; hoặc ": "; or ", "; ": "; ", " hoặc ": " or ", ", ": ", "}


def in_english(text: str) -> str | None:
    """A short text of a record in English; None where it isn't said by these rules."""
    plain = " ".join(text.split()).strip().rstrip(".").lower().replace("uỷ ban", "ủy ban")
    if known := _WHOLE.get(plain):
        return known
    for each in _COMMAS_OF_NAMES:
        plain = plain.replace(each, each.replace(", ", "\0"))
    said = []
    for piece in _BETWEEN.split(plain):
        found = _ENGLISH_BETWEEN.get(piece) or _piece(piece.replace("\0", ", "))
        if found is None:
            return None
        said.append(found)
    whole = "".join(said)
    return whole[:1].upper() + whole[1:] if whole else None


def _piece(text: str) -> str | None:
    if time := _TIME.fullmatch(text):
        number, unit = time["number"].replace(",", ".").removeprefix("0"), _UNITS[time["unit"]]
        return f"{number} {unit}" if number == "1" else f"{number} {unit}s"
    if money := _MONEY.fullmatch(text):
        return _sum(money)
    return _office(text)


def _sum(money: re.Match[str]) -> str | None:
    each = _EACH.get(money["each"] or "", "")
    if money["each"] and not each:
        return None
    currency = "USD" if money["currency"] in {"usd", "đô la mỹ"} else "VND"
    amount = f"{money['sum'].replace('.', ',')} {currency}"
    return f"{amount} a {each}" if each else amount


def _office(text: str) -> str | None:
    for level, its in sorted(_LEVELS.items(), key=lambda each: -len(each[0])):
        name = text.removesuffix(level).strip() if level else text
        if text.endswith(level) and name in _OFFICES:
            return f"{_OFFICES[name]} {its}".strip()
    return None
