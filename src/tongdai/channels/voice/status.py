"""How the telephone stands, for the gateway's page and `doctor`: asked of the running Asterisk, never guessed."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from subprocess import SubprocessError

from django.conf import settings
from django.utils.translation import gettext as _

from tongdai.platform.monitoring.registry import Verdict

from .asterisk.exchange import Exchange, exchange
from .asterisk.refusals import Refused, lately
from .models import Agent, Call, Trunk
from .recordings import intake
from .trunks.joining import too_wide

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Way:
    """A carrier's trunk: whether it answers (OPTIONS, each 20 s), how fast, and whether we are registered with it."""

    name: str
    kind: str
    there: bool | None  # None: not asked yet
    milliseconds: float | None
    registered: bool | None  # None: this one needs no registration

    @property
    def well(self) -> bool:
        return self.there is not False and self.registered is not False


@dataclass(frozen=True)
class Telephone:
    """All of it. `flooded`: numbers turned away lately because they called too often at once; `refused`: strangers."""

    here: bool
    runs: bool
    ways: list[Way]
    telephones: int
    calls: int
    flooded: list[str]
    refused: Refused


def telephone(*, at: datetime) -> Telephone:
    """Ask once: two questions to Asterisk, five to the database."""
    it = exchange()
    here = bool(settings.SIP_PORT) and it.is_installed()
    contacts = _ask(it, "pjsip show contacts") if here else ""
    registrations = _ask(it, "pjsip show registrations") if contacts else ""
    calls = Call.objects.filter(came_at__gte=at - DAY)
    flooded = calls.filter(outcome=Call.Outcome.FLOOD).values_list("number", flat=True).distinct()[:10]
    return Telephone(
        here=here,
        runs=bool(contacts),
        ways=[_way(trunk, contacts, registrations) for trunk in _trunks()],
        telephones=Agent.objects.filter(online=True).count(),
        calls=calls.count(),
        flooded=list(flooded),
        refused=lately(at=at),
    )


def _trunks() -> list[Trunk]:
    return list(Trunk.objects.filter(active=True).exclude(kind=Trunk.Kind.BROWSER).order_by("pk"))


def _way(trunk: Trunk, contacts: str, registrations: str) -> Way:
    line = re.search(rf"Contact:\s+{trunk.endpoint}/\S+\s+\S+\s+(Avail|Unavail|NonQual)\s+(\S+)", contacts)
    state, took = line.groups() if line else ("", "")
    registered = None
    if trunk.kind == Trunk.Kind.REGISTRATION:
        registered = bool(re.search(rf"{trunk.endpoint}/\S+\s+\S+\s+Registered", registrations))
    return Way(
        name=trunk.name,
        kind=trunk.get_kind_display(),
        there={"Avail": True, "Unavail": False}.get(state),
        milliseconds=float(took) if state == "Avail" and took.replace(".", "").isdigit() else None,
        registered=registered,
    )


def _ask(it: Exchange, words: str) -> str:
    try:
        return it.ask(words)
    except (OSError, SubprocessError):
        return ""


def speaks_to_browsers() -> bool:
    """Whether this machine has an address beside loopback: browsers' voice (WebRTC) needs one, though nothing leaves it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of RFC 5737: nothing is sent
        except OSError:
            return False
        return not str(probe.getsockname()[0]).startswith("127.")


def for_doctor() -> Iterator[tuple[Verdict, str, str]]:
    """What `tongdai doctor` says: (verdict, what, words)."""
    it, what = exchange(), "điện thoại / telephone"
    if not settings.SIP_PORT:
        how = "" if it.is_installed() else "; Asterisk: `tongdai exchange install`"
        yield "note", what, _("chưa mở: đặt TONGDAI_SIP_PORT, xem docs/telephone.md") + how
        return
    yield from _tls(it)
    if len({it.sip_port, it.phones_port, it.http_port}) < 3:
        yield "wrong", what, _("TONGDAI_SIP_PORT, TONGDAI_PHONES_PORT, TONGDAI_EXCHANGE_PORT phải là ba cổng khác nhau")
    if not it.is_installed():
        yield (
            "wrong", what,
            _("chưa có Asterisk: `tongdai exchange install` (Debian), hoặc TONGDAI_ASTERISK=/đường/dẫn của Asterisk 22"),
        )  # fmt: skip
        return
    from tongdai.platform.clock import now

    found = telephone(at=now())
    if not found.runs:
        yield "note", what, _("tổng đài chưa chạy: `tongdai up`")
        return
    yield "ok", what, _("đang chạy, {n} máy của điện thoại viên").format(n=found.telephones)
    if not speaks_to_browsers():
        yield "note", what, _("máy này chỉ có loopback: nghe trong trình duyệt (WebRTC) không được, máy SIP thì được")
    if aside := [*intake.set_aside(it).glob("*.wav")]:
        yield (
            "note",
            what,
            _("{n} tệp ghi âm không đọc được nằm ở {folder}").format(n=len(aside), folder=aside[0].parent),
        )
    if not found.ways:
        yield "note", what, _("chưa có đường trung kế nào: `tongdai exchange trunk`, xem docs/telephone.md")
    if found.refused.is_flood:
        words = _("máy lạ gõ cửa dồn dập: {n} lần trong một giờ, nhiều nhất từ {network}; xem docs/telephone.md")
        yield "note", what, words.format(n=found.refused.in_this_hour, network=found.refused.worst)
    for trunk in _trunks():
        for address in filter(too_wide, trunk.known_by):
            words = _("mạng {address} quá rộng: máy nào trong đó cũng được coi là nhà mạng")
            yield "wrong", f"{what}: {trunk.name}", words.format(address=address)
    for way in found.ways:
        words = _("trả lời") if way.there else _("chưa hỏi") if way.there is None else _("không trả lời")
        if way.registered is not None:
            words += ", " + (_("đã đăng ký") if way.registered else _("chưa đăng ký được"))
        yield "ok" if way.well else "wrong", f"{what}: {way.name}", words


def _tls(it: Exchange) -> Iterator[tuple[Verdict, str, str]]:
    """What carriers by TLS need and haven't got."""
    what = "SIP TLS"
    by_tls = [trunk.name for trunk in _trunks() if trunk.transport == Trunk.Transport.TLS]
    if by_tls and it.tls is None:
        words = _("{trunks} nối bằng TLS: đặt TONGDAI_SIP_TLS_PORT, chứng thư và khóa, xem docs/telephone.md")
        yield "wrong", what, words.format(trunks=", ".join(by_tls))
    for file in it.tls.missing() if it.tls else ():
        yield (
            "wrong",
            what,
            _("không đọc được {file}").format(file=file or "TONGDAI_SIP_TLS_CERTIFICATE, TONGDAI_SIP_TLS_KEY"),
        )
