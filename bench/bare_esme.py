"""The measure of `bench sms`: smpplib with one raw row a text, a window in one commit, then its acknowledgements.

Run as a process of its own: `python -m bench.bare_esme HOST PORT SYSTEM_ID PASSWORD CONNINFO`.
"""

from __future__ import annotations

import select
import sys
from typing import Any

import psycopg
from smpplib import smpp
from smpplib.client import Client

MADE = "CREATE TABLE IF NOT EXISTS bench_raw (id bigserial PRIMARY KEY, sender text, octets bytea, at timestamptz DEFAULT now())"
WINDOW = 50


class Bare(Client):  # type: ignore[misc]
    """Keeps what arrives until the socket has no more, or a window is full."""

    window: list[Any]

    def _message_received(self, pdu: Any) -> None:
        self.window.append(pdu)


def main() -> None:
    host, port, system_id, password, conninfo = sys.argv[1:]
    database = psycopg.connect(conninfo)
    client = Bare(host, int(port), timeout=60, allow_unknown_opt_params=True)
    client.window = []
    client.connect()
    client.bind_transceiver(system_id=system_id, password=password)
    while True:
        client.read_once()
        while len(client.window) < WINDOW and select.select([client._socket], [], [], 0)[0]:
            client.read_once()
        if not client.window:
            continue
        with database.cursor() as cursor:
            for pdu in client.window:
                row = (pdu.source_addr.decode(), pdu.short_message)
                cursor.execute("INSERT INTO bench_raw (sender, octets) VALUES (%s, %s)", row)
        database.commit()
        for pdu in client.window:
            client.send_pdu(_response(client, pdu))
        client.window.clear()


def _response(client: Client, pdu: Any) -> Any:
    answer = smpp.make_pdu("deliver_sm_resp", client=client)
    answer.sequence = pdu.sequence
    return answer


if __name__ == "__main__":
    main()
