"""Why a telephone number can't be right: in words, so that the person sees at once what to mend."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from tongdai.people import phones

MOBILE_DIGITS, MOBILE_STARTS = 10, ("3", "5", "7", "8", "9")


def what_is_wrong(raw: str) -> str:
    """One sentence for a number that `phones.normalise` refuses; empty if it is right."""
    if phones.normalise(raw):
        return ""
    digits = re.sub(r"\D", "", raw)
    if not digits:
        return _("Ô này cần một số điện thoại, ví dụ 0912 345 678.")
    if re.search(r"[^\W\d_]", raw):
        return _("Số điện thoại không có chữ cái. Ví dụ 0912 345 678.")
    if raw.strip().startswith("+") and not digits.startswith("84"):
        return _("Số nước ngoài này không đúng. Xin xem lại mã nước và các chữ số.")
    local = "0" + digits[2:] if digits.startswith("84") and len(digits) >= 9 else digits
    if len(local) <= 6:
        return _("{number} là số ngắn, chúng tôi không nhắn lại được. Xin để một số di động hoặc số bàn.").format(
            number=digits
        )
    if phones.SERVICE.fullmatch(digits.removeprefix("84")):
        return _("{number} là số dịch vụ, không phải số máy của ai. Xin để một số di động hoặc số bàn.").format(
            number=digits.removeprefix("84")
        )
    if not local.startswith("0"):
        return _("Số điện thoại trong nước bắt đầu bằng số 0, ví dụ 0912 345 678.")
    if local.startswith("02"):
        return _("Số bàn gồm mã vùng và số máy, ví dụ 0225 3842 999.")
    if len(local) < MOBILE_DIGITS:
        return _("Số này mới có {count} chữ số. Số di động có 10 chữ số, ví dụ 0912 345 678.").format(count=len(local))
    if len(local) > MOBILE_DIGITS:
        return _("Số này có {count} chữ số, thừa {more}. Số di động có 10 chữ số, ví dụ 0912 345 678.").format(
            count=len(local), more=len(local) - MOBILE_DIGITS
        )
    if local[1] not in MOBILE_STARTS:
        return _("Không có số di động nào bắt đầu bằng {start}. Xin xem lại.").format(start=local[:2])
    return _("Số này chưa có nhà mạng nào dùng. Xin xem lại từng chữ số.")


def summary(raw: str) -> str:
    """The same in a few words, for the list at the head of the form."""
    digits = re.sub(r"\D", "", raw)
    if not digits:
        return _("Thiếu số điện thoại")
    short = MOBILE_DIGITS - len(digits)
    if digits.startswith("0") and not digits.startswith("02") and short == 1:
        return _("Số điện thoại thiếu một chữ số")
    return _("Số điện thoại chưa đúng")
