"""What something that goes out is for, and therefore what goes before what: on the wire, and among the jobs behind it."""

from __future__ import annotations

from django.db import models


class Purpose(models.TextChoices):
    """What a text is for. Its priority: the higher one goes first, as with procrastinate's jobs; 0 is any other job's."""

    DANGER = "danger"  # whom to ring; what becomes of an urgent case
    DUTY = "duty"  # an urgent case, to the person on duty
    CODE = "code"  # a one-time code, which somebody waits for in front of a form
    LINK = "link"  # a fresh link to a case, which somebody asked for on a page
    ANSWER = "answer"  # an agency's answer or a rejection; a reply to what somebody has just asked
    RECEIPT = "receipt"  # "we have your case", its code and deadline, who has it now; how to text us
    REMINDER = "reminder"
    BROADCAST = "broadcast"

    @property
    def priority(self) -> int:
        return _PRIORITIES[self]


_PRIORITIES = {
    Purpose.DANGER: 30,
    Purpose.DUTY: 30,
    Purpose.CODE: 20,
    Purpose.LINK: 10,
    Purpose.ANSWER: 10,
    Purpose.RECEIPT: 0,
    Purpose.REMINDER: -10,
    Purpose.BROADCAST: -20,
}
assert {*_PRIORITIES} == {*Purpose}, "each purpose has its place"
