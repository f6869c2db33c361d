"""Files between two tries of one form: kept under a random name for a day, so that an error never costs them twice.

What the page holds is signed: only this house hands such a name out, and only for a file it wrote itself.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tongdai.cases.actions.register import Photo

from .redrawing import Drawn

FOLDER, SALT = "stash", "tongdai.portal.stash"
KEPT_FOR = timedelta(hours=24)
ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
FOLDERS = {"jpg": "photos", "pdf": "documents"}


@dataclass(frozen=True)
class Stashed:
    """A redrawn photo, or a document, in the stash; `ticket` is what the page holds."""

    ticket: str
    file: str
    size: int
    width: int
    height: int
    sha256: str
    content_type: str = "image/jpeg"


def put(drawn: Drawn) -> Stashed:
    """Keep a file for a day."""
    ending = ENDINGS[drawn.content_type]
    name = default_storage.save(f"{FOLDER}/{secrets.token_urlsafe(16)}.{ending}", ContentFile(drawn.data))
    facts = [name, len(drawn.data), drawn.width, drawn.height, drawn.sha256, drawn.content_type]
    return Stashed(signing.dumps(facts, salt=SALT), *facts)  # type: ignore[arg-type]


def look(ticket: str) -> Stashed | None:
    """What stands behind a ticket; None if it is forged, or its day is over. With the storage away: it is believed."""
    try:
        facts = signing.loads(ticket, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    try:
        is_there = default_storage.exists(facts[0])
    except OSError:
        is_there = True
    return Stashed(ticket, *facts) if is_there else None


def copy_to_case(stashed: Stashed, *, at: datetime) -> Photo:
    """Copy a stashed file to where a case's files stand; the stash forgets its own in a day."""
    with default_storage.open(stashed.file) as file:
        drawn = Drawn(file.read(), stashed.width, stashed.height, stashed.sha256, stashed.content_type)
    return write_to_case(drawn, at=at)


def write_to_case(drawn: Drawn, *, at: datetime) -> Photo:
    """Write a photo or a document where a case's files stand, under a name nobody guesses."""
    ending = ENDINGS[drawn.content_type]
    wanted = f"{FOLDERS[ending]}/{at:%Y/%m}/{secrets.token_urlsafe(16)}.{ending}"
    name = default_storage.save(wanted, ContentFile(drawn.data))
    return Photo(name, drawn.content_type, len(drawn.data), drawn.width, drawn.height, drawn.sha256)


def sweep(*, at: datetime) -> int:
    """Delete what has lain in the stash for more than a day; how many."""
    swept = 0
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:  # a bucket has no folders: there it is an empty list
        names = []
    for name in names:
        path = f"{FOLDER}/{name}"
        if default_storage.get_modified_time(path) < at - KEPT_FOR:
            default_storage.delete(path)
            swept += 1
    return swept
