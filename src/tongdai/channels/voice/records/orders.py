"""What an agent asks of the exchange by a button: written by the desk, done by the voice process, once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop as _

from tongdai.accounts.models import User
from tongdai.platform import wake
from tongdai.platform.clock import now

from ..models import Call, Callback, Order

STALE = timedelta(seconds=15)  # an order that nobody could do in time is not done later
NOT_NOW = _("Lúc này không làm được việc đó.")
FAILED = _("Tổng đài điện thoại không làm được việc đó. Hãy thử lại.")
BUSY = _("Người đó đang bận hoặc không ở máy.")
NO_SUCH = _("Không có nơi đó.")
NOBODY = _("Không ai nghe máy.")
LINE_BUSY = _("Máy bên kia đang bận.")
DECLINED = _("Bên kia từ chối cuộc gọi.")
NO_SUCH_NUMBER = _("Số đó không có, hoặc không còn dùng.")
NO_WAY = _("Nhà mạng không nối được cuộc gọi. Hãy thử lại.")
BARRED = _("Thành phố không gọi ra loại số này. Người quản trị đổi được ở Cài đặt.")
TOO_MANY = _("Quá giới hạn cuộc gọi ra trong giờ này. Hãy báo người giám sát.")
OVER = _("Cuộc gọi đã xong, hoặc không còn ai nói ở đó.")
RINGS_NOW = _("Máy một điện thoại viên đang đổ chuông cho người này. Hãy chờ vài giây.")
IN_CALL = _("Bạn đang có cuộc gọi.")
NO_LINE = _("Máy của bạn chưa nối với tổng đài.")


def give(
    kind: Order.Kind,
    *,
    by: User,
    at: datetime,
    call: Call | None = None,
    target: str = "",
    words: str = "",
    callback: Callback | None = None,
) -> Order:
    """Ask for it; the voice process hears at once."""
    order = Order.objects.create(
        kind=kind, call=call, target=target, words=words, callback=callback, by=by, asked_at=at
    )
    wake.wake("orders", [order.pk])
    return order


def undone() -> list[Order]:
    """Those to be done, in the order they were given; those too old are put aside."""
    Order.objects.filter(done_at=None, asked_at__lt=now() - STALE).update(done_at=now(), refused=NOT_NOW)
    return list(Order.objects.filter(done_at=None).order_by("pk"))


def done(order: int, *, refused: str = "") -> None:
    """It is done, or can't be: `refused` says why."""
    Order.objects.filter(pk=order).update(done_at=now(), refused=refused)
    found = Order.objects.get(pk=order)
    wake.wake("agents", [found.by_id])
