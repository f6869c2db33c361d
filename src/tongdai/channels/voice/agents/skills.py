"""Who takes which queue and speaks which language: what a supervisor allows, less what one has signed off from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from tongdai.accounts.models import User
from tongdai.platform import wake

from ..models import LanguageSkill, Queue, QueueSkill, SignedOff

OF_ALL = "vi"  # everybody speaks it
LANGUAGES = ("en",)  # beside it, that the menu can be heard in


@dataclass(frozen=True)
class Skills:
    """`levels`: queue → level of those allowed; None: every queue, as usual."""

    levels: Mapping[int, int] | None = None
    signed_off: frozenset[int] = field(default_factory=frozenset)
    languages: frozenset[str] = field(default_factory=frozenset)

    def takes(self, queue: int | None) -> bool:
        """Whether a caller of this queue may be given to them; of no queue: to anybody."""
        if queue is None:
            return True
        return queue not in self.signed_off and (self.levels is None or queue in self.levels)

    def level(self, queue: int | None) -> int:
        """The lower is rung first."""
        usual = QueueSkill.Level.USUAL
        return int(usual if self.levels is None or queue is None else self.levels.get(queue, usual))

    def speaks(self, language: str) -> bool:
        return language == OF_ALL or language in self.languages


EVERYTHING = Skills()


class CannotSignOff(Exception):
    """Nothing would be left to take; the words are for the person."""


def of_all() -> dict[int, Skills]:
    """Of everybody who has any set; who is missing takes everything. Three queries."""
    levels: dict[int, dict[int, int]] = defaultdict(dict)
    for user, queue, level in QueueSkill.objects.values_list("user_id", "queue_id", "level"):
        levels[user][queue] = level
    off: dict[int, set[int]] = defaultdict(set)
    for user, queue in SignedOff.objects.values_list("user_id", "queue_id"):
        off[user].add(queue)
    languages: dict[int, set[str]] = defaultdict(set)
    for user, language in LanguageSkill.objects.values_list("user_id", "language"):
        languages[user].add(language)
    return {
        user: Skills(levels.get(user), frozenset(off[user]), frozenset(languages[user]))
        for user in {*levels, *off, *languages}
    }


@transaction.atomic
def allow(user: User, *, levels: Mapping[int, int], languages: Collection[str]) -> bool:
    """What this person may take from now on, each queue at its level; none named: every queue. Whether anything changed.

    Sign-offs end with it: what somebody may take is what they take, until they sign off anew.
    """
    User.objects.select_for_update().get(pk=user.pk)
    had = dict(QueueSkill.objects.filter(user=user).values_list("queue_id", "level"))
    spoke = set(LanguageSkill.objects.filter(user=user).values_list("language", flat=True))
    if (had, spoke) == (dict(levels), set(languages)):
        return False
    QueueSkill.objects.filter(user=user).delete()
    QueueSkill.objects.bulk_create(QueueSkill(user=user, queue_id=queue, level=n) for queue, n in levels.items())
    LanguageSkill.objects.filter(user=user).delete()
    LanguageSkill.objects.bulk_create(LanguageSkill(user=user, language=each) for each in languages)
    if had != dict(levels):
        SignedOff.objects.filter(user=user).delete()
    wake.wake("agents", [user.pk])
    return True


def allowed(user: User) -> list[Queue]:
    """The queues this person may be rung for."""
    rows = Queue.objects.order_by("rank", "name")
    may = set(QueueSkill.objects.filter(user=user).values_list("queue_id", flat=True))
    return [queue for queue in rows if not may or queue.pk in may]


@transaction.atomic
def sign_on(user: User, queues: Collection[int]) -> None:
    """Take these of the queues allowed, and no other.

    Raises:
        CannotSignOff: none of them is allowed, so that nobody could ever be given to this person.
    """
    User.objects.select_for_update().get(pk=user.pk)
    may = {queue.pk for queue in allowed(user)}
    if may and not may & set(queues):
        raise CannotSignOff(_("Hãy nhận ít nhất một hàng chờ; không nhận ai thì bấm Tạm nghỉ hay Hết ca."))
    SignedOff.objects.filter(user=user).delete()
    SignedOff.objects.bulk_create(SignedOff(user=user, queue_id=queue) for queue in may - set(queues))
    wake.wake("agents", [user.pk])


def signed_on(user: User) -> list[tuple[Queue, bool]]:
    """Each queue allowed, and whether it is taken now."""
    off = set(SignedOff.objects.filter(user=user).values_list("queue_id", flat=True))
    return [(queue, queue.pk not in off) for queue in allowed(user)]
