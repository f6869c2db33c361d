"""The city as data: agencies, places, topics, campaigns, the working calendar. Each knows since when and until when it holds."""

from __future__ import annotations

from datetime import date
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.language.sorting import sort_key
from tongdai.language.text import fold
from tongdai.platform.typed_input import days_taken

Row = TypeVar("Row", bound=models.Model)


class Dated(models.QuerySet[Row]):
    """Rows that hold from a day to a day; both ends in, an open end never ends."""

    def on(self, day: date) -> Self:
        """Those that hold on this day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )


class Named(models.Model):
    """A name with the keys that sort and find it as Vietnamese does, whatever collations the server has."""

    name = models.CharField(_("tên"), max_length=200)
    sort_key = models.CharField(max_length=400, db_collation="C", editable=False, default="")
    folded = models.CharField(max_length=200, editable=False, default="", help_text="the name without accents")
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: date) -> bool:
        """Whether it holds on this day; the same as `Dated.on`, for a row that is already here."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def clean_names(self) -> None:
        """Fill the keys made from the name; whoever writes a name calls it (CSV import, scenarios, settings)."""
        self.sort_key = sort_key(self.name)
        self.folded = fold(self.name)


class City(models.Model):
    """The one city this house serves: its name, its province code and the numbers it is reached by."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(_("tên thành phố"), max_length=100, default="")
    owner = models.CharField(_("cơ quan chịu trách nhiệm"), max_length=200, default="")
    province_code = models.CharField(max_length=4, default="", blank=True, help_text="General Statistics Office code")
    hotline = models.CharField(_("số tổng đài"), max_length=20, default="1022")
    on_duty_phone = models.CharField(_("số trực khẩn"), max_length=20, default="", blank=True, help_text="E.164")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="directory_one_city")]

    def __str__(self) -> str:
        return self.name


def usual_kinds() -> list[str]:
    """What a city texts and rings until it decides otherwise."""
    return [Outbound.Kind.MOBILE, Outbound.Kind.LANDLINE]


class Outbound(models.Model):
    """What the city texts and rings (tin và cuộc gọi ra): kinds of numbers, and how many an hour at most. One row.

    A block is ten thousand numbers in a row; a network is where a form on the web came from. Emergency numbers are no
    kind: they are always rung.
    """

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("di động trong nước")
        LANDLINE = "landline", _("máy bàn trong nước")
        FREE = "free", _("1800, miễn cước")
        PREMIUM = "premium", _("1900 và số dịch vụ tính cước")
        SHORT = "short", _("số ngắn, ba đến sáu chữ số")
        FOREIGN = "foreign", _("nước ngoài")
        SATELLITE = "satellite", _("vệ tinh")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    kinds = models.JSONField(_("loại số"), default=usual_kinds)
    texts_an_hour = models.PositiveIntegerField(_("tin nhắn, cả thành phố"), default=2000)
    texts_a_block = models.PositiveIntegerField(_("tin nhắn, một dải mười nghìn số"), default=100)
    texts_a_network = models.PositiveIntegerField(_("tin nhắn do biểu mẫu, một mạng"), default=30)
    calls_an_hour = models.PositiveIntegerField(_("cuộc gọi ra, cả thành phố"), default=600)
    calls_a_block = models.PositiveIntegerField(_("cuộc gọi ra, một dải mười nghìn số"), default=100)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="directory_one_outbound")]

    def __str__(self) -> str:
        return ", ".join(self.kinds)


class Agency(Named):
    """A body that answers cases (cơ quan, đơn vị): department, district, ward, utility. A tree."""

    class Kind(models.TextChoices):
        CITY_OFFICE = "city_office", _("Văn phòng UBND thành phố")
        DEPARTMENT = "department", _("Sở, ngành")
        LOCAL = "local", _("UBND địa phương")
        UTILITY = "utility", _("Đơn vị dịch vụ công")
        INSPECTORATE = "inspectorate", _("Thanh tra")

    code = models.SlugField(_("mã cơ quan"), max_length=60, unique=True)
    kind = models.CharField(_("loại"), max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    places: models.ManyToManyField[Place, Place] = models.ManyToManyField(
        "Place", blank=True, related_name="agencies", help_text="where it is competent"
    )
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True, default="")
    handles_denunciations = models.BooleanField(
        _("giải quyết tố cáo"),
        default=False,
        help_text="a denunciation may be sent to it: the inspectorate, the police …",
    )

    class Meta:
        ordering = ["sort_key"]


class Place(Named):
    """A unit of the city's map (địa bàn): province, district (until 30.6.2025), ward, commune, special zone."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("tỉnh, thành phố")
        DISTRICT = "district", _("quận, huyện")
        WARD = "ward", _("phường")
        COMMUNE = "commune", _("xã")
        TOWNSHIP = "township", _("thị trấn")
        SPECIAL_ZONE = "special_zone", _("đặc khu")

    code = models.CharField(_("mã"), max_length=16, unique=True, help_text="GSO code; former units are prefixed f-")
    level = models.CharField(_("cấp"), max_length=16, choices=Level)
    full_name = models.CharField(_("tên đầy đủ"), max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    successors = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="predecessors")
    latitude = models.FloatField(null=True, blank=True, help_text="of the centre, WGS84 degrees")
    longitude = models.FloatField(null=True, blank=True)
    area_km2 = models.FloatField(null=True, blank=True)
    aliases = models.TextField(blank=True, default="", help_text="names it had earlier still: letters only, one a line")
    boundary = models.JSONField(null=True, blank=True, help_text="GeoJSON geometry, WGS84")

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.full_name


