"""Whoever is told of an action has words for it, and the timeline of the case's page draws from the same files."""

from __future__ import annotations

import pytest

from tests.city import HONG_BANG, City
from tongdai.cases.actions.ring_duty import ring_duty
from tongdai.cases.history import history
from tongdai.cases.lifecycle import RULES
from tongdai.channels.notifications.template import Template, template_of
from tongdai.people.models import Channel

SILENT = {
    "raise_doubt", "clear_doubt", "name_denounced", "note", "delegate", "show_sender", "draft", "take_back", "return_draft", "undo",
    "provide_support", "decline_support", "withdraw_support",
}  # fmt: skip  # the house's own affair
TEXTED_BEYOND_SMS = {
    "register": {Channel.WEB, Channel.VOICE}, "prove_number": {Channel.WEB, Channel.VOICE},
    "answer": {Channel.WEB}, "reject": {Channel.WEB}, "extend": {Channel.WEB, Channel.VOICE},
    "withdraw": {Channel.WEB, Channel.VOICE}, "raise_danger": {Channel.WEB}, "assign": set(), "reassign": set(), "take_duty": set(),
    "reopen": {Channel.WEB, Channel.VOICE}, "ask": {Channel.WEB, Channel.VOICE}, "reply": {Channel.WEB, Channel.VOICE},
    "remind": {Channel.WEB, Channel.VOICE}, "go_on": {Channel.WEB, Channel.VOICE}, "correct": {Channel.WEB},
    "approve": {Channel.WEB}, "merge": {Channel.WEB, Channel.VOICE}, "unmerge": {Channel.WEB, Channel.VOICE},
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.action)
def test_an_action_that_notifies_has_words_and_no_other_has(rule) -> None:  # type: ignore[no-untyped-def]
    template = template_of(rule.action)
    assert (template.message is not None) == (rule.notifies is not None)
    assert (template == Template()) == (rule.action in SILENT)


def test_who_is_texted_about_what_and_who_is_rung_back() -> None:
    for action, beyond in TEXTED_BEYOND_SMS.items():
        template = template_of(action)
        texted = set(template.texted) - ({Channel.VOICE} if template.read_out else set())
        assert texted == {Channel.SMS} | beyond, action
    read_out = {rule.action for rule in RULES if template_of(rule.action).read_out}
    assert read_out == {"answer", "approve", "correct", "reject"}
    assert {rule.action for rule in RULES if template_of(rule.action).automatic} == {"register", "assign", "reassign"}


def test_the_history_of_a_case_is_told_to_its_citizen_step_by_step(city: City) -> None:
    case = city.answered("Rác tràn ra hè phố", lead=HONG_BANG, answer_text="Đã dọn xong.")
    lines = [template_of(step.action).line_of(step) for step in history(case)]
    assert [line.sentence for line in lines if line] == [
        "Bạn gửi phản ánh trên cổng 1022",
        f"Đỗ Thu Hằng ở Tổng đài chuyển phiếu đến {HONG_BANG}",
        f"{HONG_BANG} nhận phiếu, Cán bộ {HONG_BANG} phụ trách",
        f"{HONG_BANG} trả lời",
    ]
    first, last = lines[0], lines[-1]
    assert first and last and first.words == ["Rác tràn ra hè phố"] and first.theirs
    assert last.words == ["Đã dọn xong."] and not last.theirs and last.outcome == "done"


def test_the_first_ring_alone_is_told_to_the_citizen(city: City) -> None:
    case = city.case("Cháy nhà, có người kẹt bên trong")
    for rank in (1, 2):
        ring_duty(case, ring=0, rank=rank, at=case.received_at)
    rings = [template_of(step.action).line_of(step) for step in history(case) if step.action == "ring_duty"]
    assert [bool(line) for line in rings] == [True, False]
