"""Every change the staff make in the interface is on record: what an action records by itself, in its own words; the rest by

the name of its address. What is recorded elsewhere, append-only (a case's events, the calls) is listed in `RECORDED_ELSEWHERE`.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse

from tongdai.accounts.models import User
from tongdai.audit.acting import Acting, acts
from tongdai.audit.entries import record
from tongdai.audit.models import Kind, Who
from tongdai.platform.web.client_network import address_of, network

log = structlog.get_logger(__name__)

_EVENT, _CALL, _READS = "an event of the case", "a row of the call", "changes nothing"
_ITSELF = "records itself what it did; a trial of it is nothing done"
RECORDED_ELSEWHERE = {
    **dict.fromkeys(
        (
            "desk:assign", "desk:reassign", "desk:classify", "desk:take_duty", "desk:accept", "desk:hand_back",
            "desk:reject", "desk:answer", "desk:close", "desk:withdraw_links", "desk:mark_denunciation",
            "desk:unmark_denunciation", "desk:clear_doubt", "desk:name_denounced", "desk:recall", "desk:call",
        ),
        _EVENT,
    ),
    **dict.fromkeys(
        ("desk:phone_state", "desk:phone_queues", "desk:phone_order", "desk:phone_outcome", "desk:phone_call_out",
         "desk:callback_result",
         "desk:phone_notice", "desk:supervise_order",
         "desk:answer_send"),
        _CALL,
    ),
    **dict.fromkeys(("desk:guess", "desk:answers_beside", "desk:who", "desk:search", "desk:search_rows", "desk:here",
                    "desk:open_now"), _READS),
    **dict.fromkeys(
        ("desk:calendar_hours", "desk:calendar_day", "desk:topic_new", "desk:topic", "desk:topic_do", "desk:agency_new",
         "desk:agency", "desk:agency_do",
         "desk:settings_import", "desk:settings_handlers", "desk:one_stop", "desk:menu_switch", "desk:menu_text", "desk:phone",
         "desk:supervise_state", "desk:menu_take", "desk:menu_use", "desk:menu_many", "desk:menu_use_all",
         "desk:queue_rule_add", "desk:queue_rule_remove", "desk:skills",
         "desk:callback_number", "desk:audit"),
        _ITSELF,
    ),
    "desk:language": "the person's own taste",
}  # fmt: skip
SECRET = frozenset({"token", "key", "uidb36"})  # parts of an address that open something
OF_THE_CITIZENS = frozenset({"portal", "handset"})  # name spaces in which nobody acts for the city


class OnRecordMiddleware:
    """Says who acts during a request, and records a change that nobody else did."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acts(lambda: _acting(request)) as is_recorded:
            response = self.get_response(request)
            if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST and not is_recorded():
                _record(request)
        return response


def _acting(request: HttpRequest) -> Acting:
    if isinstance(request.user, User):
        return Acting(Who.STAFF, request.user.pk, network(address_of(request)))
    return Acting(Who.STRANGER, network=network(address_of(request)))


def _record(request: HttpRequest) -> None:
    """The address by its name, and what it names; what was typed is in no entry."""
    asked = request.resolver_match
    if asked is None or set(asked.namespaces) & OF_THE_CITIZENS or asked.view_name in RECORDED_ELSEWHERE:
        return
    if not isinstance(request.user, User):
        return
    named = {name: str(value)[:60] for name, value in asked.kwargs.items() if name not in SECRET}
    kind = Kind.ANSWERS if ":knowledge" in asked.view_name else Kind.SETTING
    try:
        record(kind, asked.view_name, detail=named)
    except (DatabaseError, InterfaceError) as trouble:
        log.error("audit.change_not_recorded", what=asked.view_name, why=type(trouble).__name__)
