"""Every recording under the newest key: what has an older one, or is plain from before, is written anew.

A new file is written beside, read back, and only then takes the old one's place, which goes last. `Recording.spare` names
the one of the two that doesn't count, before it is there and until it is gone: killed at any moment, nothing is lost and
the next run goes on. Two runs at once do no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tongdai.platform.files.encryption import CannotOpen, Key
from tongdai.platform.monitoring.registry import Verdict

from ..models import Recording
from .encrypted_files import another_name, decrypted, keys, put, sealed

log = structlog.get_logger(__name__)


@dataclass
class Outcome:
    """How many now have the newest key, wait for one that isn't here, can't be read as they were."""

    done: int = 0
    missing: int = 0
    unreadable: int = 0


class NotTheSame(Exception):
    """What is in storage isn't what the row tells of."""


def old() -> QuerySet[Recording]:
    """Those that have another key than the newest, or none."""
    return Recording.objects.exclude(file="").exclude(key=keys()[0].name)


def rotate(*, step: Callable[[], None] = lambda: None) -> Outcome:
    """All of them, the oldest first; `step` after each.

    Raises:
        OSError: the storage is away; what was done is done.
    """
    here = [key.name for key in keys()]
    outcome = Outcome(missing=old().exclude(key__in=["", *here]).count())
    for pk in Recording.objects.exclude(spare="").values_list("pk", flat=True):
        _tidy(pk)
    for pk in list(old().filter(key__in=["", *here]).order_by("pk").values_list("pk", flat=True)):
        try:
            outcome.done += _encrypt(pk, keys()[0])
        except (NotTheSame, CannotOpen, FileNotFoundError) as trouble:
            outcome.unreadable += 1
            log.error("recordings.unreadable", recording=pk, why=str(trouble))
        _tidy(pk)
        step()
    return outcome


def _encrypt(pk: int, key: Key) -> bool:
    """Whether it has that key now, and another run wasn't at it. Raises CannotOpen, NotTheSame, OSError."""
    with transaction.atomic():
        recording = _locked(pk)
        if recording is None or not recording.file or recording.spare:
            return False
        new = another_name(recording)
        Recording.objects.filter(pk=pk).update(spare=new)
    with transaction.atomic():
        recording = _locked(pk)
        if recording is None or recording.spare != new:
            return False
        with decrypted(recording.file, recording.key) as content, sealed(content.chunks(), key) as made:
            put(new, made)
        if _digest(new, key.name) != (recording.sha256, recording.size):
            raise NotTheSame(recording.file)
        Recording.objects.filter(pk=pk).update(file=new, key=key.name, spare=recording.file)
        return True


def _tidy(pk: int) -> None:
    """The file that doesn't count goes."""
    with transaction.atomic():
        recording = _locked(pk)
        if recording and recording.spare:
            default_storage.delete(recording.spare)
            Recording.objects.filter(pk=pk).update(spare="")


def _locked(pk: int) -> Recording | None:
    """None: another has it in hand."""
    return Recording.objects.select_for_update(skip_locked=True).filter(pk=pk).first()


def _digest(name: str, key: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with decrypted(name, key) as content:
        for chunk in content.chunks():
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def for_doctor() -> Iterator[tuple[Verdict, str, str]]:
    """What `tongdai doctor` says: (verdict, what, words). Nothing where nothing is recorded."""
    found = dict(Recording.objects.exclude(file="").values_list("key").annotate(Count("pk")).order_by("key"))
    if not found:
        return
    what, here = "ghi âm / recordings", [key.name for key in keys()]
    for name, number in found.items():
        if name and name not in here:
            words = _(
                "{n} bản ghi âm cần khóa {key} không có ở máy này: thêm vào TONGDAI_RECORDING_KEYS, docs/telephone.md"
            )
            yield "wrong", what, words.format(n=number, key=name)
    if waiting := sum(number for name, number in found.items() if name in here[1:]):
        yield "note", what, _("{n} bản ghi âm còn mang khóa cũ: `tongdai recordings rotate`").format(n=waiting)
    if plain := found.get(""):
        yield "note", what, _("{n} bản ghi âm chưa mã hóa: `tongdai recordings rotate`").format(n=plain)
    if newest := found.get(here[0]):
        yield "ok", what, _("{n} bản ghi âm mã hóa bằng khóa mới nhất ({key})").format(n=newest, key=here[0])
