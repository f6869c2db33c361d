"""The administrator's pages of topics: changed where people look, said before it is done, on record, put back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.city import LIGHTING, City
from tongdai.audit.models import Entry
from tongdai.directory import snapshot
from tongdai.directory.models import Change, Topic
from tongdai.platform.clock import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(city: City) -> Client:
    client = Client()
    client.force_login(city.admin)
    return client


def filled(topic: Topic, **other: Any) -> dict[str, Any]:
    """The form as the page shows it, with some of it typed anew."""
    newest = Change.objects.filter(table="topics", row=topic.pk).order_by("-pk").first()
    ticks = ("by_place", "urgent", "confidential", "health", "anonymous_allowed", "proof_required", "approval_required",
             "hides_sender")  # fmt: skip
    form: dict[str, Any] = {
        "name": topic.name, "parent": topic.parent_id or "", "agency": topic.agency_id or "",
        "limit_hours": topic.limit_hours, "wait_days": topic.wait_days, "legal_basis": topic.legal_basis,
        "keywords": topic.keywords, "valid_from": "", "valid_to": "", "seen": newest.pk if newest else 0,
        **{name: "on" for name in ticks if getattr(topic, name)},
    }  # fmt: skip
    form |= other
    return {name: value for name, value in form.items() if value is not None}


def confirmed(client: Client, address: str, form: dict[str, Any]) -> str:
    """Send a form, and once more as the page then asks; what the next page says."""
    asked = client.post(address, form)
    words = asked.content.decode()
    assert asked.status_code == 200 and "Chưa lưu: xem điều sẽ xảy ra" in words, words
    mark = re.search(r'name="shown" value="(\w+)"', words)
    assert mark
    return client.post(address, form | {"shown": mark[1]}, follow=True).content.decode()


def test_a_topic_is_added_with_a_code_made_of_its_name(city: City, admin: Client) -> None:
    form = {"name": "Cây xanh đô thị", "parent": city.topics["waste"].pk, "agency": city.agencies[LIGHTING].pk,
            "limit_hours": "24", "wait_days": "3", "keywords": "cây đổ\n\n cành gãy ", "anonymous_allowed": "on",
            "valid_from": "1/1/2022"}  # fmt: skip
    page = admin.post("/ban/linh-vuc/moi/", form, follow=True).content.decode()
    made = Topic.objects.get(code="cay-xanh-do-thi")
    assert (made.parent, made.agency, made.limit_hours, made.wait_days) == (
        city.topics["waste"], city.agencies[LIGHTING], 24, 3,
    )  # fmt: skip
    assert (made.keywords, made.folded, f"{made.valid_from}") == ("cây đổ\ncành gãy", "cay xanh do thi", "2022-01-01")
    assert "Đã lưu." in page and "thêm mới" in page and city.admin.full_name in page
    assert snapshot.topic("cay-xanh-do-thi") is not None  # the processes see it
    assert Entry.objects.filter(action="topic_added", what="cay-xanh-do-thi", by=city.admin.pk).exists()


def test_a_button_pressed_twice_adds_one_topic(city: City, admin: Client) -> None:
    form = {"name": "Cây xanh", "limit_hours": "40", "wait_days": "5"}
    first, second = admin.post("/ban/linh-vuc/moi/", form), admin.post("/ban/linh-vuc/moi/", form)
    assert first.status_code == 302 and "Đã có một mục tên “Cây xanh” (mã cay-xanh)." in second.content.decode()
    assert Topic.objects.filter(name="Cây xanh").count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"name": " "}, "Hãy gõ tên."), ({"limit_hours": "bốn mươi"}, "Hãy ghi một số giờ làm việc"),
     ({"limit_hours": "0"}, "Từ 1 đến 2000 giờ làm việc."), ({"limit_hours": "9" * 40}, "Từ 1 đến 2000 giờ làm việc."),
     ({"wait_days": "61"}, "Từ 1 đến 60 ngày làm việc."), ({"valid_to": "30/2/2025"}, "Ngày chưa đúng"),
     ({"valid_from": "2/1/2025", "valid_to": "1/1/2025"}, "Ngày cuối 01/01/2025 trước ngày đầu 02/01/2025."),
     ({"legal_basis": "x" * 301}, "Dài quá 300 ký tự."), ({"parent": "99999"}, "Không còn mục này. Hãy chọn lại."),
     ({"code": "Cây Xanh"}, "Mã chỉ gồm chữ không dấu"), ({"code": "waste"}, "Mã này đã có.")],
)  # fmt: skip
def test_each_field_says_what_is_wrong_and_nothing_typed_is_lost(
    city: City, admin: Client, wrong: dict[str, str], said: str
) -> None:
    form = {"name": "Cây xanh", "limit_hours": "40", "wait_days": "5", "keywords": "cành gãy sau bão"}
    answer = admin.post("/ban/linh-vuc/moi/", form | wrong)
    words = answer.content.decode()
    assert answer.status_code == 422 and said in words and "cành gãy sau bão" in words
    assert not Topic.objects.filter(name="Cây xanh").exists()


def test_another_limit_says_for_which_cases_it_holds_before_it_is_saved(city: City, admin: Client) -> None:
    case = city.case("Đèn đường ngõ 47 hỏng", topic="lighting")
    topic = city.topics["lighting"]
    asked = admin.post(f"/ban/linh-vuc/{topic.pk}/", filled(topic, limit_hours="24"))
    assert "Phiếu đang mở giữ hạn cũ (40 giờ)" in asked.content.decode()
    topic.refresh_from_db()
    assert topic.limit_hours == 40
    said = confirmed(admin, f"/ban/linh-vuc/{topic.pk}/", filled(topic, limit_hours="24"))
    topic.refresh_from_db()
    before = case.due_at
    case.refresh_from_db()
    assert topic.limit_hours == 24 and case.due_at == before and "Đã lưu." in said
    later = city.case("Đèn đường ngõ 48 hỏng", topic="lighting", phone="+84904123319")
    assert (later.due_at - later.received_at) < (case.due_at - case.received_at)


def test_what_was_shown_and_is_no_longer_all_is_shown_again(city: City, admin: Client) -> None:
    topic = city.topics["lighting"]
    address, form = f"/ban/linh-vuc/{topic.pk}/", filled(topic, limit_hours="24")
    mark = re.search(r'name="shown" value="(\w+)"', admin.post(address, form).content.decode())
    assert mark
    more = admin.post(address, form | {"confidential": "on", "shown": mark[1]})
    assert "chỉ thanh tra" in more.content.decode()
    topic.refresh_from_db()
    assert (topic.limit_hours, topic.confidential) == (40, False)


def test_a_topic_that_becomes_confidential_seals_what_comes_and_leaves_what_is_there(city: City, admin: Client) -> None:
    before, topic = city.case("Đèn đường ngõ 47 hỏng", topic="lighting"), city.topics["lighting"]
    confirmed(admin, f"/ban/linh-vuc/{topic.pk}/", filled(topic, confidential="on"))
    topic.refresh_from_db()
    after = city.case("Đèn đường ngõ 48 hỏng", phone="+84904123319", topic="lighting")
    before.refresh_from_db()
    assert topic.confidential and not before.confidential and after.topic == topic and after.confidential


def test_a_topic_in_use_ends_keeps_its_cases_and_begins_again(city: City, admin: Client) -> None:
    city.case("Đèn đường ngõ 47 hỏng", topic="lighting")
    topic, yesterday = city.topics["lighting"], today() - timedelta(days=1)
    address = f"/ban/linh-vuc/{topic.pk}/"
    assert "1 phiếu đang mở." in admin.get(address).content.decode()
    form = {"valid_to": f"{yesterday:%d/%m/%Y}", "seen": "0"}
    assert "Còn 1 phiếu đang mở: giữ nguyên" in admin.post(f"{address}ket-thuc/", form).content.decode()
    confirmed(admin, f"{address}ket-thuc/", form)
    topic.refresh_from_db()
    assert topic.valid_to == yesterday and snapshot.topic("lighting") is None
    shown = admin.get("/ban/linh-vuc/").content.decode()
    assert "Đã kết thúc (1)" in shown and shown.index('<details class="ended"') < shown.index(
        f"/ban/linh-vuc/{topic.pk}/"
    )
    newest = Change.objects.order_by("-pk")[0].pk
    confirmed(admin, f"{address}dung-lai/", {"seen": newest})
    topic.refresh_from_db()
    assert topic.valid_to is None and snapshot.topic("lighting") is not None


def test_a_change_stands_on_the_page_and_is_put_back_by_one_press(city: City, admin: Client) -> None:
    topic = city.topics["lighting"]
    address = f"/ban/linh-vuc/{topic.pk}/"
    admin.post(address, filled(topic, name="Chiếu sáng công cộng", legal_basis="Quy định 12"))
    topic.refresh_from_db()
    page = admin.get(address).content.decode()
    assert "Chiếu sáng</del>" in re.sub(r"\s+", " ", page) and "Chiếu sáng công cộng</ins>" in re.sub(r"\s+", " ", page)
    change = Change.objects.get()
    admin.post(f"{address}tra-lai/", {"change": change.pk, "seen": change.pk})
    topic.refresh_from_db()
    assert (topic.name, topic.legal_basis, topic.folded) == ("Chiếu sáng", "", "chieu sang")
    assert "trả lại như trước" in admin.get(address).content.decode()


def test_what_has_changed_again_since_is_not_put_back_and_says_why(city: City, admin: Client) -> None:
    topic = city.topics["lighting"]
    address = f"/ban/linh-vuc/{topic.pk}/"
    for name in ("Chiếu sáng công cộng", "Đèn đường"):
        admin.post(address, filled(topic, name=name))
    first, second = Change.objects.order_by("pk")
    refused = admin.post(f"{address}tra-lai/", {"change": first.pk, "seen": second.pk})
    topic.refresh_from_db()
    assert refused.status_code == 409 and "đã đổi lần nữa" in refused.content.decode() and topic.name == "Đèn đường"


def test_who_saves_second_is_shown_what_the_first_changed_and_keeps_what_was_typed(city: City, admin: Client) -> None:
    topic = city.topics["lighting"]
    address, old = f"/ban/linh-vuc/{topic.pk}/", filled(topic)
    admin.post(address, old | {"legal_basis": "Quy định 12", "name": "Đèn đường"})
    late = admin.post(address, old | {"name": "Chiếu sáng đô thị", "keywords": "cột đèn"})
    words = late.content.decode()
    assert (
        late.status_code == 409
        and "có người vừa đổi mục này" in words
        and "Quy định 12</ins>" in re.sub(r"\s+", " ", words)
    )
    assert 'value="Chiếu sáng đô thị"' in words and "cột đèn" in words  # mine
    assert 'value="Quy định 12"' in words  # theirs, where I typed nothing
    topic.refresh_from_db()
    assert topic.name == "Đèn đường"
    newest = Change.objects.order_by("-pk")[0].pk
    again = old | {"name": "Chiếu sáng đô thị", "keywords": "cột đèn", "legal_basis": "Quy định 12", "seen": newest}
    admin.post(address, again)
    topic.refresh_from_db()
    assert (topic.name, topic.legal_basis, topic.keywords) == ("Chiếu sáng đô thị", "Quy định 12", "cột đèn")


def test_a_slip_in_between_hides_no_newer_change(city: City, admin: Client) -> None:
    topic = city.topics["lighting"]
    address, old = f"/ban/linh-vuc/{topic.pk}/", filled(topic)
    admin.post(address, old | {"legal_basis": "Quy định 12"})
    slip = admin.post(address, old | {"name": ""})
    assert slip.status_code == 422 and 'name="seen" value="0"' in slip.content.decode()
    assert admin.post(address, old | {"name": "Đèn đường"}).status_code == 409


def test_a_topic_does_not_lie_under_what_lies_under_it(city: City, admin: Client) -> None:
    top, below = city.topics["waste"], city.topics["lighting"]
    admin.post(f"/ban/linh-vuc/{below.pk}/", filled(below, parent=top.pk))
    confirmed(admin, f"/ban/linh-vuc/{below.pk}/", filled(below, parent=top.pk))
    refused = admin.post(f"/ban/linh-vuc/{top.pk}/", filled(top, parent=below.pk))
    assert refused.status_code == 422 and "nằm dưới chính" in refused.content.decode()


def test_topics_are_found_by_words_with_or_without_accents_and_shown_as_a_tree(city: City, admin: Client) -> None:
    below = Topic(code="den-ngo", name="Đèn ngõ", parent=city.topics["lighting"])
    below.clean_names()
    below.save()
    tree = admin.get("/ban/linh-vuc/").content.decode()
    assert re.search(rf'data-depth="1">\s*<a href="/ban/linh-vuc/{below.pk}/">', tree)
    found = admin.get("/ban/linh-vuc/?q=bong+den").content.decode()
    assert ">Chiếu sáng</a>" in found and ">Rác thải, môi trường</a>" not in found
    assert "Không có mục nào như vậy" in admin.get("/ban/linh-vuc/?q=khong-co").content.decode()


def test_the_list_asks_as_much_of_many_as_of_few(city: City, admin: Client, django_assert_max_num_queries: Any) -> None:

    admin.get("/ban/linh-vuc/")
    with CaptureQueriesContext(connection) as few:
        admin.get("/ban/linh-vuc/")
    for number in range(30):
        row = Topic(code=f"t-{number}", name=f"Lĩnh vực {number}", parent=city.topics["lighting"])
        row.clean_names()
        row.save()
    city.case("Đèn đường ngõ 47 hỏng", topic="lighting")
    with CaptureQueriesContext(connection) as many:
        admin.get("/ban/linh-vuc/")
    assert len(many) == len(few)


def test_no_denunciation_is_counted(city: City, admin: Client) -> None:
    topic = city.topics["denunciation"]
    before = admin.get(f"/ban/linh-vuc/{topic.pk}/").content.decode()
    city.case("Tôi tố cáo chủ tịch phường nhận hối lộ khi cấp phép xây nhà", topic="denunciation")
    after = admin.get(f"/ban/linh-vuc/{topic.pk}/").content.decode()
    assert "Không có phiếu nào đang mở." in before and "Không có phiếu nào đang mở." in after


def test_topics_are_the_administrators_alone(city: City) -> None:
    topic = city.topics["lighting"]
    for person in (city.coordinator, city.call_taker, city.leader, city.inspector):
        client = Client()
        client.force_login(person)
        for path in ("", "moi/", f"{topic.pk}/"):
            assert client.get(f"/ban/linh-vuc/{path}").status_code == 403
        assert client.post(f"/ban/linh-vuc/{topic.pk}/ket-thuc/", {"valid_to": "1/1/2022"}).status_code == 403
    topic.refresh_from_db()
    assert topic.valid_to is None
