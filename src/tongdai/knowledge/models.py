"""What the city knows and tells: procedures, questions with their answers, look-up tables, and the words people use.

Only `answers.publishing`, the importers and `ask` write these rows. Each kind of answer has a state, an owner and a
day to look at it again; what stood there before is kept as a `Version`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.directory.models import Agency, Dated, Place


class State(models.TextChoices):
    """Draft → approved → published; withdrawn when it no longer holds. Only what is published is told to citizens."""

    DRAFT = "draft", _("bản nháp")
    APPROVED = "approved", _("đã duyệt")
    PUBLISHED = "published", _("đã công khai")
    WITHDRAWN = "withdrawn", _("đã gỡ")


class Level(models.TextChoices):
    """Where a procedure is settled, the lowest first (two tiers since 1 July 2025, and the ministries)."""

    COMMUNE = "commune", _("xã, phường, đặc khu")
    PROVINCE = "province", _("tỉnh, thành phố")
    MINISTRY = "ministry", _("bộ, ngành")
    OTHER = "other", _("cơ quan khác")


class Audience(models.TextChoices):
    """Who a procedure is for."""

    CITIZEN = "citizen", _("công dân")
    BUSINESS = "business", _("doanh nghiệp")
    ORGANISATION = "organisation", _("tổ chức")
    FOREIGNER = "foreigner", _("người nước ngoài, người Việt Nam ở nước ngoài")
    OFFICIAL = "official", _("cán bộ, công chức")


class Kept(models.Model):
    """What every kind of answer has."""

    state = models.CharField(_("trạng thái"), max_length=10, choices=State, default=State.DRAFT)
    owner = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cơ quan phụ trách")
    )
    review_by = models.DateField(_("rà soát trước ngày"), null=True, blank=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến hết ngày"), null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text="counts the saves: two editors on one page are told apart"
    )
    chosen = models.PositiveIntegerField(default=0, help_text="how often it was opened from a search")
    updated_at = models.DateTimeField()

    objects = Dated.as_manager()

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Whether it holds on this day, both ends in."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Procedure(Kept):
    """An administrative procedure (thủ tục hành chính) as its decision describes it.

    `steps`: sentences; `papers`: {name, originals, copies, form, note}; `ways`: {way, time_limit, fee, note};
    `legal_basis`: {number, title}. `twin_of`: the same procedure at a lower level, which is shown in its stead.
    `troubles`: what could not be read with certainty, {at, what}; that part is not told until an editor has settled it.
    """

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
    digest = models.CharField(max_length=64, blank=True, default="", help_text="of the record it was imported from")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def unsure(self, part: str) -> bool:
        """Whether this part could not be read with certainty and waits for an editor."""
        return any(trouble["at"] == part for trouble in self.troubles)


class Article(Kept):
    """A question and its approved answer (hỏi – đáp)."""

    question = models.CharField(_("câu hỏi"), max_length=300)
    answer = models.TextField(_("trả lời"))
    short = models.CharField(
        _("trả lời ngắn"), max_length=300, blank=True, default="", help_text="for a text or a call"
    )
    legal_basis = models.CharField(_("căn cứ"), max_length=500, blank=True, default="")
    procedures = models.ManyToManyField(Procedure, blank=True, related_name="articles")
    key = models.CharField(max_length=60, unique=True, help_text="names it across imports; never changes")

    class Meta:
        ordering = ["question"]

    def __str__(self) -> str:
        return self.question


class LookupTable(Kept):
    """A data set the city publishes (tra cứu): care points, vaccination sites, hotlines …

    `columns`: {name, label, role}; roles: see `lookups.columns`. `generation`: which rows are seen; an import writes the
    next one unseen, and only its end turns the number. `pull`: {url, minutes, mapping} where it is fetched by itself.
    """

    slug = models.SlugField(_("mã bảng"), max_length=60, unique=True)
    name = models.CharField(_("tên bảng"), max_length=200)
    about = models.TextField(_("bảng này cho biết gì"), blank=True, default="")
    keyword = models.CharField(_("từ khóa nhắn tin"), max_length=20, blank=True, default="")
    source = models.CharField(_("nguồn"), max_length=300)
    as_of = models.DateField(_("số liệu ngày"))
    columns = models.JSONField(default=list)
    generation = models.PositiveIntegerField(default=0)
    pull = models.JSONField(default=dict, blank=True)
    pulled_at = models.DateTimeField(null=True, blank=True)
    pull_trouble = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LookupRow(models.Model):
    """One row of a table. `values`: column name → text as shown."""

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


class Alias(models.Model):
    """What people call a procedure or an article, one phrase each: the search finds it by that too."""

    class Origin(models.TextChoices):
        STARTER = "starter", _("có sẵn")
        EDITOR = "editor", _("biên tập viên")

    procedure = models.ForeignKey(Procedure, models.CASCADE, null=True, related_name="aliases")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="aliases")
    phrase = models.CharField(_("cách người dân gọi"), max_length=200)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.EDITOR)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(procedure__isnull=True) ^ Q(article__isnull=True), name="knowledge_alias_of_one"
            ),
            models.UniqueConstraint(
                fields=["procedure", "article", "phrase"], name="knowledge_one_alias", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.phrase


class Term(models.Model):
    """What people write and what it means: an abbreviation stands for its meaning, a synonym adds the official word."""

    class Kind(models.TextChoices):
        ABBREVIATION = "abbreviation", _("viết tắt")
        SYNONYM = "synonym", _("từ thường dùng")

    kind = models.CharField(max_length=12, choices=Kind)
    written = models.CharField(_("người dân viết"), max_length=100)
    meanings = models.JSONField(_("nghĩa"), default=list)

    class Meta:
        ordering = ["kind", "written"]
        constraints = [models.UniqueConstraint(fields=["kind", "written"], name="knowledge_one_term")]

    def __str__(self) -> str:
        return f"{self.written} = {' | '.join(self.meanings)}"


class Version(models.Model):
    """What an answer said before: one a save, with who saved it. Never changed."""

    kind = models.CharField(max_length=10)
    row = models.BigIntegerField()
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    content: models.JSONField[Any, Any] = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "row", "version"], name="knowledge_one_version")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.row} v{self.version}"


class Draft(models.Model):
    """What an editor has written of an answer and citizens don't see yet; what is published stands until it is."""

    kind = models.CharField(max_length=10)
    row = models.BigIntegerField()
    content: models.JSONField[Any, Any] = models.JSONField()
    based_on = models.PositiveIntegerField(help_text="version of the row that it was begun from")
    number = models.PositiveIntegerField(default=1, help_text="counts its saves")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "row"], name="knowledge_one_draft")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.row} draft"