class Campaign(Named):
    """A dated programme (đợt, chiến dịch), such as the COVID-19 trial: groups topics and has its own report."""

    code = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["sort_key"]


WAIT_DAYS = 5  # working days for which a citizen who was asked is waited for, until a topic says otherwise


class Topic(Named):
    """A subject (lĩnh vực) with its legal time limit, its default agency and who may see its cases. A tree."""

    code = models.SlugField(_("mã lĩnh vực"), max_length=60, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="topics")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="topics")
    by_place = models.BooleanField(default=False, help_text="competent is the local agency of the case's place")
    limit_hours = models.PositiveIntegerField(_("thời hạn (giờ làm việc)"), default=40)
    wait_days = models.PositiveSmallIntegerField(
        _("chờ người dân trả lời (ngày làm việc)"),
        default=WAIT_DAYS,
        db_default=WAIT_DAYS,
        help_text="asked for more, a case goes on by itself after so many",
    )
    legal_basis = models.CharField(_("căn cứ pháp lý"), max_length=300, blank=True, default="")
    urgent = models.BooleanField(_("khẩn"), default=False)
    confidential = models.BooleanField(_("mật (tố cáo)"), default=False)
    health = models.BooleanField(
        _("có thông tin sức khỏe"), default=False, db_default=False, help_text="the citizen's consent is asked for"
    )
    anonymous_allowed = models.BooleanField(_("cho phép ẩn danh"), default=True)
    proof_required = models.BooleanField(
        _("trả lời phải kèm ảnh hoặc tài liệu"),
        default=False,
        db_default=False,
        help_text="an answer shows what was done",
    )
    approval_required = models.BooleanField(
        _("trả lời phải có người duyệt"),
        default=False,
        db_default=False,
        help_text="an approver of the agency in charge reads an answer before its citizen does",
    )
    hides_sender = models.BooleanField(
        _("giấu người gửi với cơ quan xử lý"),
        default=False,
        db_default=False,
        help_text="an agency sees name and number only after it has said why it needs them",
    )
    keywords = models.TextField(_("từ khóa"), blank=True, default="", help_text="one phrase a line, accents or none")

    class Meta:
        ordering = ["sort_key"]


class Change(models.Model):
    """One change of a topic or an agency: who, when, what was and what is. Added to and read, never changed.

    `before`, `after`: column → value, of the columns that differ; rows are named by their codes, days as 2025-07-01.
    Nothing before: the row is new. Who made it is named by id without a foreign key: `accounts` lies above.
    """

    class How(models.TextChoices):
        PAGE = "page", _("trên trang")
        FILE = "file", _("từ tệp CSV")
        PUT_BACK = "put_back", _("trả lại như trước")

    table = models.CharField(max_length=10)  # a key of `changes.columns.TABLES`
    row = models.BigIntegerField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True, help_text="accounts.User")
    login = models.CharField(max_length=60, blank=True, default="", help_text="the operator's on the machine")
    how = models.CharField(max_length=10, choices=How)
    before: models.JSONField[Any, Any] = models.JSONField(default=dict)
    after: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["table", "row", "-id"], name="directory_changes_of_row")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {', '.join(self.after)}"


class Holiday(models.Model):
    """A day the city doesn't work, or (working=True) a Saturday worked to make up for one."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=120)
    working = models.BooleanField(default=False)

    class Meta:
        ordering = ["day"]
        constraints = [models.CheckConstraint(condition=days_taken("day"), name="directory_holiday_days_taken")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.name}"


class WorkingHours(models.Model):
    """One span of work on one weekday (0 = Monday). The default week is 7:30–11:30 and 13:00–17:00, Monday to Friday."""

    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["weekday", "starts"]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.starts:%H:%M}–{self.ends:%H:%M}"


class CalendarVersion(models.Model):
    """The calendar as it stood from one change to the next: by which of them a case's deadline was counted.

    `week`: weekday → [[from, to], …] in minutes after midnight; `days`: date → whether it is worked, for all days of the
    years it covers that differ from the week, the law's among them: so that it stays what it was when the law's change.
    """

    week = models.JSONField()
    days = models.JSONField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.made_at:%d.%m.%Y}"
