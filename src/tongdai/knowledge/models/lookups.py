"""Data sets the city publishes, row by row, and the files they are taken from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.directory.models import Dated, Place

from ..answer_key import Kind
from .answer import Answer, EditedAnswer


class LookupTable(EditedAnswer):
    """A data set the city publishes (tra cứu): care points, vaccination sites, hotlines …

    `columns`: {name, label, role}; roles: `ColumnRole`. `generation`: which rows are seen; an import writes the
    next one unseen, and only its end turns the number. `pull`: {url, minutes, mapping} where it is fetched by itself.
    """

    KIND = Kind.TABLE

    slug = models.SlugField(_("mã bảng"), max_length=60, unique=True)
    name = models.CharField(_("tên bảng"), max_length=200)
    about = models.TextField(_("bảng này cho biết gì"), blank=True, default="")
    keyword = models.CharField(_("từ khóa nhắn tin"), max_length=20, blank=True, default="")
    source = models.CharField(_("nguồn"), max_length=300)
    as_of = models.DateField(_("số liệu ngày"))
    columns = models.JSONField(default=list)
    lists_counters = models.BooleanField(
        _("nơi nhận hồ sơ của từng phường, xã"),
        default=False,
        help_text="told beside a procedure whose papers are handed in at the ward",
    )
    generation = models.PositiveIntegerField(default=0)
    pull = models.JSONField(default=dict, blank=True)
    pulled_at = models.DateTimeField(null=True, blank=True)
    pull_trouble = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LookupRow(Answer):
    """One row of a table. `values`: column name → text as shown."""

    KIND = Kind.ROW

    table = models.ForeignKey(LookupTable, models.CASCADE, related_name="rows")
    generation = models.PositiveIntegerField()
    number = models.PositiveIntegerField(help_text="its place in the file")
    name = models.CharField(max_length=300)
    values = models.JSONField(default=dict)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["table", "number"]
        constraints = [models.UniqueConstraint(fields=["table", "generation", "number"], name="knowledge_one_row")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Whether it is one of the rows that its table shows now."""
        return self.table.is_public and self.generation == self.table.generation


class TableImport(models.Model):
    """A file that is being taken into a table, batch by batch; killed on the way, it goes on where it stood.

    The rows it writes are of a generation nobody sees until the last of them is in.
    """

    table = models.ForeignKey(LookupTable, models.CASCADE, related_name="imports")
    file = models.CharField(max_length=120, help_text="name in the storage")
    generation = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0, help_text="rows taken in so far")
    as_of = models.DateField()
    columns = models.JSONField(default=list, help_text="as they were told when the file was sent")
    problems = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True, default="", help_text="why it can't be taken in at all")

    def __str__(self) -> str:
        return f"import {self.pk}"
