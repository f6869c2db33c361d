"""What stands in the strip: the person's state, the call in hand, whom it can be handed to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdai.accounts.models import User
from tongdai.accounts.rights import HAS_PHONE, SUPERVISES, TAKES_CALLS
from tongdai.cases import queries
from tongdai.channels.voice.agents import after_call
from tongdai.channels.voice.agents.skills import signed_on
from tongdai.channels.voice.asterisk.exchange import is_here
from tongdai.channels.voice.models import Agent, Call, Line, Order, Queue, Step, Supervision
from tongdai.channels.voice.queues.kept_places import PATH
from tongdai.channels.voice.records import supervision
from tongdai.channels.voice.records.queries import agent_of, colleagues_of
from tongdai.people.phones import pretty
from tongdai.platform.clock import now

PAUSES = {
    "break": gettext_lazy("nghỉ giải lao"),
    "meal": gettext_lazy("ăn ca"),
    "writing": gettext_lazy("ghi phiếu"),
    "meeting": gettext_lazy("họp"),
    "no_microphone": gettext_lazy("máy này chưa dùng được micrô"),
    "not_taken": gettext_lazy("không nghe máy"),
    supervision.BY_SUPERVISOR: gettext_lazy("theo giám sát"),
    supervision.SUPERVISING: gettext_lazy("đang giám sát"),
    "gone": gettext_lazy("máy đã đóng hay mất mạng"),
}
CHOSEN = ("break", "meal", "writing", "meeting")
OUTCOMES = (
    Call.Outcome.ANSWERED,
    Call.Outcome.ADDED,
    Call.Outcome.WRONG_NUMBER,
    Call.Outcome.SILENT,
    Call.Outcome.ABUSIVE,
)
EARLIER = 3
UNANSWERED = timedelta(seconds=2)
MODES = {  # icon, key
    Supervision.Mode.LISTEN: ("ear", "1"),
    Supervision.Mode.WHISPER: ("message-circle", "2"),
    Supervision.Mode.BARGE: ("users", "3"),
}
IN_HAND = (Agent.State.RINGING, Agent.State.TALKING, Agent.State.AFTER_CALL)


def shown(user: User | AnonymousUser) -> dict[str, Any]:
    """Everything the strip needs; `phone` is false where this person, or this house, has none."""
    if not isinstance(user, User) or user.role not in HAS_PHONE or not is_here():
        return {"phone": False}
    agent = agent_of(user)
    line: Line | None = getattr(agent.user if agent else user, "line", None)
    at = now()
    seen: dict[str, Any] = {
        "phone": True,
        "agent": agent,
        "by_sip": line is not None and line.kind == Line.Kind.SIP,
        "state": agent.state if agent else Agent.State.OUT,
        "takes_calls": user.role in TAKES_CALLS,
        "pauses": [(code, PAUSES[code]) for code in CHOSEN],
        "reason": PAUSES.get(agent.reason, "") if agent else "",
        "seconds": int((at - agent.since).total_seconds()) if agent else 0,
        "left": after_call.left(agent, at=at) if agent and agent.state == Agent.State.AFTER_CALL else 0,
        "holder": line.holder if line else "",
        "notice": supervision.unread(user) if agent else None,
    }
    if user.role in SUPERVISES:
        seen |= supervised(user)
    call = agent.call if agent and agent.state in IN_HAND else None
    if call is None:
        taken = signed_on(user) if user.role in TAKES_CALLS else []
        return seen | {"queues_taken": taken, "taken": sum(takes for _queue, takes in taken)}
    if call.case is not None and not queries.visible_cases(user).filter(pk=call.case.pk).exists():
        return _unnamed(seen, call)
    earlier = list(queries.earlier_cases(user, call.contact)[:EARLIER])
    name = call.contact.name if call.contact and earlier else ""
    seen |= {"call": call, "branch": _branch(call), "earlier": earlier, "name": name, "waited": waited(call, at=at)}
    seen |= _kept_place(call)
    if agent and agent.state == Agent.State.RINGING:
        return seen  # the card must be there before the second ring: nothing that isn't on it
    talks = agent is not None and agent.state == Agent.State.TALKING
    seen["attended"] = supervision.at_call(call) if talks and call.agent_id == user.pk else []
    refused = Order.objects.filter(call=call, by=user).order_by("-pk").values_list("refused", flat=True).first()
    seen |= {
        "refused": _(refused) if refused else "",
        "outcomes": [(each.value, each.label) for each in OUTCOMES if each != Call.Outcome.ADDED],
        "concluded": call.get_outcome_display() if call.outcome else "",
        "asked": call.third != "" and call.agent_id != user.pk,
        "third": _third(call),
        "may_take_back": may_take_back(call),
    }
    return seen | where_to(user) if talks else seen  # after a call there is nobody to hand on


def supervised(user: User) -> dict[str, Any]:
    """The call this supervisor is at, in which way, and what came of what they asked for last."""
    at, asked = now(), supervision.last_order(user, at=now())
    late = asked is not None and asked.done_at is None and at - asked.asked_at > UNANSWERED
    return {
        "session": supervision.attended_by(user),
        "modes": [(mode.value, mode.label, *MODES[mode]) for mode in Supervision.Mode],
        "stopped": _(asked.refused) if asked and asked.refused else "",
        "unanswered": late,
    }


def _third(call: Call) -> str:
    """Whom the agent asks, or hands the caller to: a colleague's name, or a number."""
    kind, _colon, which = call.consulting.rpartition(":")
    if kind != "agent":
        return pretty(call.consulting)
    return User.objects.filter(pk=which).values_list("full_name", flat=True).first() or ""


def may_take_back(call: Call) -> bool:
    """Whether the one who handed her on may have her back: nobody of ours talks with her yet."""
    outside = call.state == Call.State.TALKING and call.outcome == Call.Outcome.TRANSFERRED
    return outside or call.state in (Call.State.WAITING, Call.State.RINGING)


def _unnamed(seen: dict[str, Any], call: Call) -> dict[str, Any]:
    """The call in hand turned out to be nobody's business: it can be ended, and doesn't say whose it is."""
    call.number, call.claimed, call.contact = "", [], None
    return seen | {"call": call, "outcomes": [], "concluded": call.get_outcome_display()}


def where_to(user: User) -> dict[str, Any]:
    """The queues, and the colleagues who are free."""
    return {"queues": Queue.objects.order_by("rank", "name"), "colleagues": colleagues_of(user)}


def waited(call: Call, *, at: datetime) -> int | None:
    """Seconds until somebody answered; None where nobody waited, or who was handed on waits once more."""
    if call.direction != Call.Direction.IN or call.waited_from is None:
        return None
    if call.answered_at and call.state in (Call.State.WAITING, Call.State.RINGING):
        return None
    return max(0, int(((call.answered_at or at) - call.waited_from).total_seconds()))


def _kept_place(call: Call) -> dict[str, Any]:
    """Of a call that rings for a kept place: how long she has waited (minutes), and whether it is still she who is rung."""
    if PATH not in call.path or call.direction != Call.Direction.OUT or call.waited_from is None:
        return {}
    waited = (call.answered_at or now()) - call.waited_from
    return {"kept_minutes": max(1, round(waited.total_seconds() / 60)), "kept_rings": call.rang_at is None}


def _branch(call: Call) -> str:
    """What the caller pressed, by the menu's own names."""
    names = dict(Step.objects.filter(code__in=call.path).values_list("code", "name"))
    return next((names[code] for code in reversed(call.path) if code in names), "")
