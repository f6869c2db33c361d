"""A carrier's trunk as a row: where it is, how it is known, what it is told."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trunk(models.Model):
    """A carrier's way to us (đường trung kế). Its calls come from its addresses, whatever else it must prove.

    We may have to register with it (`REGISTRATION`), or it proves each call by digest (`DIGEST`).
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", _("theo địa chỉ IP")
        REGISTRATION = "registration", _("theo đăng ký")
        DIGEST = "digest", _("theo địa chỉ IP và mật khẩu")
        BROWSER = "browser", _("điện thoại thử trong trình duyệt")

    class Transport(models.TextChoices):
        """How SIP goes between us."""

        UDP = "udp"
        TLS = "tls"

    class Encryption(models.TextChoices):
        """Whether the voice is encrypted: SRTP (RFC 3711), its keys in the SDP (RFC 4568)."""

        NONE = "none"
        OPTIONAL = "optional"
        REQUIRED = "required"

    class Shows(models.TextChoices):
        """Whose number the carrier is told where we hand a citizen on."""

        OURS = "ours"
        ASSERTED = "asserted"
        FROM = "from"

    class Diversion(models.TextChoices):
        """By which header it is told that the call came to 1022 first: RFC 5806, RFC 7044."""

        NONE = "none"
        DIVERSION = "diversion"
        HISTORY = "history-info"
        BOTH = "both"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ADDRESS)
    host = models.CharField(max_length=120, help_text="host or host:port we send to")
    addresses = models.JSONField(default=list, help_text="addresses or networks it calls from: 10.1.2.0/24")
    username = models.CharField(max_length=60, blank=True, default="")
    secret = models.CharField(max_length=120, blank=True, default="")
    codecs = models.CharField(max_length=60, default="alaw,ulaw,opus")
    transport = models.CharField(max_length=4, choices=Transport, default=Transport.UDP)
    srtp = models.CharField(max_length=8, choices=Encryption, default=Encryption.NONE)
    shows = models.CharField(max_length=10, choices=Shows, default=Shows.OURS)
    diversion = models.CharField(max_length=12, choices=Diversion, default=Diversion.NONE)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def endpoint(self) -> str:
        """What Asterisk calls it."""
        return f"trunk-{self.pk}"

    @property
    def uri(self) -> str:
        """Where its calls are sent, as Asterisk's files have it: a bare `;` begins a comment there."""
        return f"sip:{self.host}" + (r"\;transport=tls" if self.transport == self.Transport.TLS else "")

    @property
    def known_by(self) -> list[str]:
        """The addresses its calls are taken from: those named, else where we send to."""
        return self.addresses or [self.known_by_name.strip("[]")]

    @property
    def known_by_name(self) -> str:
        """The host we send to, without a port: of an IPv6 address in brackets."""
        return re.split(r"[:;](?![^\[]*\])", self.host)[0]
