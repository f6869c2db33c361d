"""A document that was sent: a PDF, looked over in a process of its own and kept as it came."""

from __future__ import annotations

import hashlib
import re
from typing import IO

import structlog

from tongdai.language.text import clean
from tongdai.platform.decoders import connection, functions
from tongdai.platform.decoders.confinement import Limits

from .redrawing import Drawn

log = structlog.get_logger(__name__)

CONTENT_TYPE, ACCEPT = "application/pdf", "application/pdf"
LONGEST_NAME = 120  # characters, with its ending
CHECK = "tongdai.shell.uploads.pdf_check:check"
LIMITS = Limits(cpu=10, wall=20, memory=256 * 2**20, output=64 * 1024)
POOL = connection.Pool(at_once=2, patience=20)
_NO_PART_OF_A_NAME = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u202a-\u202e\u2066-\u2069]+")


class DocumentRefused(Exception):
    """This file can't be taken. `why` is `unreadable`, `locked`, `active`, `huge`, or `busy`: later it can."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def look_over(file: IO[bytes]) -> Drawn:
    """Return the document as it will be kept: every octet as it came.

    Raises:
        DocumentRefused: it is no PDF, or none that everybody can open safely.
    """
    data = file.read()
    try:
        functions.call(CHECK, data, limits=LIMITS, pool=POOL)
    except functions.Refusal as refused:
        raise DocumentRefused(str(refused)) from refused
    except connection.Unavailable as later:
        log.warning("documents.not_looked_over", why=str(later))
        raise DocumentRefused("busy") from later
    except connection.OverLimit as over:
        raise DocumentRefused("huge") from over
    except connection.CannotRead as broken:
        raise DocumentRefused("unreadable") from broken
    return Drawn(data, 0, 0, hashlib.sha256(data).hexdigest(), CONTENT_TYPE)


def name_of(sent: str) -> str:
    """Return the name a document is shown and downloaded under: what its sender called it, and that it is a PDF.

    No path, no signs that a file's name can't have, none that turns the reading direction round.
    """
    bare = clean(_NO_PART_OF_A_NAME.sub(" ", sent)).removesuffix(".pdf").removesuffix(".PDF").strip(" .")
    return f"{' '.join(bare.split())[: LONGEST_NAME - 4].strip() or 'tai-lieu'}.pdf"
