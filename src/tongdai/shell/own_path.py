"""Where a form may lead back to: a page of our own, named by its path alone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own_path(typed: str, *, otherwise: str = "") -> str:
    """`typed`, if it is the path of a page of ours (its query may follow); else `otherwise`.

    No scheme, no host, ours neither: `javascript:…`, `//evil.example`, `/\\evil.example` and `https://…` lead nowhere.
    """
    if (
        len(typed) > LONGEST
        or not _PATH.fullmatch(typed)
        or not url_has_allowed_host_and_scheme(typed, allowed_hosts=None)
    ):
        return otherwise
    try:
        resolve(urlsplit(typed).path)
    except (Resolver404, ValueError):
        return otherwise
    return typed
