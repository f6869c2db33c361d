"""The room's name in Django, and what it tells the rooms below."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig

from tongdai.platform import jobs
from tongdai.platform.live.sockets import Asker, Receive, Send


class VoiceConfig(AppConfig):
    name = "tongdai.channels.voice"
    label = "voice"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tongdai.accounts.registry import at_work, person_changed
        from tongdai.channels.duty.registry import can_ring_out
        from tongdai.platform.backups.registry import save_too
        from tongdai.platform.live import registry as live
        from tongdai.platform.monitoring.registry import checks
        from tongdai.platform.monitoring.registry import metrics as all_metrics
        from tongdai.platform.processes.registry import preloaded, services

        from . import callbacks, metrics, processes, status
        from .agents import lines
        from .recordings import rotation
        from .records import queries
        from .trunks import permission

        jobs.declared_in("tongdai.channels.voice.recordings.intake")
        at_work.register("telephone", lines.is_at_the_phone)
        person_changed.register("telephone", lines.follow_the_person)
        can_ring_out.register(permission.can_ring_out)
        # what the exchange has not yet put into storage
        save_too("exchange/recordings", "exchange/messages", "exchange/spool/recording")
        live.known_to.register("callbacks", callbacks.visible_ids)
        live.known_to.register("calls", queries.calls_shown_to)
        live.known_to.register("agents", queries.agents_shown_to)
        live.sockets.register("/ws", _carry_softphone)
        services.register("voice", processes.services)
        preloaded.register("voice", lambda: ["tongdai.channels.voice.switchboard", "tongdai.channels.voice.archive"])
        checks.register("voice", status.for_doctor)
        checks.register("rotation", rotation.for_doctor)
        all_metrics.register("voice", metrics.gather)


async def _carry_softphone(scope: dict[str, Any], receive: Receive, send: Send, asker: Asker) -> None:
    from .asterisk.softphones import carry  # its client of WebSockets is for the live process alone

    await carry(scope, receive, send, asker)
