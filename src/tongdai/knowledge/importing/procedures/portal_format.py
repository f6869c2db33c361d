"""Read one record of the national public-service portal, whose tables arrive run together as text.

What can't be read with certainty is left out and named as a trouble, never guessed: "Trực tuyến1Miễn phí" may mean one
hour or one day; "Miễn phí(…)" says its true fee in the brackets; a name may be a decision's title. An editor sees the
trouble with the words it came from.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from tongdai.language.text import clean

from ...models import Audience, Level
from .record import Record, Trouble

NOTHING = frozenset({"", "--", "không có thông tin", "không có", "không", "chưa có thông tin"})
LEVELS = {
    "cấp xã": Level.COMMUNE,
    "cấp tỉnh": Level.PROVINCE,
    "cấp bộ": Level.MINISTRY,
    "cơ quan khác": Level.OTHER,
}
AUDIENCES = {
    "công dân": Audience.CITIZEN,
    "doanh nghiệp": Audience.BUSINESS,
    "tổ chức nước ngoài": Audience.FOREIGNER,
    "tổ chức": Audience.ORGANISATION,
    "hợp tác xã": Audience.ORGANISATION,
    "người nước ngoài": Audience.FOREIGNER,
    "người việt nam": Audience.FOREIGNER,
    "cán bộ": Audience.OFFICIAL,
}
WAYS = {"Trực tuyến": "online", "Dịch vụ bưu chính": "post", "Trực tiếp": "in_person"}
LONG_REMARK = 40  # characters: what is shorter only heads the lines after it
ALL_LEVELS = tuple(LEVELS.values())

_WAY = re.compile(r"(Trực tuyến|Dịch vụ bưu chính|Trực tiếp)(?=\d|Miễn phí|Không có thông tin)")
_TIME = re.compile(r"(\d{1,4}(?:[.,]\d)?) (Ngày làm việc|Ngày|Giờ làm việc|Giờ|Tháng|Năm|Phút|Tuần)(?=[\dMK])")
_NO_TIME = re.compile(r"Không có thông tin(?=\d|Miễn phí|Không có thông tin)")
_FEE = re.compile(r"Miễn phí|Không có thông tin|\d[\d.,]* ?(?:VNĐ|Việt Nam Đồng|USD|Đô la Mỹ)")
_SUM = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d+ ?(?:USD|đô la Mỹ|triệu|nghìn|ngàn)", re.IGNORECASE)
_FREE = re.compile(
    r"(?:(?:không|chưa) (?:quy định|thu|có|áp dụng|mất|phải nộp)|miễn phí|miễn lệ phí|không)[\w ]{0,25}\.?", re.I
)
_RUN_TOGETHER = re.compile(r"\d[\d.,]* ?(?:VNĐ|Việt Nam Đồng)")  # "1100 VNĐ": a number of hours or days, and a fee
_TOO_SMALL = re.compile(
    r"[1-9]\d{0,2} ?(?:VNĐ|Việt Nam Đồng)"
)  # "700 VNĐ": thousands, left out by whoever filled it in
_HEADING = re.compile(r"trường hợp|đối với|khi |nếu |hồ sơ|xuất trình|cấp |đổi |đăng ký", re.IGNORECASE)
_EVERY_CASE = re.compile(
    r"\W*(?:[a-z0-9]+[.)] ?)?(?:các |bao gồm|gồm|thành phần|giấy tờ phải nộp|giấy tờ|hồ sơ gồm|hồ sơ|lưu ý|số lượng)"
    r"(?:[\w ]{0,20}(?:hồ sơ|gồm|có|bao gồm))?\W*",
    re.IGNORECASE,
)
_PAPERS_HEAD = re.compile(r"Tên giấy tờ\s*Mẫu đơn, tờ khai\s*Số lượng")
_COUNT = re.compile(r"(\d{1,3}) bản chính(?:\s*,\s*(\d{1,3}) bản sao)?")
_FORM = re.compile(
    r"(?:(?<=\.)|(?<=\))|(?<=;)|^)?((?:\d+\.\d+|[^.;()]{1,80})\.(?:docx?|pdf|xlsx?|rtf))\s*$", re.IGNORECASE
)
_ENDS_IN_A_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|rtf)\s*$", re.IGNORECASE)  # few do, and _FORM looks for long
_ISSUER = (
    "TANDTC|BLĐTBXH|BNNPTNT|BVHTTDL|VKSNDTC|BNNMT|BGTVT|BTNMT|BTTTT|BKHCN|BKHĐT|BGDĐT|BTNVMT|NHNN|HĐND|UBND|BHXH|"
    "TTCP|TTgCP|BDTTG|VPCP|CTN|TTg|BTC|BTP|BCA|BXD|BYT|BQP|BNV|BCT|BNG|BNN|TCT|TLĐ|CP"
)
_LAW = re.compile(
    rf"(?<![\d./])\d{{1,4}}(?:\.\d+)?/(?:\d{{4}}/)?(?:QH\d\d|[A-ZĐ]{{1,4}}(?:-(?:UBTVQH\d\d|{_ISSUER}))+)"
)
_KINDS = {"QH": "Luật", "NĐ": "Nghị định", "TTLT": "Thông tư liên tịch", "TT": "Thông tư", "QĐ": "Quyết định",
          "NQ": "Nghị quyết", "PL": "Pháp lệnh", "VBHN": "Văn bản hợp nhất", "CT": "Chỉ thị"}  # fmt: skip
_GLUE = re.compile(r"(?:[a-zà-ỹ);.](?=[A-ZĐ\d(])|;)")
_RESULT = re.compile(r"Mã:\s*[A-Z0-9.\-]*\d|Từ khóa")
_TITLE_OF_A_DECISION = re.compile(
    r"^\W*(?:Quyết định (?:số|về việc công bố)|Công bố Danh mục (?:và Quy trình|thủ tục)|Về việc công bố|V/v)", re.I
)
_UP_TO = re.compile(r"đến(?: hết)?(?: ngày)?:? ?(\d{1,2})[/.](\d{1,2})[/.](20\d\d)")
_SPILLED = re.compile(r"^[^A-Za-zÀ-ỹ\-*+]*[);.,]|^(?:và|hoặc|phải|quy định) |Bước \d")


def read(raw: dict[str, Any], *, today: date) -> Record:
    """What the record says, and what of it is in doubt. Keys are the portal's (`ma_thu_tuc` …).

    Raises:
        ValueError: no code: nothing to keep it under.
    """
    given = {key: clean(str(value or "")) for key, value in raw.items()}
    code = given.get("ma_thu_tuc", "")
    if not code:
        raise ValueError("no ma_thu_tuc")
    record = Record(code=code, name=_name(given.get("ten_thu_tuc", "")))
    if not record.name or _TITLE_OF_A_DECISION.match(record.name) or len(record.name) > 1500:
        record.troubles.append(Trouble("name", record.name))
    record.field = _or_nothing(given.get("linh_vuc", ""))
    record.levels = _levels(given.get("cap_thuc_hien", ""))
    record.audience = _audience(given.get("doi_tuong_thuc_hien", ""))
    record.agency = _or_nothing(given.get("co_quan_thuc_hien", "")) or _or_nothing(
        given.get("co_quan_co_tham_quyen", "")
    )
    record.place = _or_nothing(given.get("dia_chi_tiep_nhan", ""))
    record.requirements = _or_nothing(given.get("yeu_cau_dieu_kien", ""))
    record.result = _result(given.get("ket_qua_xu_ly", ""))
    record.decision = _or_nothing(given.get("so_quyet_dinh", ""))[:200]
    record.source = given.get("detail_url", "") if given.get("detail_url", "").startswith("https://") else ""
    record.legal_basis = _laws(given.get("can_cu_phap_ly", ""))
    papers = given.get("thanh_phan_ho_so", "")
    if _SPILLED.search(papers[:400]) and not _PAPERS_HEAD.search(papers):
        record.troubles += [
            Trouble("papers", papers[:1000]),
            Trouble("steps", given.get("trinh_tu_thuc_hien", "")[:1000]),
        ]
    else:
        record.papers, remarks = _papers(papers)
        record.requirements = "\n".join(filter(None, [record.requirements, *remarks]))
        record.steps = _lines(given.get("trinh_tu_thuc_hien", ""))
        if papers.strip() not in {"", "--"} and not record.papers:
            record.troubles.append(Trouble("papers", papers[:1000]))
    _read_ways(record, given.get("cach_thuc_thuc_hien", ""), today=today)
    return record


def _name(text: str) -> str:
    """The name in one line, NFC, single spaces, without "Thủ tục" before it."""
    name = " ".join(text.split()).strip(" .;:-")
    short = re.sub(r"^Thủ tục\s*:?\s+", "", name, flags=re.IGNORECASE)
    return short[:1].upper() + short[1:]


def _or_nothing(text: str) -> str:
    text = re.sub(r"[ \t]+", " ", text).strip()
    return "" if text.lower().strip(" .") in NOTHING else text


def _levels(text: str) -> list[str]:
    found = {LEVELS[each] for each in map(str.strip, text.lower().split(",")) if each in LEVELS}
    return [level for level in ALL_LEVELS if level in found]


def _audience(text: str) -> list[str]:
    """By how each part between commas (those outside brackets) begins; what is none of ours is left out."""
    found = []
    for each in re.split(r",\s*(?![^()]*\))", text.lower()):
        found += [who for begins, who in AUDIENCES.items() if each.strip().startswith(begins)][:1]
    return list(dict.fromkeys(found))


def _lines(text: str) -> list[str]:
    lines = (re.sub(r"^[\s\-–•*+·]+", "", " ".join(line.split())) for line in text.split("\n"))
    return [line for line in lines if _or_nothing(line)]


def _result(text: str) -> str:
    results = [part.strip(" .;") for part in _RESULT.split(text)[:-1] or [text]]
    return "; ".join(part for part in results if _or_nothing(part))[:1000]


def _papers(text: str) -> tuple[list[dict[str, Any]], list[str]]:
    """(one a line of the portal's table, the remarks: lines of no original and no copy).

    A table's heading says in which case its papers are needed: it stands as their note.
    """
    found, remarks = [], []
    heading, *tables = _PAPERS_HEAD.split(text)
    for table in tables:
        at = 0
        note = _case(heading)
        for count in _COUNT.finditer(table):
            name = " ".join(table[at : count.start()].split()).strip(" -+•*;")
            at = count.end()
            originals, copies = int(count[1]), int(count[2] or 0)
            name, form = _without_form(name)
            if name and (originals or copies):
                found.append({"name": name, "originals": originals, "copies": copies, "form": form, "note": note})
            elif len(name) > LONG_REMARK:
                remarks.append(name)
        heading = table[at:]
    return found, remarks


def _case(heading: str) -> str:
    """`Trường hợp ủy quyền:` → `Chỉ với trường hợp ủy quyền`; nothing where it is every case."""
    words = " ".join(heading.split()).strip(" -–+•*:;.")
    if len(words) < 5 or len(words) > 400 or _EVERY_CASE.fullmatch(words) or not _HEADING.search(words):
        return ""
    begins = words[:1].lower() + words[1:]
    if begins.startswith("trường hợp"):
        return f"Chỉ với {begins}"
    return f"Chỉ {begins}" if begins.startswith(("đối với", "khi ", "nếu ")) else words


def _without_form(name: str) -> tuple[str, str]:
    """(name, file of the form) where the form's file stands glued to the paper's name: `Tờ khaiMau 01.docx`."""
    file = _FORM.search(name) if _ENDS_IN_A_FILE.search(name) else None
    if file is None:
        return name, ""
    starts = [glue.end() for glue in _GLUE.finditer(name) if glue.end() < len(name) - 5]
    start = starts[-1] if starts else file.start(1)
    return (name[:start].strip(" .;"), name[start:].strip()) if name[:start].strip() else (name, "")


def _laws(text: str) -> list[dict[str, str]]:
    """Each law named, once: its number tells its kind. Titles run into their neighbours, and are left out."""
    found = dict.fromkeys(number.strip(".") for number in _LAW.findall(text))
    return [{"number": number, "title": _KINDS.get(_kind(number), "")} for number in found]


def _kind(number: str) -> str:
    """`123/2015/NĐ-CP` → `NĐ`."""
    return re.sub(r"\d", "", number.split("/")[-1].split("-")[0])


def _read_ways(record: Record, text: str, *, today: date) -> None:
    """The ways to hand it in, each with its time limit and fee; whatever is run together beyond telling is a trouble."""
    body = (
        text.removeprefix("Hình thức nộp").removeprefix("Thời gian").removeprefix("Phí, lệ phí").removeprefix("Mô tả")
    )
    pieces = _WAY.split(body)
    if len(pieces) < 3:
        if _or_nothing(body):
            record.troubles += [Trouble("time", body[:500]), Trouble("fee", body[:500])]
        return
    doubts: dict[str, str] = {}
    for way, rest in zip(pieces[1::2], pieces[2::2], strict=True):
        limit, fee, note, unsure = _one_way(rest, today=today)
        for part, words in unsure.items():
            doubts.setdefault(part, f"{way}: {words[:2000]}")
        each = {"way": WAYS[way], "time_limit": limit, "fee": fee, "note": note}
        if each not in record.ways:
            record.ways.append(each)
    record.troubles += [Trouble(part, words) for part, words in doubts.items()]


def _one_way(rest: str, *, today: date) -> tuple[str, str, str, dict[str, str]]:
    """(time limit, fee, remark, part in doubt → its words) of what stands after the way's name."""
    unsure: dict[str, str] = {}
    limit = ""
    if time := _TIME.match(rest):
        limit, rest = f"{time[1].replace('.', ',')} {time[2].lower()}", rest[time.end() :]
    elif nothing := _NO_TIME.match(rest):
        rest = rest[nothing.end() :]
    elif number := re.match(r"\d+(?=Miễn phí|Không có thông tin)", rest):
        unsure["time"] = number[0]
        rest = rest[number.end() :]
    elif re.match(
        r"\d", rest
    ):  # "1100 VNĐ": nobody knows where the time ends; what stands in brackets is a fee all the same
        together = _RUN_TOGETHER.match(rest)
        bracket, behind = _bracket(rest[together.end() :]) if together else ("", "")
        if not together or not _SUM.search(bracket) or _has_passed(bracket, today):
            return "", "", "", {"time": rest[:300], "fee": rest[:300]}
        return "", bracket.strip("() "), _remark(behind), {"time": together[0]}
    fee = _FEE.match(rest)
    if fee is None:
        return limit, "", " ".join(rest.split())[:1000], unsure | {"fee": rest[:300]}
    amount, rest = fee[0], rest[fee.end() :]
    bracket, rest = _bracket(rest)
    bracket = _or_nothing(bracket.strip("() "))
    whole = f"{amount} ({bracket})" if bracket else amount
    known = _amount(amount, bracket)
    if known is None or _has_passed(bracket, today):
        return limit, "", _remark(rest), unsure | {"fee": whole}
    return limit, known, _remark(rest), unsure


def _amount(amount: str, bracket: str) -> str | None:
    """The fee, of what the column says and the bracket behind it; None where that can't be told.

    *Miễn phí* is what the column says when nothing was filled in: a sum in the bracket is the true fee.
    """
    if amount == "Miễn phí":
        if not bracket or _FREE.fullmatch(bracket):
            return amount
        return bracket if _SUM.search(bracket) else None
    if amount == "Không có thông tin":
        return bracket
    if _TOO_SMALL.fullmatch(amount):
        return bracket if _SUM.search(bracket) else None
    return f"{amount} ({bracket})" if bracket else amount


def _has_passed(bracket: str, today: date) -> bool:
    """Whether it names a day up to which it holds, and that has passed."""
    return any(_past(found, today) for found in _UP_TO.finditer(bracket))


def _remark(text: str) -> str:
    return _or_nothing(" ".join(text.split()))[:1000]


def _bracket(text: str) -> tuple[str, str]:
    """(what stands in the bracket the text begins with, the rest); brackets within are kept whole."""
    if not text.startswith("("):
        return "", text
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth:
            return text[1:at], text[at + 1 :]
    return text[1:], ""


def _past(found: re.Match[str], today: date) -> bool:
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) < today
    except ValueError:
        return False
