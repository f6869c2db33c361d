"""Plain SIP telephones of the city's agents, played by sipp: they register, ring, are taken up, speak a tone."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from ..smsc.peer import free_port
from .caller import WAITS_FOR_BYE, tone

ASKS_TO_REGISTER = """  <send retrans="500"><![CDATA[
REGISTER sip:[remote_ip] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[remote_ip]>;tag=[call_number]
To: <sip:[field0]@[remote_ip]>
Call-ID: [call_id]
CSeq: {number} REGISTER
Contact: <sip:[field0]@[local_ip]:{port}>
Max-Forwards: 70
Expires: 3600
{proof}Content-Length: 0

]]></send>
"""


def registers(port: int) -> str:
    """A scenario that registers each line: asked for a proof, it gives it."""
    first, second = (ASKS_TO_REGISTER.format(number=n, port=port, proof=p) for n, p in ((1, ""), (2, "[field1]\n")))
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="register">\n'
    return f'{head}{first}  <recv response="401" auth="true"/>\n{second}  <recv response="200"/>\n</scenario>\n'


ANSWERS = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="telephone">
  <recv request="INVITE"/>
  <send><![CDATA[
SIP/2.0 180 Ringing
[last_Via:]
[last_From:]
[last_To:];tag=[pid]T[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Length: 0

]]></send>
  <pause milliseconds="{after}"/>
  <send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[pid]T[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
a=sendrecv

]]></send>
  <recv request="ACK"/>
{speaks}{ends}
"""
TRIES = 3  # to register
TAKEN = "Address already in use"  # as sipp says it: somebody else was quicker to bind the port
STAYS = WAITS_FOR_BYE.format(milliseconds=600_000)


class Telephones:
    """All of `lines` (endpoint, secret) at one address; each rings and is taken up after `after` seconds, until a BYE.

    Without lines they are whatever numbers the exchange dials out to: what lies behind a carrier's `port`.
    """

    def __init__(
        self,
        exchange: tuple[str, int],
        lines: Iterable[tuple[str, str]],
        *,
        after: float = 0.3,
        hertz: float = 0,
        port: int = 0,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tongdai-telephones-"))
        self.exchange, self.port, self._may_move = exchange, port or free_port(), not port
        speaks = ""
        if hertz:
            file = tone(self.folder, hertz)
            speaks = f'  <nop><action><exec rtp_stream="{file},-1,8,PCMA/8000"/></action></nop>\n'
        scenario = self.folder / "answers.xml"
        scenario.write_text(ANSWERS.format(after=int(after * 1000), speaks=speaks, ends=STAYS))
        if lines := list(lines):
            self._register(lines)  # from the very port they then answer at: the exchange rings where it heard from
        self.process = subprocess.Popen(
            ["sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(self.port), "-aa", "-nostdin", "-trace_err",
             "-error_file", str(self.folder / "errors.log")],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def _register(self, lines: list[tuple[str, str]]) -> None:
        scenario, rows = self.folder / "register.xml", self.folder / "lines.csv"
        rows.write_text(
            "SEQUENTIAL\n"
            + "".join(f"{name};[authentication username={name} password={secret}]\n" for name, secret in lines)
        )
        host, port = self.exchange
        log = self.folder / "register.log"
        for _again in range(TRIES):  # a telephone whose proof is challenged anew asks once more
            scenario.write_text(registers(self.port))
            done = subprocess.run(
                ["sipp", f"{host}:{port}", "-sf", str(scenario), "-inf", str(rows), "-m", str(len(lines)),
                 "-i", "127.0.0.1", "-p", str(self.port),
                 "-nostdin", "-timeout", "30", "-trace_err", "-error_file", str(log)],
                cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
            )  # fmt: skip
            if done.returncode == 0:
                return
            if self._may_move and log.exists() and TAKEN in log.read_text(errors="replace"):
                self.port = free_port()
            time.sleep(1)
        raise RuntimeError(log.read_text(errors="replace")[-1500:] if log.exists() else str(done.returncode))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)
