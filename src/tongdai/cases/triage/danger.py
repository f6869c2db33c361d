"""What somebody may be in danger of, how near it is, and whom to ring: the national numbers 111, 113, 114 and 115."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Level(TextChoices):
    """How near the danger is."""

    NONE = "none", gettext_lazy("không khẩn")
    URGENT = "urgent", gettext_lazy("khẩn")
    LIFE = "life", gettext_lazy("nguy hiểm tính mạng")


RANK = {Level.NONE: 0, Level.URGENT: 1, Level.LIFE: 2}


class Kind(TextChoices):
    """What it is; where several are told of, the first here counts."""

    SUICIDE = "suicide", gettext_lazy("muốn tự tử")
    CHILD = "child", gettext_lazy("trẻ em bị hại")
    FIRE = "fire", gettext_lazy("cháy, nổ")
    GAS = "gas", gettext_lazy("rò khí gas")
    RESCUE = "rescue", gettext_lazy("cần cứu nạn")
    VIOLENCE = "violence", gettext_lazy("bạo lực")
    ELECTRIC = "electric", gettext_lazy("điện giật, dây điện đứt")
    MEDICAL = "medical", gettext_lazy("cần cấp cứu")
    MISSING = "missing", gettext_lazy("người mất tích")
    HAZARD = "hazard", gettext_lazy("dễ gây tai nạn")
    HARDSHIP = "hardship", gettext_lazy("cần giúp gấp")


FIRE_BRIGADE, POLICE, AMBULANCE, CHILDREN = "114", "113", "115", "111"
EMERGENCY_NUMBERS = (POLICE, FIRE_BRIGADE, AMBULANCE, CHILDREN)

# The emergency numbers of the national numbering plan (Thông tư 22/2014/TT-BTTTT); 111 for children since 6.12.2017.
NUMBERS = {
    Kind.SUICIDE: AMBULANCE,
    Kind.CHILD: CHILDREN,
    Kind.FIRE: FIRE_BRIGADE,
    Kind.GAS: FIRE_BRIGADE,
    Kind.RESCUE: FIRE_BRIGADE,
    Kind.VIOLENCE: POLICE,
    Kind.ELECTRIC: FIRE_BRIGADE,
    Kind.MEDICAL: AMBULANCE,
    Kind.MISSING: POLICE,
}


# it may be whoever writes that is in danger
OWN_LIFE = frozenset({Kind.SUICIDE, Kind.CHILD, Kind.VIOLENCE})


def number_of(kind: Kind | None) -> str:
    """Whom to ring; empty where none of the four numbers is made for it (a hole in the road)."""
    return NUMBERS.get(kind, "") if kind else ""


def whom_to_ring(kind: Kind | None) -> str:
    """One sentence that says so, in the reader's language, to stand before all others."""
    match kind:
        case Kind.SUICIDE:
            return _("Gọi 115 ngay lúc này, xin bạn: có người nghe và giúp. Bạn không phải chịu một mình.")
        case Kind.CHILD:
            return _("Gọi 111 ngay (bảo vệ trẻ em, miễn phí, ngày đêm); đang nguy hiểm thì gọi 113.")
        case Kind.FIRE:
            return _("Gọi 114 ngay (cứu hỏa, cứu nạn); có người ngất, bị bỏng thì gọi 115.")
        case Kind.GAS:
            return _("Gọi 114 ngay (cứu hỏa, cứu nạn). Khóa van, mở cửa, ra ngoài, đừng bật tắt điện.")
        case Kind.RESCUE:
            return _("Gọi 114 ngay (cứu hỏa, cứu nạn); có người bị thương thì gọi 115.")
        case Kind.VIOLENCE:
            return _("Gọi 113 ngay (công an); có người bị thương thì gọi 115.")
        case Kind.ELECTRIC:
            return _("Gọi 114 ngay; có người bị giật thì gọi 115. Đừng lại gần, đừng chạm vào dây.")
        case Kind.MEDICAL:
            return _("Gọi 115 ngay (cấp cứu).")
        case Kind.MISSING:
            return _("Gọi 113 ngay (công an).")
        case _:
            return _("Có người đang gặp nguy hiểm thì gọi ngay: 114 cứu hỏa, cứu nạn; 115 cấp cứu; 113 công an.")


def write_instead() -> str:
    """The same for somebody who can't ring: that they may write, and where they are to say they are."""
    return _("Không gọi được thì cứ viết ở đây. Bạn đang ở đâu? Viết số nhà, đường, phường.")
