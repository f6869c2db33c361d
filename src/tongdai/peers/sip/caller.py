"""A citizen with a telephone, played by sipp: dials, hears, presses keys, speaks a tone, hangs up."""

from __future__ import annotations

import math
import struct
import subprocess
import tempfile
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
WAITS_FOR_BYE = """  <recv request="BYE" timeout="{milliseconds}"/>
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
HANGED_UP_ON = WAITS_FOR_BYE.format(milliseconds=120_000)

SILENT_AFTER = 8  # seconds: the machine takes it for the end of a message


def spoken(folder: Path, hertz: float, seconds: float) -> Path:
    """A capture of RTP packets (PCMA, 20 ms each) that sipp plays from the port it sends keys from: a tone, then silence."""
    file = folder / f"says-{hertz:g}-{seconds:g}.pcap"
    frames = [bytes(alaw(int(9000 * math.sin(2 * math.pi * hertz * n / 8000))) for n in range(160 * i, 160 * i + 160))
              for i in range(int(50 * seconds))]  # fmt: skip
    frames += [bytes([alaw(0)]) * 160] * (50 * SILENT_AFTER)
    packets = [struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for number, frame in enumerate(frames):
        rtp = struct.pack("!BBHII", 0x80, 8, number + 1, 160 * number, 1022) + frame
        udp = struct.pack("!HHHH", 5000, 5000, 8 + len(rtp), 0) + rtp
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1") + udp
        ethernet = bytes(12) + b"\x08\0" + ip
        at = number * 20_000
        packets.append(struct.pack("<IIII", at // 1_000_000, at % 1_000_000, len(ethernet), len(ethernet)) + ethernet)
    file.write_bytes(b"".join(packets))
    return file


def tone(folder: Path, hertz: float, seconds: float = 20) -> Path:
    """A file of A-law's linear source that sipp streams: 8 kHz, 16 bit. Found again in the other's ear by its pitch."""
    file = folder / f"tone-{hertz:g}.alaw"
    file.write_bytes(
        bytes(alaw(int(9000 * math.sin(2 * math.pi * hertz * n / 8000))) for n in range(int(8000 * seconds)))
    )
    return file


class Caller:
    """One call. `steps`: seconds to wait, keys to press ("1"), in the order they are done; then she hangs up.

    She speaks a tone of `hertz` all the while (not where she presses keys: sipp sends the two from different ports), or
    after the last step for `speaks_for` seconds. With `waits_for_bye` she stays until the other end hangs up.
    """

    def __init__(
        self,
        exchange: tuple[str, int],
        *steps: float | str,
        number: str = "0912345678",
        headers: str = "",
        hertz: float = 0,
        speaks_for: float = 0,
        waits_for_bye: bool = False,
        address: str = "127.0.0.1",
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tongdai-caller-"))
        scenario = self.folder / "caller.xml"
        middle = ""
        speaks = f'  <nop><action><exec rtp_stream="{tone(self.folder, hertz)},-1,8,PCMA/8000"/></action></nop>\n'
        if hertz and not speaks_for:
            middle += speaks
        for step in steps:
            if isinstance(step, str):
                middle += f'  <nop><action><exec play_dtmf="{step}"/></action></nop>\n'
                middle += f'  <pause milliseconds="{400 * len(step)}"/>\n'
            else:
                middle += f'  <pause milliseconds="{int(1000 * step)}"/>\n'
        if speaks_for:
            file = spoken(self.folder, hertz or 440, speaks_for)
            middle += f'  <nop><action><exec play_pcap_audio="{file}"/></action></nop>\n'
        head = HEAD.replace("[rtpstream_audio_port]", "[media_port]") if speaks_for else HEAD
        text = head + middle.replace("{", "{{").replace("}", "}}") + (HANGED_UP_ON if waits_for_bye else HANGS_UP)
        scenario.write_text(text.format(number=number, headers=headers))
        host, port = exchange
        self.process = subprocess.Popen(
            ["sipp", f"{host}:{port}", "-sf", str(scenario), "-m", "1", "-i", address, "-nostdin", "-trace_err",
             "-error_file", str(self.folder / "errors.log")],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def done(self, within: float = 120) -> None:
        """Wait until she has hung up. RuntimeError if her telephone met something it did not expect."""
        if self.process.wait(timeout=within):
            raise RuntimeError(self.errors())

    def has_ended(self) -> bool:
        """Whether her call is over, however it ended."""
        return self.process.poll() is not None

    def breaks_off(self) -> None:
        """The telephone dies without a word: no BYE is sent."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def errors(self) -> str:
        file = self.folder / "errors.log"
        return file.read_text(errors="replace")[-2000:] if file.exists() else ""


def alaw(sample: int) -> int:
    """G.711 A-law of one 16-bit sample (ITU-T G.711)."""
    sign, magnitude = (0x80, sample) if sample >= 0 else (0x00, -sample - 1)
    magnitude = min(magnitude >> 3, 0xFFF)
    exponent = max(magnitude.bit_length() - 5, 0)
    low = (magnitude >> (exponent if exponent else 1)) & 0x0F if exponent else (magnitude >> 1) & 0x0F
    return (sign | (exponent << 4) | low) ^ 0x55
