"""The document as PDF: LibreOffice prints the Word, so that both say the same, whatever template the city uses."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from threading import Lock

from django.utils.translation import gettext as _

PDF = "application/pdf"
PROGRAMS = ("soffice", "libreoffice")
PATIENCE = 180.0  # seconds; ten were measured on two busy cores
_one_at_a_time = Lock()


class NoPdf(RuntimeError):
    """There is no PDF; the words say why and what to do."""


def program() -> str | None:
    """Return LibreOffice's path; None where it isn't installed."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def make(word: bytes) -> bytes:
    """Print a Word file.

    The program gets a home of its own, nothing of our environment (which may hold secrets), and is killed when it hangs.

    Raises:
        NoPdf: LibreOffice isn't installed, is busy with another one, failed, or took too long.
    """
    found = program()
    if found is None:
        raise NoPdf(
            _("Máy chủ chưa có LibreOffice nên chưa làm được PDF: {command}").format(
                command="apt-get install --no-install-recommends libreoffice-writer-nogui fonts-liberation2"
            )
        )
    if not _one_at_a_time.acquire(blocking=False):
        raise NoPdf(_("Đang làm một tệp PDF khác; xin thử lại sau một phút."))
    try:
        with tempfile.TemporaryDirectory(prefix="tongdai-report-") as folder:
            return _printed(found, word, Path(folder))
    finally:
        _one_at_a_time.release()


def _printed(found: str, word: bytes, folder: Path) -> bytes:
    (folder / "report.docx").write_bytes(word)
    command = [
        found,
        "--headless",
        "--norestore",
        "--nolockcheck",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
    ]
    command += ["--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(folder / "report.docx")]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    try:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        _out, errors = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)  # soffice is a script whose program is its child
        process.wait()
        raise NoPdf(_("LibreOffice làm PDF quá lâu nên đã dừng; xin thử lại.")) from None
    made = folder / "report.pdf"
    if not made.exists():
        raise NoPdf(
            _("LibreOffice không làm được PDF: {why}").format(why=errors.decode(errors="replace").strip()[-300:])
        )
    return made.read_bytes()
