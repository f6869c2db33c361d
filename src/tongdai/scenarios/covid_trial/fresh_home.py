"""What the trial through the channels needs before Django reads its settings: an empty home, ports, an SMSC."""

from __future__ import annotations

import os
from pathlib import Path

import typer
from rich.console import Console

from tongdai.channels.voice.asterisk.install import is_installed
from tongdai.peers.sip import can_play
from tongdai.peers.smsc.peer import free_port, start_peer
from tongdai.platform.home import beside_the_code, home

out = Console(highlight=False)


def play(count: int, *, seed: int) -> None:
    """Exits with 1 where the home isn't empty, or where what the peers counted isn't what the house counted."""
    if (home() / "postgres").exists() or os.environ.get("DATABASE_URL"):
        out.print("Cần một nhà mới, trống: TONGDAI_HOME=… / This needs a fresh, empty home: TONGDAI_HOME=…")
        raise typer.Exit(1)
    port, peer = free_port(), start_peer()
    os.environ |= {
        "TONGDAI_HOST": "127.0.0.1",
        "TONGDAI_PORT": str(port),
        "TONGDAI_LIVE_PORT": str(free_port()),
        "TONGDAI_SMSC": peer.url,
        "TONGDAI_DATABASE_AS": "owner",  # this process builds the city; the house it starts is not told
    }
    rings = is_installed(Path(os.environ.get("TONGDAI_EXCHANGE") or beside_the_code("asterisk"))) and can_play()
    if rings:
        names = ("TONGDAI_EXCHANGE_PORT", "TONGDAI_SIP_PORT", "TONGDAI_PHONES_PORT")
        os.environ |= {name: str(free_port()) for name in names}
    else:
        out.print(
            "Máy này chưa có tổng đài Asterisk hoặc sipp (make voice, apt install sip-tester): cuộc gọi chỉ được ghi tay. / "
            "No Asterisk or no sipp here: calls are only written down, as from any telephone."
        )
    try:
        import django

        django.setup()
        from . import channels

        agree = channels.play(count, seed=seed, peer=peer, port=port, rings=rings)
    finally:
        peer.stop()
    if not agree:
        raise typer.Exit(1)
