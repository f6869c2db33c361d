"""How Django connects: to the embedded server of this home, or to the city's own by `DATABASE_URL`."""

from __future__ import annotations

import os
from typing import Any

import dj_database_url

from . import postgres


def database(url: str, *, as_owner: bool, app_role: str) -> dict[str, Any]:
    """Settings of the one database.

    Embedded: two logins. By URL: `TONGDAI_OWNER_DATABASE_URL` if the owner has a login of its own, else one login that
    steps down to the processes' role on every connection.
    """
    if not url:
        embedded = postgres.cluster().settings(as_owner=as_owner)
        return {"ENGINE": "django.db.backends.postgresql", **embedded, **_KEPT}
    owner_url = os.environ.get("TONGDAI_OWNER_DATABASE_URL", "")
    if as_owner:
        return {**dj_database_url.parse(owner_url or url), **_KEPT}
    steps_down = {} if owner_url else {"options": f"-c role={app_role}"}
    return {**dj_database_url.parse(url), **_KEPT, "OPTIONS": steps_down}


_KEPT: dict[str, Any] = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
