"""Why a code leads nowhere: in words, so that the person sees what to mend."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases import codes


def what_is_wrong(asked: str) -> str:
    """One sentence about a code that can't be right, or that no case has."""
    digits = codes.normalised(asked)
    if not digits.isdigit():
        return _("Mã tra cứu chỉ gồm chữ số, ví dụ 7304 1859 261.")
    if len(digits) < codes.LENGTH:
        return _("Mã này mới có {count} chữ số. Mã tra cứu có 11 chữ số.").format(count=len(digits))
    if len(digits) > codes.LENGTH:
        return _("Mã này có {count} chữ số, thừa {more}. Mã tra cứu có 11 chữ số.").format(
            count=len(digits), more=len(digits) - codes.LENGTH
        )
    if not codes.is_valid(digits):
        return _("Mã này gõ nhầm một chữ số nào đó. Xin đối chiếu lại từng số.")
    return _("Không có phiếu nào mang mã này. Xin đối chiếu lại từng số với tin nhắn hoặc giấy ghi mã.")
