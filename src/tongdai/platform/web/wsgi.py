"""A request as WSGI has it (PEP 3333), and the answer taken back: what stands between Granian's RSGI and Django."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

AT_ONCE = 1024 * 1024  # bytes of an answer that are sent whole; a longer one goes piece by piece

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def environ_of(scope: Any, *, body: IO[bytes], length: int) -> dict[str, Any]:
    """The environ of a request whose body is here."""
    server, _, port = str(scope.server).rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": peer_of(scope),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # `X_Forwarded_For` would pass for the one that a proxy has set
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        before = environ.get(key)
        environ[key] = f"{before}{';' if key == 'HTTP_COOKIE' else ','}{value}" if before else value
    if scope.authority:  # HTTP/2 carries the host there
        environ.setdefault("HTTP_HOST", scope.authority)
    environ["CONTENT_LENGTH"] = str(length)
    return environ


def peer_of(scope: Any) -> str:
    """The address of whoever holds the other end of the socket."""
    return str(scope.client).rpartition(":")[0].strip("[]")


@dataclass
class Answer:
    """What the application answered: its first megabyte, and the rest if there is more."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    more: Iterator[bytes] | None = None


def ask(application: Application, environ: dict[str, Any]) -> Answer:
    """Let the application answer, in the thread that calls."""
    answer = Answer(500, [], b"")

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        answer.status = int(status.split(" ", 1)[0])
        answer.headers = [(name.lower(), value) for name, value in headers]

    pieces = _pieces(application(environ, start_response))
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > AT_ONCE:
            answer.more = pieces
            break
    answer.body = bytes(body)
    return answer


def _pieces(result: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from result
    finally:
        if close := getattr(result, "close", None):
            close()
