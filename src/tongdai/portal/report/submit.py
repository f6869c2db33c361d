"""A filled form becomes a case: the photos are written first, the case says which it holds."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import default_storage
from django.utils.translation import get_language

from tongdai.cases.actions.register import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_SENDER, Matter, Registered, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.channels.web import ABOUT, NO_TEXT
from tongdai.knowledge.answer_key import AnswerKey
from tongdai.knowledge.answers import by_key
from tongdai.language.text import clean
from tongdai.people.models import Channel, Interaction
from tongdai.shell.uploads import stash

from .form import ANSWERS, Typed, Understood
from .photos.album import Album

FORM = "form"  # of an interaction's `detail`: the form's hidden key


def submit(typed: Typed, read: Understood, album: Album, *, at: datetime, no_text: str = "") -> Registered:
    """Register the matter under the form's hidden key: a double click is the same case, changed words are another.

    `no_text`: why no text with the code goes to the number, as `portal.strangers` says it.

    Photos of a submission that was here already, or that could not be registered, are taken away again.
    """
    photos = tuple(stash.copy_to_case(photo, at=at) for photo in album.stashed)
    photos += tuple(stash.write_to_case(drawn, at=at) for drawn in album.new)
    anonymous = typed.visibility == Case.Visibility.ANONYMOUS
    name = "" if anonymous else clean(typed.name)
    address = clean(typed.landmark if read.place else ", ".join(filter(None, [typed.landmark, typed.place])))
    sender = "" if anonymous or read.phone else clean(typed.phone)
    # somebody in danger is not sent back for their length: what a field has no room for stands below the words, whole
    fields = ((name, LONGEST_NAME), (sender, LONGEST_SENDER), (address, LONGEST_ADDRESS))
    beyond = [words for words, most in fields if len(words) > most]
    detail: dict[str, str | int | bool] = {NO_TEXT: no_text} if no_text else {}
    if (about := by_key.public_answer_of(AnswerKey.read(typed.about))) is not None:
        detail[ABOUT] = str(about.answer_key)
    detail[FORM] = typed.key
    matter = Matter(
        text="\n".join([read.text, *beyond]),
        channel=Channel.WEB,
        phone=read.phone,
        declared_urgent=bool(typed.urgent),
        in_browser=True,
        declared_denunciation=ANSWERS.get(typed.denounces),
        name=name,
        topic=read.topic,
        place=read.place,
        address=address,
        sent_from=sender,
        point=read.point,
        visibility=typed.visibility,
        language=get_language() or "vi",
        photos=photos,
        detail=detail,
    )
    done = None
    try:
        done = register(matter, key=key_of(typed), by=Actor.citizen(channel=Channel.WEB), at=at)
    finally:
        if done is None or done.repeated:
            for photo in photos:
                default_storage.delete(photo.file)
    return done


def key_of(typed: Typed) -> str:
    """The name of this very submission, for a form delivered twice."""
    return f"web:{typed.key}"


def key_in(case: Case) -> str:
    """The hidden key of the form that made the case, by which the browser knows that its draft has been sent."""
    first = Interaction.objects.filter(case_link__case=case, detail__has_key=FORM).order_by("pk").first()
    return str(first.detail[FORM]) if first else ""
