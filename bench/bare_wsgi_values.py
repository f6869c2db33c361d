"""One report's worth of columns for `register`'s statement, made beforehand."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

TEXT = "Nắp cống trước số nhà 12 ngõ 61 phố Tam Bạc bị vỡ đã ba hôm, trẻ con đi học suýt thụt chân"


def values(code: str) -> dict[str, object]:
    """What a report with this code writes: what is measured is the writing."""
    at = datetime.now(UTC)
    return {
        "phone": f"+849{uuid4().int % 10**8:08d}", "name": "Thuyên", "language": "vi", "proven_at": None, "at": at,
        "channel": "web", "address": "", "our_address": "", "body": TEXT, "text": TEXT, "detail": "{}",
        "digest": "0" * 64, "state": "received", "topic": None, "place": None, "landmark": "", "latitude": None,
        "longitude": None, "visibility": "private", "urgent": False, "danger_level": "none", "danger_kind": "",
        "changed": "{}", "confidential": False, "assign_by": at,
        "due_at": at, "words": "nap cong truoc so nha 12 ngo 61 pho tam bac bi vo da ba hom", "capacity": "citizen",
        "user": None, "agency": None, "by_channel": "web", "notify": "channels.notify.tell_the_citizen",
        "notify_priority": 0, "ring": "channels.notify.ring_on_duty", "ring_priority": 30,
        "contact_name": "", "perhaps_denunciation": False, "calendar": 1,
        "filed_until": None, "look": "cases.triage.look_again", "look_priority": 20, "doubtful": False,
        "key": f"bare:{uuid4().hex}", "code": code,
    }  # fmt: skip
