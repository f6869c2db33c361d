"""A filled form becomes a case: the photos are written first, the case says which it holds."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import default_storage
from django.utils.translation import get_language

from tongdai.cases.actions.register import Matter, Registered, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.channels.web import NO_TEXT
from tongdai.language.text import clean
from tongdai.people.models import Channel

from .form import ANSWERS, Typed, Understood
from .photos import stash
from .photos.album import Album


def submit(typed: Typed, read: Understood, album: Album, *, at: datetime, no_text: str = "") -> Registered:
    """Register the matter under the form's hidden key: a double click is the same case, changed words are another.

    `no_text`: why no text with the code goes to the number, as `portal.strangers` says it.

    Photos of a submission that was here already, or that could not be registered, are taken away again.
    """
    photos = tuple(stash.keep_for_good(photo, at=at) for photo in album.kept)
    photos += tuple(stash.keep(drawn, at=at) for drawn in album.new)
    anonymous = typed.visibility == Case.Visibility.ANONYMOUS
    matter = Matter(
        text=read.text,
        channel=Channel.WEB,
        phone=read.phone,
        declared_urgent=bool(typed.urgent),
        in_browser=True,
        declared_denunciation=ANSWERS.get(typed.denounces),
        name="" if anonymous else typed.name,
        topic=read.topic,
        place=read.place,
        address=typed.landmark if read.place else ", ".join(filter(None, [typed.landmark, typed.place])),
        sent_from="" if anonymous or read.phone else clean(typed.phone),
        point=read.point,
        visibility=typed.visibility,
        language=get_language() or "vi",
        photos=photos,
        detail={NO_TEXT: no_text} if no_text else {},
    )
    done = None
    try:
        done = register(matter, key=f"web:{typed.key}", by=Actor.citizen(channel=Channel.WEB), at=at)
    finally:
        if done is None or done.repeated:
            for photo in photos:
                default_storage.delete(photo.file)
    return done
