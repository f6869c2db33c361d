"""Why a text did not arrive, in words for a member of staff, with the code that the carrier gave."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from tongdai.people.models import Interaction

from ..models import HeldBack, Submission

PASSING = frozenset({"EXPIRED", "UNDELIV"})  # the telephone was off or away: the same text may arrive another time


def why(text: Interaction) -> str:
    """`máy tắt hay ngoài vùng phủ sóng đến khi tin hết hạn (EXPIRED 034)`; empty where no reason is on record.

    Reads `held_back` and `submissions` of the text: fetch them with it where there are many.
    """
    held = getattr(text, "held_back", None)
    if held is not None and held.state != HeldBack.State.HELD:
        ended = str(HeldBack.State(held.state).label)
        return f"{ended}: {in_words(held.why)}" if held.why and held.state == HeldBack.State.GIVEN_UP else ended
    errors = [each.error for each in text.submissions.all() if each.state == Submission.State.FAILED and each.error]
    return in_words(errors[-1]) if errors else ""


def in_words(error: str) -> str:
    """A status of SMPP (`0x0b Invalid Dest Addr`) or a receipt's state and error (`UNDELIV 034`), and what it means."""
    if status := re.match(r"0x([0-9a-f]+)", error):
        return _explained(_statuses().get(int(status[1], 16), ""), code=status[0])
    return _explained(_states().get(error.split(" ")[0], ""), code=error)


def _explained(meaning: str, *, code: str) -> str:
    return f"{meaning} ({code})" if meaning else _("mã {code}").format(code=code)


def _states() -> dict[str, str]:
    """Final states of a receipt (SMPP 3.4, appendix B). The error behind them is the carrier's own, so it is shown as it is."""
    return {
        "EXPIRED": _("máy tắt hay ngoài vùng phủ sóng đến khi tin hết hạn"),
        "UNDELIV": _("nhà mạng không chuyển được đến máy"),
        "REJECTD": _("nhà mạng từ chối tin"),
        "DELETED": _("nhà mạng đã xóa tin"),
    }


def _statuses() -> dict[int, str]:
    """`command_status` of a `submit_sm_resp` (SMPP 3.4 §5.1.3)."""
    return {
        0x08: _("tổng đài tin nhắn gặp lỗi"),
        0x0A: _("nhà mạng không nhận người gửi này"),
        0x0B: _("số nhận không hợp lệ"),
        0x14: _("hàng đợi của nhà mạng đầy"),
        0x45: _("nhà mạng không nhận gửi tin"),
        0x58: _("nhà mạng bảo gửi chậm lại"),
        0x61: _("nhà mạng không nhận giờ hẹn gửi"),
        0x62: _("nhà mạng không nhận thời hạn của tin"),
    }
