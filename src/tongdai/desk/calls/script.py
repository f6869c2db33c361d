"""What a call taker asks somebody in danger: few questions, the place first, while the right number is rung."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongdai.cases.triage.danger import Kind


def questions(kind: Kind | None) -> list[str]:
    """In the order they are asked."""
    where = _("Ở đâu? Số nhà, đường, phường, tầng mấy.")
    match kind:
        case Kind.FIRE | Kind.GAS:
            return [where, _("Còn ai ở trong không? Mấy người?"), _("Bảo mọi người ra ngoài, không quay lại lấy đồ.")]
        case Kind.RESCUE | Kind.ELECTRIC:
            return [where, _("Mấy người mắc nạn? Có ai bị thương?"), _("Bảo mọi người đứng xa, không tự xuống cứu.")]
        case Kind.MEDICAL:
            return [
                where,
                _("Người bệnh có tỉnh không? Có thở không? Bao nhiêu tuổi?"),
                _("Bảo một người ra đầu ngõ đón xe."),
            ]
        case Kind.SUICIDE:
            return [
                _("Bạn đang ở đâu? Có ai bên cạnh không?"),
                _("Đã uống hay làm gì chưa? Lúc nào?"),
                _("Nói chậm, không trách, giữ máy đến khi có người tới."),
            ]
        case Kind.VIOLENCE:
            return [where, _("Người kia còn ở đó không? Có hung khí không?"), _("Có ai bị thương? Có trẻ em không?")]
        case Kind.CHILD:
            return [where, _("Cháu bao nhiêu tuổi? Đang ở với ai?"), _("Ngay lúc này cháu có an toàn không?")]
        case Kind.MISSING:
            return [
                _("Ai, bao nhiêu tuổi, mặc gì, lần cuối thấy ở đâu, lúc nào?"),
                _("Có bệnh gì không? Có mang điện thoại không?"),
            ]
        case _:
            return [where, _("Ngay lúc này có ai bị thương hay sắp bị nạn không?")]
