"""Recordings of the fixed texts: which there are, which is on the line, and how one comes there: heard first, then used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from tongdai.accounts.models import User
from tongdai.platform import wake

from ..models import Prompt, Take
from . import fragments, prompts, recorded_sounds

NEVER_USED = 5  # takes of a text that are kept beside those that were once on the line


class NoSuchText(Exception):
    """No fixed text has this code and language."""


@dataclass(frozen=True)
class Text:
    """A fixed text, as the machine says it or a person has recorded it. `piece`: part of a sentence with figures."""

    code: str
    language: str
    text: str
    piece: bool
    recording: str = ""
    takes: list[Take] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        """What its recording is called when it comes with others: `greeting.vi.wav`."""
        return f"{self.code}.{self.language}.wav"

    @property
    def state(self) -> str:
        """`recorded`: a person is heard; `machine`: the machine, though there are recordings; `none`: nothing is recorded."""
        return "recorded" if self.recording else "machine" if self.takes else "none"

    @property
    def used(self) -> Take | None:
        return next((take for take in self.takes if take.file == self.recording), None)

    @property
    def is_outdated(self) -> bool:
        """Whether what is heard says words that were changed since."""
        return bool(self.used and self.used.words != self.text)

    @property
    def waits(self) -> bool:
        """Whether a newer recording is there than the one that is heard, and was never used."""
        return bool(self.takes and self.takes[0].used_at is None)


def texts() -> list[Text]:
    """All of them: the menu's first, then the pieces. Two queries."""
    rows = {(row.code, row.language): row for row in Prompt.objects.prefetch_related("takes")}
    house = [*((*each, False) for each in prompts.usual()), *((*each, True) for each in fragments.usual())]
    known = {(code, language) for code, language, _text, _piece in house}
    own = [(row.code, row.language, row.text, False) for key, row in sorted(rows.items()) if key not in known]
    return [_text(*each, row=rows.get(each[:2])) for each in (*_of_the_menu(house), *own, *_of_figures(house))]


def _of_the_menu(house: list[tuple[str, str, str, bool]]) -> Iterator[tuple[str, str, str, bool]]:
    return (each for each in house if not each[3])


def _of_figures(house: list[tuple[str, str, str, bool]]) -> Iterator[tuple[str, str, str, bool]]:
    return (each for each in house if each[3])


def _text(code: str, language: str, text: str, piece: bool, *, row: Prompt | None) -> Text:
    if row is None:
        return Text(code, language, text, piece)
    takes = sorted(row.takes.all(), key=lambda take: take.made_at, reverse=True)
    return Text(code, language, text if piece else row.text, piece, row.recording, takes)


def text_of(code: str, language: str) -> Text:
    """Raises NoSuchText."""
    row = Prompt.objects.filter(code=code, language=language).prefetch_related("takes").first()
    if row is None and (known := _usual_text(code, language)):
        return Text(code, language, known, fragments.is_piece(code))
    if row is None:
        raise NoSuchText(f"{code}.{language}")
    return _text(code, language, row.text, fragments.is_piece(code), row=row)


def _usual_text(code: str, language: str) -> str:
    found = (
        text
        for each in (prompts, fragments)
        for known, spoken, text in each.usual()
        if (known, spoken) == (code, language)
    )
    return next(found, "")


def prompt_of(code: str, language: str) -> Prompt:
    """Its row, made where there is none yet. Raises NoSuchText."""
    text = text_of(code, language)
    return Prompt.objects.get_or_create(
        code=code, language=language, defaults={"text": text.text, "usual": text.text}
    )[0]  # fmt: skip


def store(prompt: Prompt, file: UploadedFile[Any], *, by: User | None, at: datetime) -> Take:
    """Another recording of this text; the line goes on with what it has. Raises voices.NoSound."""
    sound = recorded_sounds.store(prompt, file)
    take, _new = Take.objects.update_or_create(
        prompt=prompt, file=sound.file,
        defaults={"source": sound.source, "words": prompt.text, "seconds": sound.seconds, "quiet": sound.quiet,
                  "clipped": sound.clipped, "made_at": at, "by": by},
    )  # fmt: skip
    _forget_old(prompt)
    return take


@transaction.atomic
def use(take: Take, *, at: datetime) -> None:
    """Callers hear this one from now on."""
    take.used_at = at
    take.save(update_fields=["used_at"])
    Prompt.objects.filter(pk=take.prompt_id).update(recording=take.file)
    wake.wake("menu", [take.prompt_id])


def use_machine(prompt: Prompt) -> None:
    """The machine says it again; the recordings stay."""
    Prompt.objects.filter(pk=prompt.pk).update(recording="")
    wake.wake("menu", [prompt.pk])


def use_all_new(*, at: datetime) -> int:
    """The newest recording of each text that was never used comes on the line; how many."""
    found = [text.takes[0] for text in texts() if text.waits]
    with transaction.atomic():
        for take in found:
            use(take, at=at)
    return len(found)


def _forget_old(prompt: Prompt) -> None:
    for take in prompt.takes.filter(used_at=None).order_by("-made_at")[NEVER_USED:]:
        take.delete()
        if not Prompt.objects.filter(recording=take.file).exists():
            default_storage.delete(take.file)
