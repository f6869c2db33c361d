"""Lists saved under a name: one's own, shared with a role, and never somebody else's."""

from __future__ import annotations

import html

from django.test import Client

from tests.city import HONG_BANG, City
from tongdai.accounts.models import Role, User
from tongdai.desk.models import SavedView

WASTE = "khung=inbox&linh-vuc=waste"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def saved(user: User, name: str = "Rác chờ phân loại", query: str = WASTE) -> SavedView:
    answer = signed_in(user).post("/ban/danh-sach-luu/luu/", {"name": name, "query": query})
    assert answer.status_code == 302, html.unescape(answer.content.decode())
    return SavedView.objects.get(owner=user, name=name)


def shown_to(user: User, address: str = "/ban/") -> dict[str, tuple[str, int | None]]:
    """Name → (address, count) of the saved lists in the navigation."""
    return {link.label: (link.url, link.count) for link in signed_in(user).get(address).context["saved"]}


def test_a_list_that_was_saved_stands_in_the_navigation_with_its_count(city: City) -> None:
    city.case("Rác ở chợ", topic="waste")
    city.case("Đèn hỏng", topic="lighting", phone="")
    view = saved(city.coordinator)
    assert shown_to(city.coordinator) == {"Rác chờ phân loại": (f"/ban/?{WASTE}", 1)}
    page = signed_in(city.coordinator).get(f"/ban/?{view.query}")
    assert [link.label for link in page.context["saved"] if link.current] == ["Rác chờ phân loại"]
    assert page.context["is_saved"] and not any(link.current for link in page.context["views"])


def test_what_is_wrong_or_searched_for_is_not_saved(city: City) -> None:
    view = saved(city.coordinator, query="khung=tim&lan=abc&q=0904123318&linh-vuc=waste&kenh=fax&toi=900")
    assert view.query == "khung=all&linh-vuc=waste"


def test_of_all_cases_only_open_ones_are_counted(city: City) -> None:
    city.case("Rác ở chợ", topic="waste")
    saved(city.coordinator, "Rác", "khung=all&linh-vuc=waste")
    saved(city.coordinator, "Rác mới", "khung=all&linh-vuc=waste&trang-thai=received")
    assert {name: count for name, (_url, count) in shown_to(city.coordinator).items()} == {"Rác": None, "Rác mới": 1}


def test_a_name_is_wanted_short_and_ones_own_only_once(city: City) -> None:
    client = signed_in(city.coordinator)
    saved(city.coordinator)
    for name, why in (
        ("  ", "Hãy đặt tên"), ("x" * 61, "tối đa 60"), ("Rác  chờ phân loại", "đã có danh sách"),
    ):  # fmt: skip
        answer = client.post("/ban/danh-sach-luu/luu/", {"name": name, "query": WASTE})
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 422 and why in page and f'value="{WASTE}"' in page, name
        assert f'value="{name.strip()}"' in page
    saved(city.call_taker)  # another person's name is free
    assert SavedView.objects.count() == 2


def test_twenty_are_enough(city: City) -> None:
    for number in range(20):
        saved(city.coordinator, f"Danh sách {number}")
    answer = signed_in(city.coordinator).post("/ban/danh-sach-luu/luu/", {"name": "Nữa", "query": WASTE})
    assert answer.status_code == 422 and "Bạn đã lưu 20 danh sách" in answer.content.decode()


def test_it_is_renamed_and_deleted(city: City) -> None:
    view, client = saved(city.coordinator), signed_in(city.coordinator)
    client.post(f"/ban/danh-sach-luu/{view.pk}/", {"action": "rename", "name": "Rác"})
    assert list(shown_to(city.coordinator)) == ["Rác"]
    said = client.post(f"/ban/danh-sach-luu/{view.pk}/", {"action": "delete"}, follow=True).content.decode()
    assert "Đã xóa danh sách “Rác”" in html.unescape(said)
    assert not SavedView.objects.exists()


def test_another_persons_list_is_neither_read_nor_changed_nor_deleted(city: City) -> None:
    view = saved(city.coordinator)
    other = city.staff(Role.COORDINATOR, "Người Khác")
    for user in (other, city.call_taker, city.admin, city.officer(HONG_BANG)):
        client = signed_in(user)
        for typed in ({"action": "rename", "name": "x"}, {"action": "delete"}, {"action": "share", "role": "officer"}):
            assert client.post(f"/ban/danh-sach-luu/{view.pk}/", typed).status_code == 404, user.role
        assert view.name not in client.get("/ban/danh-sach-luu/").content.decode()
    assert shown_to(other) == {}
    view.refresh_from_db()
    assert (view.name, view.shared_with) == ("Rác chờ phân loại", "")


def test_a_coordinator_shares_one_with_a_role_who_see_what_they_may(city: City) -> None:
    city.case("Rác ở chợ", topic="waste", lead=HONG_BANG)
    city.case("Rác ở bến", topic="waste", phone="")
    view = saved(city.coordinator, "Rác", "khung=all&linh-vuc=waste&trang-thai=assigned")
    signed_in(city.coordinator).post(f"/ban/danh-sach-luu/{view.pk}/", {"action": "share", "role": "officer"})
    officer = city.officer(HONG_BANG)
    assert shown_to(officer) == {"Rác": (f"/ban/?{view.query}", 1)}
    assert shown_to(city.call_taker) == {}
    for typed in ({"action": "delete"}, {"action": "rename", "name": "x"}):
        assert signed_in(officer).post(f"/ban/danh-sach-luu/{view.pk}/", typed).status_code == 404
    signed_in(city.coordinator).post(f"/ban/danh-sach-luu/{view.pk}/", {"action": "share", "role": ""})
    assert shown_to(officer) == {}


def test_whoever_shares_none_is_told_so(city: City) -> None:
    view = saved(city.call_taker)
    answer = signed_in(city.call_taker).post(
        f"/ban/danh-sach-luu/{view.pk}/", {"action": "share", "role": "coordinator"}
    )
    assert answer.status_code == 422 and "Chỉ điều phối viên và quản trị" in answer.content.decode()
    assert shown_to(city.coordinator) == {}


def test_the_administrator_keeps_order_among_shared_ones(city: City) -> None:
    view = saved(city.coordinator)
    SavedView.objects.filter(pk=view.pk).update(shared_with="call_taker")
    admin = signed_in(city.admin)
    assert view.name in admin.get("/ban/danh-sach-luu/").content.decode()
    admin.post(f"/ban/danh-sach-luu/{view.pk}/", {"action": "share", "role": "supervisor"})
    assert shown_to(city.call_taker) == {}
    assert admin.post("/ban/danh-sach-luu/luu/", {"name": "x", "query": WASTE}).status_code == 403
    admin.post(f"/ban/danh-sach-luu/{view.pk}/", {"action": "delete"})
    assert not SavedView.objects.exists()
