"""Debian's nginx with TLS before a house, set up as docs/deploy.md says: deploy/nginx/tongdai.conf, its ports and paths changed."""

from __future__ import annotations

import http.client
import re
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.house import House, free_port, open_folder

DEPLOY = Path(__file__).parents[2] / "deploy" / "nginx"
NAME = "1022.test"
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else "")
NEEDS_NGINX = pytest.mark.skipif(not (NGINX and shutil.which("openssl")), reason="needs Debian's nginx and openssl")

MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/tongdai.conf;
}}
"""


class Nginx:
    """The proxy: its ports are known before the house starts, which must be told its own public address."""

    def __init__(self) -> None:
        self.folder = open_folder()
        self.port, self.plain_port = free_port(), free_port()
        self.url = f"https://{NAME}:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        _make_certificate(self.folder)
        self.trust = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))

    def start(self, house: House) -> None:
        shutil.copytree(DEPLOY / "pages", self.folder / "pages")
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder))
        (self.folder / "tongdai.conf").write_text(self._site(house))
        command = [
            NGINX,
            "-p",
            str(self.folder),
            "-c",
            str(self.folder / "nginx.conf"),
            "-e",
            f"{self.folder}/start.log",
        ]
        subprocess.run([*command, "-t", "-q"], check=True)
        self.process = subprocess.Popen(command)
        house.wait_for(lambda: _listens(self.port), within=15)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=15)
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, by: str = "127.0.0.1", **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        """One request by TLS from the client at the address `by`; header names with _ for -."""
        link = http.client.HTTPSConnection(NAME, self.port, context=self.trust, timeout=20)
        link.sock = self.connect(by=by)
        wanted = {name.replace("_", "-"): value for name, value in headers.items()}
        link.request(method, path, body=body, headers=wanted)
        answer = link.getresponse()
        words = answer.read().decode(errors="replace")
        link.close()
        return answer, words

    def connect(self, *, by: str = "127.0.0.1") -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20, source_address=(by, 0))
        return self.trust.wrap_socket(plain, server_hostname=NAME)

    def _site(self, house: House) -> str:
        site = (DEPLOY / "tongdai.conf").read_text()
        for said, here in {
            "127.0.0.1:8022": f"{house.environment['TONGDAI_HOST']}:{house.port}",
            "127.0.0.1:8023": f"{house.environment['TONGDAI_HOST']}:{house.environment['TONGDAI_LIVE_PORT']}",
            "listen 443": f"listen {self.port}",
            "listen [::]:443": f"listen [::]:{self.port}",
            "listen 80;": f"listen {self.plain_port};",
            "listen [::]:80;": f"listen [::]:{self.plain_port};",
            "https://$server_name$": f"https://$server_name:{self.port}$",
            "1022.thanh-pho.vn": NAME,
            "/etc/ssl/tongdai": str(self.folder),
            "/var/log/nginx/tongdai.log": str(self.folder / "access.log"),
            "/etc/nginx/tongdai-pages": str(self.folder / "pages"),
        }.items():
            assert said in site, f"deploy/nginx/tongdai.conf no longer says {said}"
            site = site.replace(said, here)
        if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
            site = re.sub(r"\n    listen \[::].*", "", site)
        return site


def _make_certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
