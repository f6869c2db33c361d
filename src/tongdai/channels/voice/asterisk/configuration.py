"""Write Asterisk's configuration from templates and the database; reload what a change touches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine

from tongdai.platform.database.installation import is_demo

from ..models import Line, Trunk
from . import music
from .exchange import APPLICATION, ARI_USER, LONGEST_MESSAGE, WARNED_AT, Exchange

CONF = Path(__file__).with_name("conf")
MODULES = (
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_timing_timerfd",
    "res_security_log",
    "res_crypto",
    "res_pjproject",
    "res_http_websocket",
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_device_state",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "res_speech",
    "func_strings",
    "func_logic",
    "func_channel",
    "func_callerid",
    "func_timeout",
    "func_uri",
    "func_env",
    "func_global",
    "func_cut",
    "func_math",
    "func_pjsip_endpoint",
    "func_pjsip_contact",
    "func_hangupcause",
    "format_wav",
    "format_pcm",
    "format_sln",
    "codec_ulaw",
    "codec_alaw",
    "codec_a_mu",
    "codec_g722",
    "codec_resample",
    "codec_opus_open_source",
    "res_format_attr_opus",
    "bridge_simple",
    "bridge_softmix",
    "bridge_holding",
    "bridge_native_rtp",
    "bridge_builtin_features",
    "res_musiconhold",
    "res_rtp_asterisk",
    "res_srtp",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_pubsub",
    "res_pjsip_acl",
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_registrar",
    "res_pjsip_outbound_registration",
    "res_pjsip_caller_id",
    "res_pjsip_diversion",
    "res_pjsip_dtmf_info",
    "res_pjsip_header_funcs",
    "res_pjsip_nat",
    "res_pjsip_path",
    "res_pjsip_rfc3326",
    "res_pjsip_sdp_rtp",
    "res_pjsip_transport_websocket",
    "chan_pjsip",
    "chan_bridge_media",
    "pbx_config",
    "app_dial",
    "app_mixmonitor",
    "app_playback",
    "app_queue",
    "app_record",
    "app_stack",
    "app_stasis",
    "app_verbose",
    "app_chanspy",
    "app_userevent",
    "res_websocket_client",
    "res_ari_model",
    "res_ari",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_device_states",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
    "res_ari_sounds",
)
OF_THE_DATABASE = {"pjsip.conf": "module reload res_pjsip.so"}


def configure(it: Exchange) -> None:
    """Write all of it; files that already say so stay as they are."""
    for folder in (
        it.etc,
        it.recordings,
        it.messages,
        it.sounds,
        it.folder / "lib",
        it.folder / "log",
        it.folder / "spool",
    ):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (it.folder / "spool" / "recording", it.folder / "lib" / "keys"):
        folder.mkdir(exist_ok=True)
    music.write(it.sounds)
    it.run.mkdir(exist_ok=True, mode=0o700)
    for template in sorted(CONF.glob("*.conf")):
        _write(it.etc / template.name, _rendered(template, it))


def reconfigure(it: Exchange) -> None:
    """After trunks, lines or queues changed: write what they stand in and let the running Asterisk read it anew."""
    for name, reload in OF_THE_DATABASE.items():
        if _write(it.etc / name, _rendered(CONF / name, it)):
            it.ask(reload)


def _rendered(template: Path, it: Exchange) -> str:
    engine = Engine(autoescape=False)
    return engine.from_string(template.read_text(encoding="utf-8")).render(Context(_known(it), autoescape=False))


def _known(it: Exchange) -> dict[str, Any]:
    trunks = Trunk.objects.filter(active=True).order_by("pk")
    if it.tls is None:
        trunks = trunks.exclude(transport=Trunk.Transport.TLS)
    lines = Line.objects.select_related("user").filter(user__is_active=True).order_by("pk")
    return {
        "it": it,
        "modules": MODULES,
        "application": APPLICATION,
        "ari_user": ARI_USER,
        "addresses": settings.RTP_ADDRESSES,
        "trunks": trunks if is_demo() else trunks.exclude(kind=Trunk.Kind.BROWSER),
        "lines": lines if it.phones_port else lines.exclude(kind=Line.Kind.SIP),
        "warned_at": WARNED_AT,
        "after_warning": LONGEST_MESSAGE - WARNED_AT,
    }


def _write(file: Path, text: str) -> bool:
    """Whether it had to be written. Secrets stand in some: nobody else may read any."""
    try:
        if file.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        pass
    new = file.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(text, encoding="utf-8")
    new.rename(file)
    return True
