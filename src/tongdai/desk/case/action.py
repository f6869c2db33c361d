"""What the desk knows of one action: its button, its form, what is said when it is done, its line in the timeline.

`actions/` has one file for each; the generic view (`views.py`), the buttons (`buttons.py`) and the timeline serve them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from tongdai.accounts.models import User
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.channels.duty.models import Ring
from tongdai.shell.staff import StaffRequest

Words = str | Promise


@dataclass(frozen=True)
class Line:
    """How a step reads in the staff's timeline. `words`: those that belong to it; `theirs`: the citizen's own, else the city's.

    `icon`: where it isn't the action's. `how`: by whom or by which way, after the time. `folded`: what its words are shown
    behind, until somebody wants to read them.
    """

    title: str = ""
    how: str = ""
    words: str = ""
    theirs: bool = False
    note: str = ""
    icon: str = ""
    folded: str = ""


class ActionForm(forms.Form):
    """What is filled in for an action. Also one with no field: then it asks whether to go on.

    A form of days and words needs no template of its own: `heading`, what it `explains`, its button's words and `icon`.
    """

    template: ClassVar[str] = "desk/case/_form.html"
    heading: ClassVar[Words] = ""
    explains: ClassVar[Words] = ""
    submit: ClassVar[Words] = ""
    icon: ClassVar[str] = "check"
    takes_files: ClassVar[bool] = False
    reaches_followers: ClassVar[bool] = False  # its words go to those, too, whose cases are merged into this one

    @classmethod
    def first(cls, case: Case, request: StaffRequest) -> Mapping[str, object]:
        """Return what stands in it when it is opened."""
        return {}

    @classmethod
    def shown(cls, case: Case) -> Mapping[str, object]:
        """Return what its template shows beside: the choices."""
        return {}

    def keep(self) -> None:
        """Keep what a browser doesn't send a second time, when the form is shown again."""

    def arguments(self) -> dict[str, Any]:
        """Return the action's arguments, once it is valid."""
        return dict(self.cleaned_data)


@dataclass(frozen=True)
class CaseAction:
    """One action on the desk. Without `do` it is only a line in the timeline; without `label` it has no button here.

    `do` is the heart's function; `path` the last part of its address; `done` what is said afterwards (`%(code)s` and the
    form's arguments). `form` None: pressing the button does it. `makes_sense`, `makes_sense_to`: what the lifecycle doesn't know.
    `beside_draft`: its button stands beside the draft it is about, not in the row of the others.
    """

    name: str
    icon: str
    line: Callable[[Step], Line] = lambda step: Line(how=step.who)
    line_with_ring: Callable[[Step, Ring | None], Line] | None = None
    do: Callable[..., Case] | None = None
    path: str = ""
    label: Words = ""
    key: str = ""
    form: type[ActionForm] | None = None
    done: Words = ""
    makes_sense: Callable[[Case], bool] = lambda case: True
    makes_sense_to: Callable[[Case, User], bool] = lambda case, user: True
    before_all: bool = False
    beside_draft: bool = False

    @property
    def at_once(self) -> bool:
        """Say whether pressing its button does it; else it opens its form."""
        return self.form is None

    def line_of(self, step: Step, ring: Ring | None) -> Line:
        """Return how this step reads."""
        line = self.line_with_ring(step, ring) if self.line_with_ring else self.line(step)
        return line if line.icon else replace(line, icon=self.icon)
