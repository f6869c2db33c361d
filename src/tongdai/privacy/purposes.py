"""The register of processing: what is kept, for what, on what basis, who gets it, how long. The notice is drawn from it.

Luật 91/2025/QH15 điều 4 (to be told), điều 19 (without consent), điều 21; the periods are `retention`'s, as they stand now.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import RetentionRule

Words = str | Promise


@dataclass(frozen=True)
class Processing:
    """One thing done with personal data."""

    name: Words
    data: Words
    purpose: Words
    basis: Words
    recipients: Words
    retention: RetentionRule.Kind


PROCESSING = (
    Processing(
        _("Phản ánh, kiến nghị, câu hỏi"),
        _("lời kể, ảnh, nơi xảy ra; tên và số điện thoại nếu bạn để lại"),
        _("giải quyết việc bạn gửi và trả lời bạn"),
        _("Luật Tiếp công dân 42/2013/QH13; Luật 91/2025/QH15, điều 19: thực hiện nhiệm vụ của cơ quan nhà nước"),
        _("Tổng đài 1022; cơ quan có thẩm quyền được giao việc. Số điện thoại che đi, ai xem đều được ghi lại"),
        RetentionRule.Kind.CASE,
    ),
    Processing(
        _("Ảnh gửi kèm"),
        _("ảnh, đã xóa nơi chụp và thông tin máy"),
        _("thấy rõ sự việc"),
        _("như trên"),
        _("như trên"),
        RetentionRule.Kind.PHOTO,
    ),
    Processing(
        _("Thông tin sức khỏe"),
        _("bệnh, triệu chứng, hoàn cảnh bạn kể khi cần giúp"),
        _("đưa người đến giúp đúng cách"),
        _("sự đồng ý của bạn; tính mạng nguy cấp thì giúp ngay (Luật 91/2025/QH15, điều 19)"),
        _("Tổng đài 1022; cơ quan y tế được giao việc"),
        RetentionRule.Kind.CASE,
    ),
    Processing(
        _("Tố cáo"),
        _("nội dung tố cáo; họ tên, số điện thoại người tố cáo nếu để lại"),
        _("giải quyết tố cáo và giữ kín người tố cáo"),
        _("Luật Tố cáo 25/2018/QH14; sự đồng ý của bạn khi chuyển họ tên cho cơ quan giải quyết"),
        _("chỉ thanh tra, và cơ quan giải quyết mà thanh tra giao"),
        RetentionRule.Kind.CASE,
    ),
    Processing(
        _("Cuộc gọi đến 1022"),
        _("số gọi đến, giờ gọi, ghi âm (báo trước ở đầu cuộc gọi)"),
        _("ghi đúng lời bạn, kiểm tra chất lượng phục vụ"),
        _("Luật 91/2025/QH15, điều 19; bạn được báo trước và có thể yêu cầu dừng ghi"),
        _("Tổng đài 1022"),
        RetentionRule.Kind.RECORDING,
    ),
    Processing(
        _("Tin nhắn, cuộc gọi chưa thành phiếu"),
        _("số và nội dung"),
        _("trả lời, gọi lại cho bạn"),
        _("như trên"),
        _("Tổng đài 1022; nhà mạng chuyển tin"),
        RetentionRule.Kind.MESSAGE,
    ),
    Processing(
        _("Câu hỏi tra cứu"),
        _("chữ bạn gõ, đã bỏ tên và số"),
        _("bổ sung câu trả lời còn thiếu"),
        _("không còn là dữ liệu cá nhân"),
        _("người biên tập kho trả lời"),
        RetentionRule.Kind.QUESTION,
    ),
    Processing(
        _("An toàn của trang"),
        _("dấu vết mã hóa của mạng truy cập, lần gõ sai"),
        _("ngăn dò mã, ngăn kẻ xấu"),
        _("Luật An ninh mạng; Luật 91/2025/QH15, điều 19"),
        _("Tổng đài 1022"),
        RetentionRule.Kind.TRY,
    ),
)
