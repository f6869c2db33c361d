"""A citizen with a telephone, played by sipp: dials, hears, presses keys, speaks a tone, hangs up."""

from __future__ import annotations

import array
import math
import subprocess
import tempfile
import time
from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[
INVITE sip:1022@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{number}@[local_ip]:[local_port]>;tag=[pid]SIPp[call_number]
To: <sip:1022@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:{number}@[local_ip]:[local_port]>
{headers}Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8 96
a=rtpmap:8 PCMA/8000
a=rtpmap:96 telephone-event/8000
a=fmtp:96 0-15
a=sendrecv

]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200"/>
  <send><![CDATA[
ACK sip:1022@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{number}@[local_ip]:[local_port]>;tag=[pid]SIPp[call_number]
To: <sip:1022@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Contact: <sip:{number}@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Length: 0

]]></send>
"""
HANGS_UP = """  <send retrans="500"><![CDATA[
BYE sip:1022@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{number}@[local_ip]:[local_port]>;tag=[pid]SIPp[call_number]
To: <sip:1022@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="200"/>
</scenario>
"""
HANGED_UP_ON = """  <recv request="BYE" timeout="120000"/>
  <send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
"""


def tone(folder: Path, hertz: float, seconds: float = 20) -> Path:
    """A file of A-law's linear source that sipp streams: 8 kHz, 16 bit. Found again in the other's ear by its pitch."""
    file = folder / f"tone-{hertz:g}.alaw"
    file.write_bytes(
        bytes(_alaw(int(9000 * math.sin(2 * math.pi * hertz * n / 8000))) for n in range(int(8000 * seconds)))
    )
    return file


class Caller:
    """One call. `steps`: seconds to wait, keys to press ("1"), in the order they are done; then she hangs up.

    She speaks a tone of `hertz` all the while (not where she presses keys: sipp sends the two from different ports). With
    `waits_for_bye` she stays until the other end hangs up.
    """

    def __init__(
        self,
        exchange: tuple[str, int],
        *steps: float | str,
        number: str = "0912345678",
        headers: str = "",
        hertz: float = 0,
        waits_for_bye: bool = False,
        address: str = "127.0.0.1",
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tongdai-caller-"))
        scenario = self.folder / "caller.xml"
        middle = ""
        speaks = f'  <nop><action><exec rtp_stream="{tone(self.folder, hertz)},-1,8,PCMA/8000"/></action></nop>\n'
        if hertz:
            middle += speaks
        for step in steps:
            if isinstance(step, str):
                middle += f'  <nop><action><exec play_dtmf="{step}"/></action></nop>\n'
                middle += f'  <pause milliseconds="{400 * len(step)}"/>\n'
            else:
                middle += f'  <pause milliseconds="{int(1000 * step)}"/>\n'
        text = HEAD + middle.replace("{", "{{").replace("}", "}}") + (HANGED_UP_ON if waits_for_bye else HANGS_UP)
        scenario.write_text(text.format(number=number, headers=headers))
        host, port = exchange
        self.process = subprocess.Popen(
            ["sipp", f"{host}:{port}", "-sf", str(scenario), "-m", "1", "-i", address, "-nostdin", "-trace_err",
             "-error_file", str(self.folder / "errors.log")],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def done(self, within: float = 120) -> None:
        """Wait until she has hung up; fails if her telephone met something it did not expect."""
        assert self.process.wait(timeout=within) == 0, self.errors()

    def hang_up(self) -> None:
        """Now: sipp says BYE to what is going on when it is asked to end."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def errors(self) -> str:
        file = self.folder / "errors.log"
        return file.read_text(errors="replace")[-2000:] if file.exists() else ""


def loudness(file: Path, hertz: float, *, since: float = 0) -> float:
    """How much of what is in this recording (8 kHz, 16 bit) is this pitch: 0–1, by Goertzel's filter."""
    raw = file.read_bytes()[44:]
    samples = array.array("h", raw[: len(raw) // 2 * 2])[int(since * 8000) :]
    if not samples:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hertz / 8000)
    best = 0.0
    for start in range(0, len(samples) - 800, 800):
        before = last = energy = 0.0
        for sample in samples[start : start + 800]:
            before, last = last, sample + turn * last - before
            energy += sample * sample
        power = before * before + last * last - turn * before * last
        if energy > 800 * 100 * 100:
            best = max(best, power / (energy * 400))
    return best


def _alaw(sample: int) -> int:
    """G.711 A-law of one 16-bit sample (ITU-T G.711)."""
    sign, magnitude = (0x80, sample) if sample >= 0 else (0x00, -sample - 1)
    magnitude = min(magnitude >> 3, 0xFFF)
    exponent = max(magnitude.bit_length() - 5, 0)
    low = (magnitude >> (exponent if exponent else 1)) & 0x0F if exponent else (magnitude >> 1) & 0x0F
    return (sign | (exponent << 4) | low) ^ 0x55


def wait_until(true, within: float = 20) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + within
    while not true():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.1)
