"""What staff do with a case on the desk, and what becomes of their words when they come too late."""

from __future__ import annotations

from django.test import Client

from tests.city import HONG_BANG, LE_CHAN, City
from tests.counting import queries_counted
from tongdai.accounts.models import User
from tongdai.cases.actions.ring_duty import ring_duty
from tongdai.cases.lifecycle import RULES, actions_open_to
from tongdai.cases.models import Case
from tongdai.cases.states import State, Who
from tongdai.desk.case.actions import ACTIONS
from tongdai.desk.case.forms import WordsField
from tongdai.desk.navigation import PAGES
from tongdai.people.models import Channel
from tongdai.scenarios.covid_trial.play import forget_jobs_since
from tongdai.shell.staff import TYPED

LONG = "Tổ môi trường đã dọn bãi rác sáng nay và sẽ quay lại mỗi thứ Hai."
PART = {"HX-Request": "true"}


def signed_in(user: User, **options: bool) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def action(case: Case, name: str) -> str:
    return f"/ban/phieu/{case.code}/{name}/"


def test_the_competent_agency_is_one_key_away_and_the_case_leaves_the_inbox(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", topic="waste", place="Hồng Bàng")
    client = signed_in(city.coordinator)
    page = client.get(f"/ban/phieu/{case.code}/").content.decode()
    assert 'data-key="a"' in page
    assert HONG_BANG in page

    client.post(action(case, "chuyen"), {"agency": city.agencies[HONG_BANG].pk})

    case.refresh_from_db()
    assert (case.state, case.lead) == (State.ASSIGNED, city.agencies[HONG_BANG])
    assert city.inbox(city.coordinator) == []


def test_an_officer_accepts_and_answers(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    client = signed_in(city.officer(HONG_BANG))
    client.post(action(case, "nhan"))
    said = client.post(action(case, "tra-loi"), {"text": LONG}, follow=True)
    case.refresh_from_db()
    assert case.state == State.ANSWERED
    assert LONG in said.content.decode()


def test_a_case_handed_back_leaves_the_officers_sight_and_says_so(city: City) -> None:
    case = city.case(lead=HONG_BANG)
    client = signed_in(city.officer(HONG_BANG))
    page = client.post(action(case, "tra-lai"), {"reason": "Thuộc Sở Xây dựng"}, headers=PART)
    case.refresh_from_db()
    assert case.state == State.HANDED_BACK
    assert page.status_code == 200
    assert "Đã trả lại phiếu" in page.content.decode()
    assert client.get(f"/ban/phieu/{case.code}/").status_code == 404


def test_a_case_handed_back_is_never_suggested_to_the_same_agency_again(city: City) -> None:
    case = city.case("Rác tràn ra hè phố", lead=HONG_BANG, topic="waste", place="Hồng Bàng")
    form = {"reason": "Đường này thuộc phường bên", "competent": city.agencies[LE_CHAN].pk}
    signed_in(city.officer(HONG_BANG)).post(action(case, "tra-lai"), form)
    page = signed_in(city.coordinator).get(f"/ban/phieu/{case.code}/").content.decode()
    assert f'name="agency" value="{city.agencies[LE_CHAN].pk}"' in page


def test_whoever_comes_second_is_told_why_and_keeps_the_words(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    client = signed_in(city.officer(HONG_BANG))
    client.post(action(case, "tra-loi"), {"text": "Đã dọn xong."})
    for headers in ({}, PART):
        page = client.post(action(case, "tra-loi"), {"text": LONG}, headers=headers)
        assert page.status_code == 409
        assert LONG in page.content.decode()
    assert case.answers.count() == 1


def test_an_inspector_who_makes_a_case_public_business_is_led_back_to_the_list(city: City) -> None:
    case = city.case("Tố cáo cán bộ nhận hối lộ", topic="denunciation", place="Hồng Bàng")
    client = signed_in(city.inspector)
    assert "Tổng đài và cơ quan được chuyển đều xem được" in client.get(action(case, "bo-dau")).content.decode()
    page = client.post(action(case, "bo-dau"), follow=True)
    case.refresh_from_db()
    assert not case.confidential
    assert page.status_code == 200
    assert "đã thành phiếu thường" in page.content.decode()


def test_an_answer_whose_text_is_being_made_is_no_trouble_yet(city: City) -> None:
    case = city.answered(channel=Channel.SMS, proven=True)
    page = signed_in(city.coordinator).get(f"/ban/phieu/{case.code}/").content.decode()
    assert "Đang báo cho người dân." in page and "chưa được báo" not in page
    forget_jobs_since(0)  # nothing was made, and nothing will be
    page = signed_in(city.coordinator).get(f"/ban/phieu/{case.code}/").content.decode()
    assert "Người dân chưa được báo." in page


def test_an_empty_answer_comes_back_with_what_is_missing(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    page = signed_in(city.officer(HONG_BANG)).post(action(case, "tra-loi"), {"text": "  "})
    assert page.status_code == 422
    assert "Hãy viết câu trả lời" in page.content.decode()


def test_a_rejection_needs_a_ground_in_law_and_words_for_the_citizen(city: City) -> None:
    case = city.case()
    client = signed_in(city.coordinator)
    assert client.post(action(case, "tu-choi"), {"reason": "Không rõ"}).status_code == 422
    client.post(action(case, "tu-choi"), {"ground": "no_content", "reason": "Xin cho biết số nhà."})
    case.refresh_from_db()
    assert case.state == State.REJECTED
    assert case.rejection.reason == "Xin cho biết số nhà."


def test_a_session_that_ends_while_a_long_text_is_typed_loses_none_of_it(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    officer = city.officer(HONG_BANG)
    client = Client()
    door = client.post(action(case, "tra-loi"), {"text": LONG})
    assert door.status_code == 401
    page = door.content.decode()
    assert "giữ nguyên" in page
    kept = page.split('name="kept" value="')[1].split('"')[0]

    client.post(
        "/ban/vao/",
        {"username": officer.username, "password": "mật khẩu thử 1022", "kept": kept, "next": action(case, "tra-loi")},
        REMOTE_ADDR="127.0.0.1",
    )

    again = client.get(action(case, "tra-loi")).content.decode()
    assert LONG in again
    assert LONG not in client.get(action(case, "tra-loi")).content.decode()  # handed out once


def test_a_form_older_than_the_session_comes_back_with_its_words_and_a_fresh_token(city: City) -> None:
    case = city.case(lead=HONG_BANG, accepted=True)
    client = signed_in(city.officer(HONG_BANG), enforce_csrf_checks=True)
    page = client.post(action(case, "tra-loi"), {"text": LONG, "csrfmiddlewaretoken": "x" * 64}, follow=True)
    assert page.status_code == 200
    assert LONG in page.content.decode()
    assert not case.answers.exists()


def test_a_list_that_asks_by_itself_never_turns_the_page_into_a_sign_in(city: City) -> None:
    answer = Client().get("/ban/danh-sach/", headers=PART)
    assert answer.status_code == 401
    assert "desk:signed-out" in answer.headers["HX-Trigger"]


def test_the_number_of_queries_doesnt_grow_with_the_list(city: City) -> None:
    client = signed_in(city.coordinator)
    case = city.case("Rác trước cổng trường", topic="waste", place="Hồng Bàng")
    counted = []
    for _ in range(2):
        client.get(f"/ban/phieu/{case.code}/")  # warm
        with queries_counted() as queries:
            client.get(f"/ban/phieu/{case.code}/")
        counted.append(len(queries))
        for number in range(12):
            city.case(f"Rác ở ngõ {number}", topic="waste", place="Lê Chân", phone=f"+8490412{number:04d}")
    assert (
        counted[0] == counted[1] <= 18
    )  # one for the answer that was being read as it was reported, one for the saved lists


def test_whoever_is_rung_may_take_an_urgent_case_on_the_desk_once(city: City) -> None:
    case = city.case("Cháy nhà, có người kẹt bên trong", place="Lê Chân")
    ring_duty(case, ring=0, rank=1, at=case.received_at)
    leader = signed_in(city.leader)
    page = leader.get(f"/ban/phieu/{case.code}/").content.decode()
    assert "Tôi nhận việc này" in page and "Chưa ai nhận, quá" in page and "Đã báo người trực" in page

    said = leader.post(action(case, "nhan-truc"), follow=True).content.decode()
    assert "Bạn đã nhận phiếu khẩn" in said and "Người trực đã nhận việc lúc" in said
    assert "Tôi nhận việc này" not in said
    assert signed_in(city.coordinator).post(action(case, "nhan-truc")).status_code == 409


def test_the_desk_knows_every_action_and_no_two_buttons_of_one_case_share_a_key(city: City) -> None:
    assert set(ACTIONS) == {rule.action for rule in RULES}
    for state in State:
        for capacities in (
            {Who.COORDINATOR, Who.CALL_TAKER, Who.READER},
            {Who.OFFICER_OF_LEAD, Who.READER},
            {Who.OFFICER_OF_LEAD, Who.APPROVER_OF_LEAD, Who.READER},
        ):
            for merged in (False, True):
                open_to = actions_open_to(capacities, state=state, merged=merged)
                keys = [ACTIONS[name].key for name in open_to if ACTIONS[name].label]
                assert len(keys) == len(set(keys)), (state, keys)
    assert not {page.key for page in PAGES if page.key} & {each.key for each in ACTIONS.values()}, (
        "a page's and a case's"
    )


def test_what_is_typed_for_any_action_comes_back_when_it_is_refused() -> None:
    forms = [action.form for action in ACTIONS.values() if action.form]
    names = {name for form in forms for name, field in form.base_fields.items() if isinstance(field, WordsField)}
    assert names and names <= set(TYPED)


def test_addresses_of_actions_stay_as_people_have_seen_them() -> None:
    paths = {name: action.path for name, action in ACTIONS.items() if action.path}
    assert paths == {
        "accept": "nhan", "answer": "tra-loi", "assign": "chuyen", "classify": "phan-loai", "clear_doubt": "da-xem",
        "close": "ket-thuc", "correct": "sua-tra-loi", "extend": "gia-han", "delegate": "giao", "show_sender": "nguoi-gui",
        "request_support": "nho-phoi-hop", "provide_support": "phoi-hop", "decline_support": "khong-phoi-hop",
        "withdraw_support": "thoi-nho",
        "hand_back": "tra-lai", "mark_denunciation": "danh-dau", "name_denounced": "lien-quan",
        "recall": "lay-lai", "reject": "tu-choi", "take_duty": "nhan-truc", "unmark_denunciation": "bo-dau",
        "reassign": "chuyen-lai", "merge": "ghep", "unmerge": "tach", "ask": "hoi", "reply": "dan-tra-loi",
        "go_on": "xu-ly-tiep", "draft": "trinh-duyet", "take_back": "rut-du-thao", "approve": "duyet",
        "return_draft": "tra-du-thao",
        "note": "ghi-chu", "reopen": "mo-lai", "withdraw": "rut", "withdraw_links": "thu-hoi",
    }  # fmt: skip
