"""What the rooms above add to the processes: their own ones, what is loaded before the first citizen, words at the start."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ..registry import Hook, Hooks
from .supervisor import Spec

# a room's own processes, as far as this city has them
services: Hooks[[], list[Spec]] = Hooks("processes of a room")
# what would make the first citizen wait: once for all processes, where it needs no database (processes/nursery.py); in
# each process; in those of the web alone
warm_ups_at_birth: Hooks[[], None] = Hooks("what is loaded beforehand, without the database")
warm_ups: Hooks[[], None] = Hooks("what is loaded beforehand")
warm_ups_of_the_web: Hooks[[], None] = Hooks("what is loaded beforehand for pages")
# modules of a room that its processes load at their start, by name (processes/preloaded.py)
preloaded: Hooks[[], list[str]] = Hooks("what the processes of a room load")
# a sentence that `tongdai up` says when all is ready; empty: nothing
notes_when_up: Hooks[[], str] = Hooks("what is said when all is ready")
# puts the command that runs inside on record, at its end
command_on_record: Hook[[str], AbstractContextManager[None]] = Hook("the record of commands")
