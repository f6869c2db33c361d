"""Every address of the house, with each value its parts may have: for the tests that walk them all."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tongdai.accounts.models import User
from tongdai.accounts.sign_in import sessions
from tongdai.cases.models import Attachment, Case, DraftFile
from tongdai.channels.voice.models import Call, Callback, Recording, Take
from tongdai.knowledge.models import Article, LookupTable, Procedure


@dataclass
class World:
    """Ids and codes that addresses are made of; those of the secret stand among them in both worlds.

    `acted_on`: of the codes those whose further pages are walked, each action's among them.
    """

    codes: list[str] = field(default_factory=list)
    acted_on: list[str] = field(default_factory=list)
    callbacks: list[int] = field(default_factory=list)
    recordings: list[int] = field(default_factory=list)
    photos: list[int] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)

    @classmethod
    def read(cls) -> World:
        def ids(model: Any) -> list[int]:
            return list(model.objects.order_by("pk").values_list("pk", flat=True))

        codes = list(Case.objects.order_by("pk").values_list("code", flat=True))
        return cls(
            codes=codes, acted_on=codes,
            callbacks=ids(Callback), recordings=ids(Recording), photos=ids(Attachment), articles=ids(Article),
            cases=ids(Case), calls=ids(Call),
        )  # fmt: skip


def client_of(user: User | None, *, raises: bool = True) -> Client:
    """The browser of this person, or of a stranger (None), in the midst of work.

    Its session was written a moment ago: else each request would write it anew, for what a walk writes is undone.
    """
    client = Client(raise_request_exception=raises)
    if user:
        client.force_login(user)
        session = client.session
        sessions.touch(session, at=timezone.now())
        session.save()
    return client


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def body_of(response: Any) -> str:
    """What came, as text; a packed file unpacked, for its clock is the machine's."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/zip" or body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = repr([(name, packed.read(name)) for name in packed.namelist()]).encode()
    return body.decode("utf-8", "replace")


def addresses(world: World, *, but: Collection[str] = ()) -> list[tuple[str, str]]:
    """(name, address) of every address of the table; `but`: names, and name spaces, that are left out."""
    values = _values(world)
    found = routes(get_resolver().url_patterns, but=but)
    return [(name, address) for route, name in found for address in filled(route, name, world, values)]


def routes(
    patterns: list[URLPattern | URLResolver], before: str = "", space: str = "", *, but: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inside = ":".join(filter(None, [space, each.namespace]))
            if inside not in but:
                yield from routes(each.url_patterns, route, inside, but=but)
        else:
            name = f"{space}:{each.name}"
            if name not in but:
                yield route, name


def _values(world: World) -> dict[str, list[Any]]:
    """What each part of an address may be; the same for all of them but `code`."""
    return {
        "callback_id": world.callbacks,
        "recording_id": world.recordings,
        "attachment_id": world.photos,
        "file_id": list(DraftFile.objects.values_list("pk", flat=True)[:1]) or [1],
        "photo": world.photos,
        "number": [
            *world.articles[-2:],
            *world.articles[:1],
            Procedure.objects.order_by("pk").values_list("pk", flat=True)[0],
        ],
        "kind": ["article", "procedure", "agencies", "topics", "staff"],
        "what": ["articles", "procedures"],
        "slug": list(LookupTable.objects.values_list("slug", flat=True)[:2]) or ["x"],
        "token": ["x" * 12],
        "language": ["vi"],
        "take_id": list(Take.objects.values_list("pk", flat=True)[:1]) or [1],
        "spoken": ["en"],
    }


def filled(route: str, name: str, world: World, values: dict[str, list[Any]]) -> list[str]:
    values = values | {"code": world.codes if re.search(r"<(?:\w+:)?code>/?$", route) else world.acted_on}
    if name in ("portal:procedure", "portal:sheet", "desk:menu_switch"):
        values["code"] = ["x"]
    elif name.startswith("desk:menu_"):
        values["code"] = ["goodbye", "number-21"]
    made = [f"/{route}"]
    for part in re.findall(r"<(?:\w+:)?(\w+)>", route):
        made = [
            re.sub(rf"<(?:\w+:)?{part}>", str(value), address, count=1)
            for address in made
            for value in values.get(part, [1])
        ]
    return made