class Use(models.Model):
    """Somebody asked the base: what was understood, what was answered, on which channel. No number, no name.

    `said`: folded words without names and numbers, for thirty days (`questions`); `sitting`: keyed digest of the call, phone
    or browser it belongs to, so that *answered without a case* can be counted; `opened`: the answer that was told or opened,
    `kind:id`.
    """

    channel = models.CharField(max_length=10)
    said = models.CharField(max_length=200)
    sure = models.CharField(max_length=10)
    found = models.CharField(max_length=60, blank=True, default="", help_text="the first answer, kind:id")
    opened = models.CharField(max_length=60, blank=True, default="")
    part = models.CharField(max_length=10, blank=True, default="")
    useful = models.BooleanField(null=True)
    to_person = models.BooleanField(default=False, help_text="it led to a person or a case all the same")
    sitting = models.CharField(max_length=32, blank=True, default="")
    settled = models.BooleanField(default=False, help_text="an editor has seen to this question")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["at", "channel"], name="knowledge_used", include=["opened", "to_person", "sure"]),
            models.Index(fields=["sitting", "-at"], name="knowledge_sitting", condition=~Q(sitting="")),
            models.Index(
                fields=["said"], name="knowledge_nothing", condition=Q(opened="", settled=False, sure="not_found")
            ),
        ]

    def __str__(self) -> str:
        return self.said


class Edition(models.Model):
    """Counts the changes of the whole base; every process looks at it and reads anew what it holds in memory."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="knowledge_one_edition")]

    def __str__(self) -> str:
        return str(self.number)


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


class DossierSource(models.Model):
    """The city's one-stop system, asked how a dossier (hồ sơ) stands. One row; nothing of a dossier is kept here.

    `mapping`: our field (state, agency, procedure, received, due, done) → path in its JSON, `data.0.trangThai`.
    `states`: its word for a state → the words a citizen is told, where they differ.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    url = models.CharField(max_length=500, help_text="with {code} in it; https, or loopback")
    header = models.CharField(max_length=60, blank=True, default="", help_text="name of the header with the key")
    secret = models.CharField(
        max_length=60, blank=True, default="", help_text="environment variable that holds the key"
    )
    mapping = models.JSONField(default=dict)
    states = models.JSONField(default=dict, blank=True)
    pattern = models.CharField(max_length=200, help_text="regular expression of its codes")
    example = models.CharField(max_length=60, blank=True, default="")
    timeout = models.FloatField(default=3.0, help_text="seconds")
    cached_for = models.PositiveIntegerField(default=60, help_text="seconds")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="knowledge_one_dossier_source")]

    def __str__(self) -> str:
        return self.url


class DeadLink(models.Model):
    """A link of an answer that led nowhere when it was last looked at."""

    kind = models.CharField(max_length=10)
    row = models.BigIntegerField()
    address = models.CharField(max_length=500)
    trouble = models.CharField(max_length=20, help_text="HTTP status, or unreachable")
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.address


class PhraseVector(models.Model):
    """The sentence vector of a name or an alias, where the city uses them (`search.vectors`)."""

    digest = models.CharField(primary_key=True, max_length=64, help_text="SHA-256 of the phrase")
    vector = models.BinaryField(help_text="384 × float16")

    def __str__(self) -> str:
        return self.digest[:8]
