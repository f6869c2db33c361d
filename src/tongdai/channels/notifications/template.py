"""What its citizen reads about one action of a case: by text, by a call back, and in the timeline of the case's page.

`templates/` has a file for each action, found by its name. A number that is not proven for the case gets what anybody may
know who has the code: somebody may have mistyped it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdai.cases.codes import spoken
from tongdai.cases.history import Step
from tongdai.cases.models import Case
from tongdai.cases.triage.danger import whom_to_ring
from tongdai.cases.triage.judgement import of_a_case
from tongdai.people.models import Channel

from ..links import LINK
from ..sms.encoding.lengths import BRIEF, first_that_fits, lengths

EVERYWHERE = frozenset({Channel.SMS, Channel.WEB, Channel.VOICE})


@dataclass(frozen=True)
class Message:
    """`whole`: for a number that is proven for the case; `notice`: for whoever holds the phone, no word of the matter.

    `invitation`: what stands after the whole where it is texted and there is room.
    """

    whole: str
    notice: str
    invitation: str = ""


@dataclass(frozen=True)
class Line:
    """A step in the citizen's timeline. `words`: those that belong to it, paragraph by paragraph; `theirs`: the citizen's own.

    `by`: whose words they are. `outcome`: the answer or the rejection, and whether it is a good one.
    """

    icon: str
    sentence: str
    words: list[str] = field(default_factory=list)
    theirs: bool = False
    note: str = ""
    by: str = ""
    outcome: Literal["", "done", "late"] = ""


@dataclass(frozen=True)
class Template:
    """How one action reads for its citizen.

    `message`: what goes out, where the action notifies; None where its citizen knows already. `short`: its short form, one
    sentence, which is the line of the timeline too unless `line` says more (None: not shown). `texted`: whose citizens are
    texted; a caller is `read_out` the words by somebody who rings back instead. `automatic`: counts among the automatic texts
    of the hour.
    """

    icon: str = ""
    message: Callable[[Step], Message | None] | None = None
    short: Callable[[Step], str] | None = None
    line: Callable[[Step], Line | None] | None = None
    texted: frozenset[Channel] = EVERYWHERE
    read_out: bool = False
    automatic: bool = False

    def line_of(self, step: Step) -> Line | None:
        """Return the step in the timeline of the case's page, in the language of whoever reads."""
        if self.line is not None:
            return self.line(step)
        return Line(self.icon, self.short(step)) if self.short else None

    def message_of(self, step: Step) -> Message | None:
        """Return what is sent, in the citizen's own language; None where nothing is."""
        if self.message is None:
            return None
        with override(step.case.language):
            return self.message(step)


NOTHING = Template()


@cache
def template_of(action: str) -> Template:
    """Return the template of an action; one that says nothing where its citizen isn't concerned."""
    name = f"{__package__}.templates.{action}"
    if find_spec(name) is None:
        return NOTHING
    found = import_module(name).TEMPLATE
    assert isinstance(found, Template)
    return found


def linked(case: Case, words: str) -> str:
    """Add the link after the words, if the number is proven; what it is for is said where there is room."""
    if not case.number_proven_at:
        return words
    return first_that_fits(_("{what} Xem phiếu: {link}").format(what=words, link=LINK), f"{words} {LINK}")


def with_notice(case: Case, whole: str, *briefs: str) -> Message:
    """Return the whole, and a notice with the link; of a denunciation never the words, for whoever holds the phone reads them.

    `briefs`: the notice without its link, from the fullest wording to the shortest.
    """
    if case.number_proven_at is None:
        brief = first_that_fits(*briefs)
        return Message(brief, brief)
    notice = first_that_fits(
        *(_("{what} Xem tại {link}").format(what=brief, link=LINK) for brief in briefs), f"{briefs[-1]} {LINK}"
    )
    return Message(notice if case.confidential else whole, notice)


def attached_to(step: Step) -> str:
    """Say what goes with an answer, to who may open the page; empty: nothing, or whoever holds the phone shan't know."""
    if step.case.confidential or step.case.number_proven_at is None:
        return ""
    if step.photos:
        return _("kèm ảnh")
    return _("kèm tài liệu") if step.documents else ""


def with_attached(step: Step, whole: str) -> str:
    """Add where photos and documents are seen, where that costs no segment more than a brief text has, or the words have."""
    if not (attached := attached_to(step)):
        return whole
    most = max(BRIEF, lengths().of(whole).segments)
    if most > settings.SMS_MOST_SEGMENTS:  # it will be cut, and end with the link
        return whole
    there = _("({attached}: {link})").format(attached=attached, link=LINK)
    return first_that_fits(f"{whole} {there}", whole, most=most)


def in_danger(case: Case, *wordings: str) -> Message:
    """Put whom to ring before the words; of what kind the danger is only a number that is proven gets to know.

    `wordings`: from the fullest to the shortest, which are as good; a text with whom to ring in it is to be read at once.
    """

    def after(numbers: str) -> str:
        return first_that_fits(*(f"{numbers} {words}" for words in wordings))

    notice = after(whom_to_ring(None))
    if case.number_proven_at is None:
        return Message(notice, notice)
    judged = of_a_case(case.text, case.danger_level, case.danger_kind)
    return Message(after(judged.whom_to_ring or whom_to_ring(None)), notice)


def being_rung(code: str) -> tuple[str, str]:
    """Return that who is on duty is being rung, in full and as short as can be."""
    return (
        _("Phiếu {code}: người trực của thành phố đang được báo.").format(code=code),
        _("Phiếu {code}: đang báo người trực.").format(code=code),
    )


def shorter_names(name: str) -> list[str]:
    """Return an agency's name, and the same cut after a word, for a text in which the whole has no room."""
    return [name, *(f"{name[:most].rsplit(' ', 1)[0]}…" for most in (48, 36, 24) if len(name) > most)]


def may_name_agency(case: Case) -> bool:
    """Say whether the agency may be named: of a denunciation none is."""
    return not case.confidential


def code_of(step: Step) -> str:
    """Return the case's code as it is printed and read out."""
    return spoken(step.case.code)


def paragraphs(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [part for part in (line.strip() for line in text.splitlines()) if part]
