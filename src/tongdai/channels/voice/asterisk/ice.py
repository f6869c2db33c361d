"""How a browser that can't reach the exchange itself has its voice carried: STUN and TURN servers, and a pass to these.

The pass is what coturn's `use-auth-secret` takes (draft-uberti-behave-turn-rest): a name that says until when, and its HMAC-SHA1
under the secret that the two of them share. Nobody's password is in a page for longer than that.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

VALID_FOR = timedelta(hours=24)  # a page that stays open through the longest shift


def servers(name: str, *, at: datetime) -> list[dict[str, Any]]:
    """`RTCConfiguration.iceServers` (W3C WebRTC) for the telephone of this name; empty: the browser reaches us by itself."""
    found: list[dict[str, Any]] = [{"urls": settings.STUN}] if settings.STUN else []
    if settings.TURN:
        username, credential = turn_pass(name, secret=settings.TURN_SECRET, until=at + VALID_FOR)
        found.append({"urls": settings.TURN, "username": username, "credential": credential})
    return found


def turn_pass(name: str, *, secret: str, until: datetime) -> tuple[str, str]:
    """A name and its password, good until then."""
    username = f"{int(until.timestamp())}:{name}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()
