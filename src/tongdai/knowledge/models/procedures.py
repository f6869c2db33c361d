"""Administrative procedures (thủ tục hành chính), and the files of them that editors send."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User

from ..answer_key import Kind
from .answer import EditedAnswer


class Level(models.TextChoices):
    """Where a procedure is settled, the lowest first (two tiers since 1 July 2025, and the ministries)."""

    COMMUNE = "commune", _("xã, phường, đặc khu")
    PROVINCE = "province", _("tỉnh, thành phố")
    MINISTRY = "ministry", _("bộ, ngành")
    OTHER = "other", _("cơ quan khác")


_ORDER = {level: place for place, level in enumerate(Level.values)}


def lowest_level(levels: Iterable[str]) -> int:
    """0 the commune … 3; a procedure of no level stands last."""
    return min((_ORDER[level] for level in levels if level in _ORDER), default=len(_ORDER))


class Audience(models.TextChoices):
    """Who a procedure is for."""

    CITIZEN = "citizen", _("công dân")
    BUSINESS = "business", _("doanh nghiệp")
    ORGANISATION = "organisation", _("tổ chức")
    FOREIGNER = "foreigner", _("người nước ngoài, người Việt Nam ở nước ngoài")
    OFFICIAL = "official", _("cán bộ, công chức")


class Procedure(EditedAnswer):
    """An administrative procedure (thủ tục hành chính) as its decision describes it.

    `steps`: sentences; `papers`: {name, originals, copies, form, note}; `ways`: {way, time_limit, fee, note};
    `legal_basis`: {number, title}. `twin_of`: the same procedure at a lower level, which is shown in its stead.
    `troubles`: what could not be read with certainty, {at, what}; that part is not told until an editor has settled it.
    The columns hold what citizens read; `plain` says which of them are plain text, and keeps the official text beside it
    (`answers/plain_text.py`). `official_changed_at`: when the source changed under plain text that nobody looked at since.
    """

    KIND = Kind.PROCEDURE

    code = models.CharField(_("mã thủ tục"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=1500)
    summary = models.TextField(_("nói ngắn"), blank=True, default="")
    field = models.CharField(_("lĩnh vực"), max_length=300, blank=True, default="")
    levels = models.JSONField(_("cấp thực hiện"), default=list, blank=True)
    audience = models.JSONField(_("ai làm"), default=list, blank=True)
    agency = models.TextField(_("cơ quan giải quyết"), blank=True, default="")
    place = models.TextField(_("nơi nộp"), blank=True, default="")
    requirements = models.TextField(_("điều kiện"), blank=True, default="")
    steps = models.JSONField(_("các bước"), default=list, blank=True)
    papers = models.JSONField(_("giấy tờ"), default=list, blank=True)
    ways = models.JSONField(_("cách nộp"), default=list, blank=True)
    result = models.TextField(_("kết quả"), blank=True, default="")
    legal_basis = models.JSONField(_("căn cứ pháp lý"), default=list, blank=True)
    decision = models.CharField(_("quyết định công bố"), max_length=200, blank=True, default="")
    source = models.URLField(_("nguồn"), max_length=500, blank=True, default="")
    twin_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="twins")
    troubles = models.JSONField(default=list, blank=True)
    plain = models.JSONField(default=dict, blank=True)
    official_changed_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="", help_text="of the record it was imported from")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def unsure(self, part: str) -> bool:
        """Whether this part could not be read with certainty and waits for an editor."""
        return any(trouble["at"] == part for trouble in self.troubles)


class ProcedureImport(models.Model):
    """A file of procedures that an editor has sent and tried: it waits for another, who has it taken in or puts it aside.

    `outcome`: what it would change, as `imports.Outcome` says it.
    """

    file = models.CharField(max_length=120, help_text="name in the storage; it goes when the import ends")
    whole = models.BooleanField(help_text="the file is all there is: what it lacks has been repealed")
    outcome: models.JSONField[Any, Any] = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"procedures {self.pk}"
