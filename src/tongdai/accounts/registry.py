"""What the rooms above know of a member of staff, and what must follow when one is changed or goes."""

from __future__ import annotations

from tongdai.platform.registry import Hooks

from .models import User

# whether this person is at work though no key is pressed
at_work: Hooks[[User], bool] = Hooks("who is at work")
# called in the transaction that changed the person
person_changed: Hooks[[User], None] = Hooks("what follows a changed person")
