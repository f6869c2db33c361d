"""What lies in deploy/ is taken by the programs it is for."""

from __future__ import annotations

import json
import os
import re
import shutil
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.house import free_port, open_folder

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("*.*") if path.suffix != ".conf")
PROCESSES = {"web", "live", "worker", "sms", "exchange", "voice", "archive"}


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"no {program} here")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that is on this machine."""
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text()
        (tmp_path / name).write_text(text.replace("/opt/tongdai/current/bin/tongdai", "/bin/true"))
    return tmp_path


@needs("systemd-analyze")
def test_systemd_takes_every_unit_without_a_word(units: Path) -> None:
    names = [name.replace("@.", f"@{process}.") for name in UNITS for process in PROCESSES]
    for name in sorted(set(names)):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(units / name)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), name
    (units / "broken.service").write_text("[Service]\nExecStart=/bin/true\nProtectSytem=strict\n")
    broken = ["systemd-analyze", "verify", "--man=no", str(units / "broken.service")]
    assert "ProtectSytem" in subprocess.run(broken, capture_output=True, text=True, check=False).stderr


@needs("systemd-analyze")
def test_services_may_little(units: Path) -> None:
    for name in ("tongdai.service", "tongdai@.service", "tongdai-migrate.service", "tongdai-doctor.service"):
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(units / name)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-400:] + done.stderr


def test_services_leave_to_the_readers_of_strangers_files_what_they_need() -> None:
    for name in ("tongdai.service", "tongdai@.service"):
        text = (DEPLOY / "systemd" / name).read_text()
        allowed = re.search(r"^SystemCallFilter=(.*)$", text, re.MULTILINE)
        assert allowed and {"seccomp", "landlock_restrict_self", "memfd_create"} <= set(allowed[1].split())
        assert "User=tongdai" in text and "MemoryDenyWriteExecute" not in text


def test_every_process_of_the_house_has_its_service() -> None:
    import tongdai.cli  # noqa: F401 -- each room adds its own
    from tongdai.platform.commands import run

    assert {command.callback.__name__ for command in run.registered_commands if command.callback} == PROCESSES


@pytest.mark.skipif(not shutil.which("caddy"), reason="no caddy here")
def test_caddy_takes_its_file_and_believes_nobodys_address(tmp_path: Path) -> None:
    with stub() as (port, seen), caddy(tmp_path, web=port, live=port) as ask:
        assert ask("/tim/?q=x", **{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}).status_code == 200
        path, headers = seen[-1]
        assert (path, headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("/tim/?q=x", "127.0.0.1", "https")
        assert headers["Host"].startswith("localhost")
        assert ask("/live").status_code == 200 and seen[-1][0] == "/live"
        for inner in ("/metrics", "/readyz", "/healthz"):
            assert ask(inner).status_code == 404
        assert not any(path == "/metrics" for path, _headers in seen)
        assert ask("/phan-anh/", content=b"x" * 3_000_000).status_code == 200
        assert seen[-1][1]["Content-Length"] == "3000000"  # the house says what is too large, in words
        ask("/p/73041859261/token-that-opens/?a=b")
    log = (tmp_path / "access.log").read_text()
    assert "/p/73041859261/" in log and "token-that-opens" not in log and "q=x" not in log


@contextmanager
def stub() -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    """A web server that notes what it was asked."""
    seen: list[tuple[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != "/readyz":
                seen.append((self.path, dict(self.headers)))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True

        def handle_error(self, *_: object) -> None:  # Caddy hangs up on what it has refused
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], seen
        server.shutdown()


@contextmanager
def caddy(folder: Path, *, web: int, live: int) -> Iterator[Any]:
    """Caddy with our file: another name and port, a certificate of its own making; how it is asked."""
    port, config = free_port(), folder / "Caddyfile"
    text = (DEPLOY / "caddy" / "Caddyfile").read_text()
    checked = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "caddy" / "Caddyfile")],
        env=_environment(folder, web, live), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
    here = f"admin off\n\tauto_https disable_redirects\n\tskip_install_trust\n\thttp_port {free_port()}\n\tservers {{"
    text = text.replace("servers {", here, 1).replace(
        "1022.thanh-pho.vn {", f"https://localhost:{port} {{\n\ttls internal"
    )
    config.write_text(text)
    process = subprocess.Popen(
        ["caddy", "run", "--adapter", "caddyfile", "--config", str(config)],
        env=_environment(folder, web, live), stdout=subprocess.DEVNULL, stderr=(folder / "log").open("wb"),
    )  # fmt: skip

    def ask(path: str, *, content: bytes = b"", **headers: str) -> httpx.Response:
        method = "POST" if content else "GET"
        return httpx.request(
            method, f"https://localhost:{port}{path}", content=content, headers=headers, verify=False, timeout=20
        )

    try:
        for _ in range(100):
            try:
                if ask("/").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        else:
            raise AssertionError((folder / "log").read_text())
        yield ask
    finally:
        process.terminate()
        process.wait(timeout=20)


def _environment(folder: Path, web: int, live: int) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin", "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
        "TONGDAI_WEB": f"127.0.0.1:{web}", "TONGDAI_LIVE": f"127.0.0.1:{live}",
        "TONGDAI_CADDY_LOG": str(folder / "access.log"),
    }  # fmt: skip


def test_hadolint_finds_nothing_in_the_containers_recipe() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    folder = DEPLOY / "container"
    done = subprocess.run(
        [hadolint, "--config", folder / "hadolint.yaml", folder / "Containerfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_containers_have_no_rights_and_only_the_proxy_is_open() -> None:
    compose = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())
    services = compose["services"]
    ours = {name: each for name, each in services.items() if name not in ("database", "proxy")}
    assert set(ours) == {"migrate", "web", "live", "worker", "sms"}
    for name, each in ours.items():
        assert each["cap_drop"] == ["ALL"] and each["read_only"] and "no-new-privileges:true" in each["security_opt"], (
            name
        )
        assert "environment" in each["env_file"] and "privileged" not in each, name
    assert [name for name, each in services.items() if "ports" in each] == ["proxy"]
    for name, each in services.items():
        assert set(each) <= KNOWN, name
        assert set(each.get("depends_on", {})) <= set(services), name
        assert set(each.get("networks", [])) <= set(compose["networks"]), name
        for volume in each.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / "container" / source).exists(), volume
    own = re.findall(r"^(TONGDAI_\w+|DATABASE_URL)=", (DEPLOY / "container" / "environment.example").read_text(), re.M)
    assert {"TONGDAI_PUBLIC_URL", "TONGDAI_BEHIND_PROXY", "TONGDAI_SECRET_KEY", "DATABASE_URL"} == set(own)
    assert json.dumps(compose)


# of the Compose specification (github.com/compose-spec), those used here
KNOWN = {
    "image", "restart", "init", "read_only", "cap_drop", "security_opt", "tmpfs", "env_file", "volumes", "networks",
    "stop_grace_period", "logging", "depends_on", "command", "environment", "secrets", "healthcheck", "profiles", "ports",
}  # fmt: skip


@needs("promtool")
def test_every_alert_fires_on_its_own_figure_and_none_on_a_quiet_evening() -> None:
    folder = DEPLOY / "monitoring"
    for verb, file in (("check", "tongdai.rules.yml"), ("test", "tongdai.rules.test.yml")):
        done = subprocess.run(
            ["promtool", verb, "rules", file], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    rules = yaml.safe_load((folder / "tongdai.rules.yml").read_text())["groups"][0]["rules"]
    tried = {each["name"] for each in yaml.safe_load((folder / "tongdai.rules.test.yml").read_text())["tests"]}
    assert {rule["alert"] for rule in rules} <= tried


@pytest.mark.django_db
def test_alerts_watch_figures_that_there_are(settings: Any, client: Any) -> None:
    settings.SMSC = "smpp://tongdai:secret@127.0.0.1:2775"
    there = set(re.findall(r"^(tongdai_\w+)", client.get("/metrics").content.decode(), re.MULTILINE))
    watched = set(re.findall(r"tongdai_\w+", (DEPLOY / "monitoring" / "tongdai.rules.yml").read_text()))
    assert watched <= there, watched - there


@needs("logrotate")
def test_logrotate_takes_its_file(tmp_path: Path) -> None:
    done = subprocess.run(
        ["logrotate", "-d", "-s", str(tmp_path / "state"), str(DEPLOY / "logrotate" / "tongdai")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "error" not in done.stderr, done.stderr


def test_what_migrates_knows_the_databases_owner() -> None:
    for name in ("tongdai.service", "tongdai-migrate.service"):
        assert re.search(
            r"^EnvironmentFile=-?/etc/tongdai/owner\.environment$", (DEPLOY / "systemd" / name).read_text(), re.M
        )


@pytest.fixture
def settled() -> Iterator[Path]:
    """A folder for settings that anybody may enter."""
    folder = open_folder()
    yield folder
    shutil.rmtree(folder)


def wrapped(folder: Path, program: str = "/usr/bin/env") -> subprocess.CompletedProcess[str]:
    """The command `tongdai` with the settings in this folder, as a user who is not root; its program says its environment."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "TONGDAI_ETC": str(folder),
        "TONGDAI_USER": "nobody",
        "TONGDAI_PROGRAM": program,
    }
    return subprocess.run(
        [DEPLOY / "tongdai.sh"], env={**environment, "TONGDAI_HOME": str(folder / "home")}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_the_command_takes_every_setting_as_systemd_does(settled: Path) -> None:
    address = "postgresql://tongdai_app:p$w`x`@db/tongdai?sslmode=verify-full&sslrootcert=/etc/tongdai/ca.pem"
    (settled / "home").mkdir()
    (settled / "home").chmod(0o777)
    for written in (address, f"'{address}'", f'"{address}"'):
        (settled / "environment").write_text(f"# words\n\nDATABASE_URL={written}\nTONGDAI_SMTP='a b'")
        said = wrapped(settled).stdout.splitlines()
        assert f"DATABASE_URL={address}" in said and "TONGDAI_SMTP=a b" in said
    (settled / "environment").write_text("DATABASE_URL=x\nexport A=b\n")
    done = wrapped(settled)
    assert done.returncode == 1 and "NAME=value" in done.stderr and not done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="what is root's and can't be read is made by root alone")
@pytest.mark.parametrize("name", ["environment", "worker.environment"])
def test_the_command_says_which_settings_it_may_not_read(settled: Path, name: str) -> None:
    (settled / "environment").write_text("A=b\n")
    (settled / name).write_text("A=b\n")
    (settled / name).chmod(0o640)
    done = wrapped(settled)
    assert done.returncode == 1 and f"chgrp tongdai {settled / name}" in done.stderr and not done.stdout
