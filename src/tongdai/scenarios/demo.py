"""`tongdai demo`: a filled city to try, with its own message centre, so that a newcomer can text in within minutes."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from tongdai.channels.voice.asterisk.install import is_installed
from tongdai.peers.handset.address import CONTROL
from tongdai.peers.smsc import peer
from tongdai.platform.home import beside_the_code
from tongdai.platform.processes import startup, supervisor
from tongdai.platform.processes.supervisor import Spec

out = Console(highlight=False)

SIGN_INS = (
    ("dieuphoi", "điều phối viên / coordinator"),
    ("nghemay1", "điện thoại viên / call taker"),
    ("giamsat", "giám sát ca / shift supervisor"),
    ("canbo", "cán bộ phường Hồng Bàng / officer of a ward"),
    ("pheduyet", "lãnh đạo duyệt câu trả lời của phường ấy / approver of its answers"),
    ("thanhtra2", "thanh tra / inspector"),
    ("lanhdao", "lãnh đạo: báo cáo / leader: the report"),
    ("quantri", "quản trị / administrator"),
)


def run() -> None:
    """Build what is missing, start everything, and stay until Ctrl-C. Exits with a sentence where it can't."""
    host, port = os.environ.get("DEMO_HOST", "127.0.0.1"), int(os.environ.get("DEMO_PORT", "8022"))
    smpp, control, one_stop = port + 2, port + 3, port + 6
    has_telephone = is_installed(Path(os.environ.get("TONGDAI_EXCHANGE") or beside_the_code("asterisk")))
    for each in (port, port + 1, smpp, control, one_stop, *((port + 4, port + 5) if has_telephone else ())):
        if supervisor.is_taken("127.0.0.1", each):
            out.print(
                f"[red]Cổng {each} đang có chương trình khác dùng (bản thử cần bảy cổng liền, từ {port}). "
                f"Chọn chỗ khác: make demo DEMO_PORT={port + 100}. / Port {each} is taken (the demo needs seven in a row "
                f"from {port}). Choose others: make demo DEMO_PORT={port + 100}[/red]"
            )
            raise typer.Exit(1)
    os.environ |= {
        "TONGDAI_HOST": host,
        "TONGDAI_PORT": str(port),
        "TONGDAI_SMSC": f"smpp://{peer.SYSTEM_ID}:{peer.PASSWORD}@127.0.0.1:{smpp}",
        CONTROL: f"http://127.0.0.1:{control}",
        "TONGDAI_OUTGOING_INSIDE": f"127.0.0.1:{one_stop}",
    }
    if has_telephone:
        os.environ |= {"TONGDAI_EXCHANGE_PORT": str(port + 4), "TONGDAI_SIP_PORT": str(port + 5)}
    try:
        command = peer.command(port=smpp, control=control)
    except peer.PeerMissing as missing:
        out.print(f"[red]{missing}[/red]")
        raise typer.Exit(1) from None
    centre = Spec("smsc", command=command, ready_url=f"http://127.0.0.1:{control}/counts", beats=False)
    counter = Spec(
        "one-stop", command=[sys.executable, "-m", "tongdai.peers.one_stop.peer", str(one_stop)],
        ready_url=f"http://127.0.0.1:{one_stop}/dem", beats=False,
    )  # fmt: skip
    startup.start(demo=True, more=[centre, counter], fill=partial(fill, one_stop=one_stop), greet=print_guide)


def fill(*, one_stop: int) -> None:
    """The trial of 2022 and a living fortnight up to today; nothing where they are already.

    one_stop: the port of the stand-in for the city's one-stop system.
    """
    from tongdai.platform.database.installation import is_demo

    if not is_demo():
        out.print(
            "[red]Thư mục này là nhà của một thành phố thật; bản thử cần một nhà riêng: TONGDAI_HOME=… / "
            "This home is a real city's: give the demo one of its own, TONGDAI_HOME=…[/red]"
        )
        raise typer.Exit(1)
    from tongdai.knowledge.importing import seed
    from tongdai.knowledge.models import DossierSource
    from tongdai.peers.handset import telephone
    from tongdai.peers.one_stop import peer as counter
    from tongdai.platform.clock import today

    from . import tables
    from .commands import load_trial
    from .today import city, fortnight, open_work

    telephone.install()
    seed.start(at=datetime.now(UTC), today=today())
    DossierSource.objects.update_or_create(
        pk=1,
        defaults={"url": f"http://127.0.0.1:{one_stop}/ho-so/{{code}}", "mapping": counter.MAPPING,
                  "states": counter.STATES, "pattern": counter.PATTERN, "example": counter.EXAMPLE},
    )  # fmt: skip
    load_trial()
    now = datetime.now(UTC)
    if fortnight.is_of_today(now=now):
        return
    started = time.monotonic()
    topics, wards, people = city.build()
    tables.build(wards, at=now)
    fortnight.live(topics, wards, now=now)
    open_work.add(topics, wards, people, now=now)
    out.print(f"hai tuần gần đây / the last fortnight, {time.monotonic() - started:.0f} s")


def print_guide() -> None:
    """Where to look, how to sign in, how to text in."""
    from django.conf import settings

    from .building import DEMO_PASSWORD

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("Cổng người dân / the citizens' portal", f"{settings.PUBLIC_URL}/")
    what = "Gọi và nhắn như người dân / call and text in" if settings.SIP_PORT else "Nhắn tin như người dân / text in"
    table.add_row(f"{what}, as a citizen", f"{settings.PUBLIC_URL}/thu/")
    table.add_row("Bàn làm việc / the staff's desk", f"{settings.PUBLIC_URL}/ban/")
    for username, who in SIGN_INS:
        table.add_row(f"  {who}", f"{username}   mật khẩu / password: {DEMO_PASSWORD}")
    table.add_row("Báo cáo thí điểm / the trial's report", f"{settings.PUBLIC_URL}/bao-cao/?ky=thi-diem")
    out.print(table)
