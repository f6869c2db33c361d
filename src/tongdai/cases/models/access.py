"""How a citizen comes to see their case whole: links, PINs, one-time codes, and the guesses that were wrong."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongdai.people.models import Contact, Interaction

from .. import codes
from .case import Case


class CaseLink(models.Model):
    """Something that opens one case whole: a link in a text, or what a browser remembers. It ends, and can be withdrawn.

    The token in an address is derived from the row (`cases.access.links`), so that no row and no page of the staff holds it.
    """

    class Purpose(models.TextChoices):
        TEXT = "text", _("đường dẫn trong tin nhắn")
        FILED = "filed", _("trình duyệt đã gửi phiếu")
        DIGITS = "digits", _("trình duyệt đã gõ đúng bốn số cuối")
        KEPT = "kept", _("trình duyệt còn lại sau khi thu hồi đường dẫn")

    case = models.ForeignKey(Case, models.PROTECT, related_name="access")
    purpose = models.CharField(max_length=6, choices=Purpose)
    interaction = models.OneToOneField(Interaction, models.PROTECT, null=True, related_name="carried_link")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "purpose"], name="cases_links")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class CasePin(models.Model):
    """The PIN of a case that holds no number: code and PIN open it whole. Its keyed hash is kept (`cases.access.pins`)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="pin")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"pin of {self.case_id}"


class OneTimeCode(models.Model):
    """Six digits texted to the number on a case. Derived from the row (`cases.access.one_time`), never stored."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="one_time_codes")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="one_time_codes")
    interaction = models.OneToOneField(Interaction, models.PROTECT, null=True, related_name="carried_code")
    made_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "-made_at"], name="cases_one_time")]

    def __str__(self) -> str:
        return f"one-time code {self.pk}"


class CodeTry(models.Model):
    """A wrong guess at the phone number behind a code (docs/personal-data.md)."""

    code = models.CharField(max_length=codes.LENGTH)
    network = models.CharField(max_length=64, help_text="keyed digest of the caller's network, not the address")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["code", "-tried_at"], name="cases_tries"),
            models.Index(fields=["network", "-tried_at"], name="cases_tries_net"),
        ]

    def __str__(self) -> str:
        return self.code
