"""What a page can't do just now, in words: what happened, what was kept, what to do. As a page, or as JSON where asked."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg import errors as sql

from tongdai.platform.files.storage import StorageAway

Why = Literal["too_large", "too_slow", "too_many", "away", "disk_full", "busy"]


@dataclass(frozen=True)
class Refusal:
    """`title` names the page; `again_in`: seconds, 0 where trying again won't help."""

    status: int
    title: Promise
    heading: Promise
    explanation: Promise
    again_in: int = 0


REFUSALS: dict[Why, Refusal] = {
    "too_large": Refusal(
        413,
        _("Gửi nặng quá"),
        _("Phần gửi lên nặng quá"),
        _(
            "Mỗi ảnh hay tệp nặng tối đa 10 MB, mỗi lần gửi chỉ vài tệp. Xin quay lại trang trước, bỏ bớt tệp rồi gửi lại: "
            "lời bạn đã gõ vẫn còn ở đó."
        ),
    ),
    "too_slow": Refusal(
        408,
        _("Mạng chậm quá"),
        _("Mạng chậm quá, phần gửi lên chưa tới hết"),
        _("Chưa có gì được ghi. Xin quay lại trang trước và gửi lại: điều bạn đã gõ vẫn còn ở đó."),
    ),
    "too_many": Refusal(
        429,
        _("Nhiều lần quá"),
        _("Từ mạng của bạn vừa có quá nhiều lần gửi"),
        _("Lần này chưa được ghi. Xin quay lại trang trước, chờ mười phút rồi gửi lại. Việc gấp thì gọi 1022."),
        again_in=600,
    ),
    "away": Refusal(
        503,
        _("Máy đang nghỉ"),
        _("Hệ thống đang tạm ngừng"),
        _("Những gì đã gửi vẫn còn nguyên. Xin thử lại sau vài phút. Việc gấp thì gọi 1022."),
        again_in=10,
    ),
    "disk_full": Refusal(
        503,
        _("Hết chỗ lưu"),
        _("Hệ thống đã hết chỗ lưu"),
        _(
            "Lần gửi này chưa được ghi; những gì đã gửi trước vẫn còn nguyên. Xin quay lại trang trước và gửi lại không "
            "kèm tệp, hoặc thử lại sau. Việc gấp thì gọi 1022."
        ),
        again_in=300,
    ),
    "busy": Refusal(
        503,
        _("Đang rất đông"),
        _("Đang có rất đông người gửi"),
        _("Lần này chưa được ghi. Xin quay lại trang trước, chờ nửa phút rồi gửi lại. Việc gấp thì gọi 1022."),
        again_in=30,
    ),
}


def refuse(request: HttpRequest, why: Why) -> HttpResponse:
    """The page, or for a program RFC 9457's problem details."""
    refusal = REFUSALS[why]
    response: HttpResponse
    if wants_json(request):
        problem = {
            "title": str(refusal.heading),
            "status": refusal.status,
            "detail": str(refusal.explanation),
            "code": why,
        }
        response = JsonResponse(problem, status=refusal.status, content_type="application/problem+json")
    else:
        response = render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
    response.headers["Cache-Control"] = "no-store"
    if refusal.again_in:
        response.headers["Retry-After"] = str(refusal.again_in)
    return response


def wants_json(request: HttpRequest) -> bool:
    """Whether whoever asks reads JSON and no page."""
    return request.accepts("application/json") and not request.accepts("text/html")


def is_disk_full(exception: BaseException) -> bool:
    """Whether a write failed for want of room: a file's, or the database's own. A bucket that is away takes nothing, either."""
    if isinstance(exception, StorageAway):
        return True
    if isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return isinstance(exception, sql.DiskFull) or isinstance(exception.__cause__, sql.DiskFull)
