"""What may be done next with a case: the lifecycle's moves open to this person, as buttons with their keys."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongdai.accounts.models import User
from tongdai.cases import links
from tongdai.cases.actor import Actor
from tongdai.cases.lifecycle import actions_open_to, rule_of
from tongdai.cases.models import Case
from tongdai.cases.states import State
from tongdai.platform.clock import now


@dataclass(frozen=True)
class Button:
    """One button. `at_once`: pressing it does it; else it opens its form."""

    name: str
    label: str | Promise
    key: str
    icon: str
    at_once: bool = False

    def url(self, code: str) -> str:
        return reverse(f"desk:{self.name}", args=[code])


BUTTONS = {
    "take_duty": Button("take_duty", _("Tôi nhận việc này"), "d", "user-check", at_once=True),
    "assign": Button("assign", _("Cơ quan khác"), "c", "send"),
    "classify": Button("classify", _("Lĩnh vực, nơi"), "l", "pencil"),
    "accept": Button("accept", _("Nhận xử lý"), "a", "user-check", at_once=True),
    "answer": Button("answer", _("Trả lời"), "r", "message"),
    "hand_back": Button("hand_back", _("Trả lại"), "b", "arrow-back-up"),
    "reject": Button("reject", _("Từ chối"), "x", "ban"),
    "close": Button("close", _("Kết thúc"), "e", "lock", at_once=True),
    "withdraw_links": Button("withdraw_links", _("Thu hồi đường dẫn"), "u", "lock", at_once=True),
    "recall": Button("recall", _("Thu hồi"), "h", "arrow-back-up", at_once=True),
    "name_denounced": Button("name_denounced", _("Ai bị tố cáo"), "n", "users"),
    "unmark_denunciation": Button("unmark_denunciation", _("Không phải tố cáo"), "d", "eye"),
    "mark_denunciation": Button("mark_denunciation", _("Là tố cáo"), "t", "shield-lock"),
}


AFTER_THE_DOUBT = frozenset({"assign", "mark_denunciation"})  # or by the doubt's own buttons


def open_actions(case: Case, user: User) -> list[Button]:
    """The buttons for this person on this case, now."""
    state = State(case.state)
    names = list(actions_open_to(Actor.staff(user).capacities(case), state=state))
    if "take_duty" in names:
        names.remove("take_duty")
        names[:0] = ["take_duty"] * case.untaken  # before all else, while somebody is being rung
    return [BUTTONS[name] for name in names if name in BUTTONS and _makes_sense(name, case)]


def _makes_sense(name: str, case: Case) -> bool:
    """What the table doesn't know: whether there is a link to withdraw, whether a doubt comes first."""
    if name == "withdraw_links":
        return links.withdrawable(case, at=now())
    return not (case.perhaps_denunciation and name in AFTER_THE_DOUBT)


def settles_doubt(case: Case, user: User) -> bool:
    """Whether this person may say that the case is no denunciation: two buttons of their own stand before all others."""
    names = actions_open_to(Actor.staff(user).capacities(case), state=State(case.state))
    return case.perhaps_denunciation and "clear_doubt" in names


def main_action(actions: list[Button]) -> Button | None:
    """The one that is filled: what most probably comes next. A suggested agency goes before it."""
    named = {action.name: action for action in actions}
    for name in ("accept", "assign", "answer"):
        if name in named:
            return named[name]
    return None


def check_open(case: Case, user: User, action: str) -> None:
    """Raises ActionRefused when the form of this action makes no sense any more."""
    rule_of(action).way(state=State(case.state), capacities=Actor.staff(user).capacities(case))
