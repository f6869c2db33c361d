"""The list is narrowed by filters that stand in its address: each of them, together, as a link, and where one is wrong."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City
from tests.counting import queries_counted
from tongdai.accounts.models import Role, User
from tongdai.cases.actions.accept import accept
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.people.models import Channel
from tongdai.platform.clock import turned_here


@pytest.fixture
def turn(db: None) -> Iterator[Callable[[datetime], None]]:
    with turned_here() as to:
        yield to


@pytest.fixture
def six(city: City, turn: Callable[[datetime], None]) -> dict[str, Case]:
    """Six cases of which no two agree in everything; it is Wednesday noon."""
    turn(city.at("2022-02-16 12:00"))
    waste = {"topic": "waste", "place": "Hồng Bàng"}
    cases = {
        "waste": city.case("Rác tràn ra hè phố", **waste, received="2022-02-15 08:00", lead=HONG_BANG),
        "market": city.case("Rác ở chợ", topic="waste", place="Lê Chân", received="2022-02-16 08:00", phone=""),
        "light": city.case(
            "Đèn đường hỏng", topic="lighting", lead=LIGHTING, channel=Channel.SMS, received="2022-02-16 09:00",
            phone="+84904000001",
        ),
        "old": city.case("Nước thải chảy ra hè", **waste, received="2022-02-07 08:00", lead=HONG_BANG, phone=""),
        "answered": city.answered("Rác ở ngõ 5", topic="waste", lead=LE_CHAN, received="2022-02-14 08:00", phone="+84904000002"),
        "secret": city.case("Tôi tố cáo cán bộ nhận hối lộ", topic="denunciation", received="2022-02-16 08:00"),
    }  # fmt: skip
    assert cases["secret"].confidential
    accept(cases["old"], by=Actor.staff(city.officer(HONG_BANG)), at=city.at("2022-02-08 08:00"))
    return cases


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listed(user: User, address: str = "/ban/", **asked: str) -> list[str]:
    """The matters that an address lists for this person, in its order."""
    page = signed_in(user).get(address, asked or None)
    assert page.status_code == 200, page.status_code
    return [row.matter for group in page.context["groups"] for row in group.rows]


def link(**asked: str) -> str:
    return f"/ban/?{urlencode(asked)}"


def code_of(city: City, name: str) -> str:
    return city.agencies[name].code


def test_all_that_one_may_see_stands_in_one_list_newest_first_within_its_groups(
    city: City, six: dict[str, Case]
) -> None:
    assert set(listed(city.coordinator, khung="all")) == {
        "Rác tràn ra hè phố", "Rác ở chợ", "Đèn đường hỏng", "Nước thải chảy ra hè", "Rác ở ngõ 5",
    }  # fmt: skip
    assert listed(city.officer(LE_CHAN), khung="all") == ["Rác ở ngõ 5"]


def test_by_topic(city: City, six: dict[str, Case]) -> None:
    assert listed(city.coordinator, khung="all", **{"linh-vuc": "lighting"}) == ["Đèn đường hỏng"]
    assert listed(city.coordinator, khung="inbox", **{"linh-vuc": "waste"}) == ["Rác ở chợ"]


def test_by_agency_and_those_that_have_none(city: City, six: dict[str, Case]) -> None:
    assert listed(city.coordinator, khung="all", **{"co-quan": code_of(city, LIGHTING)}) == ["Đèn đường hỏng"]
    assert listed(city.coordinator, khung="all", **{"co-quan": "-"}) == ["Rác ở chợ"]


def test_by_ward_and_those_of_nobody_knows_where(city: City, six: dict[str, Case]) -> None:
    assert listed(city.coordinator, khung="all", **{"dia-ban": "t-Lê Chân"}) == ["Rác ở chợ"]
    assert set(listed(city.coordinator, khung="all", **{"dia-ban": "-"})) == {"Đèn đường hỏng", "Rác ở ngõ 5"}


def test_a_ward_of_today_stands_for_those_it_was_made_of(city: City, six: dict[str, Case]) -> None:
    from tests.city import forget_snapshots
    from tongdai.directory.models import Place

    made = Place(code="t-moi", name="An Biên", full_name="Phường An Biên", level=Place.Level.WARD)
    made.clean_names()
    made.save()
    city.places["Lê Chân"].successors.add(made)
    forget_snapshots()
    assert listed(city.coordinator, khung="all", **{"dia-ban": "t-moi"}) == ["Rác ở chợ"]


def test_by_channel(city: City, six: dict[str, Case]) -> None:
    assert listed(city.coordinator, khung="all", kenh="sms") == ["Đèn đường hỏng"]


def test_by_the_days_it_came_on_both_ends_in(city: City, six: dict[str, Case]) -> None:
    assert set(listed(city.coordinator, khung="all", tu="14/02/2022", den="15/02/2022")) == {
        "Rác ở ngõ 5", "Rác tràn ra hè phố",
    }  # fmt: skip
    assert listed(city.coordinator, khung="all", den="7.2.2022") == ["Nước thải chảy ra hè"]
    assert set(listed(city.coordinator, khung="all", tu="2022-02-16")) == {"Rác ở chợ", "Đèn đường hỏng"}


def test_by_state(city: City, six: dict[str, Case]) -> None:
    assert listed(city.coordinator, khung="all", **{"trang-thai": "in_progress"}) == ["Nước thải chảy ra hè"]
    assert listed(city.coordinator, khung="all", **{"trang-thai": "answered"}) == ["Rác ở ngõ 5"]


def test_by_how_urgent_it_is(city: City, six: dict[str, Case]) -> None:
    Case.objects.filter(pk=six["market"].pk).update(urgent=True, danger_level="urgent")
    Case.objects.filter(pk=six["light"].pk).update(urgent=True, danger_level="life")
    assert listed(city.coordinator, khung="all", muc="life") == ["Đèn đường hỏng"]
    assert set(listed(city.coordinator, khung="all", muc="urgent")) == {"Rác ở chợ", "Đèn đường hỏng"}
    assert len(listed(city.coordinator, khung="all", muc="none")) == 3


def test_by_its_clock(city: City, six: dict[str, Case]) -> None:
    """The market's half hour for sorting is over, and so are the five working days of the one of the week before."""
    late = set(listed(city.coordinator, khung="all", han="late"))
    assert {"Rác ở chợ", "Nước thải chảy ra hè"} <= late and "Rác tràn ra hè phố" not in late
    assert not late & set(listed(city.coordinator, khung="all", han="soon"))


def test_together_they_narrow_further(city: City, six: dict[str, Case]) -> None:
    asked = {"khung": "all", "linh-vuc": "waste", "dia-ban": "t-Hồng Bàng", "trang-thai": "assigned"}
    assert listed(city.coordinator, **asked) == ["Rác tràn ra hè phố"]


def test_each_stands_on_the_page_with_the_way_to_do_without_it(city: City, six: dict[str, Case]) -> None:
    page = signed_in(city.coordinator).get(
        link(khung="all", **{"linh-vuc": "waste", "kenh": "web", "tu": "15/02/2022"})
    )
    shown = html.unescape(re.sub(r"<[^>]+>|\s+", " ", page.content.decode()))
    assert re.search(r"Lĩnh vực: +Rác thải, môi trường", shown) and re.search(r"Nhận từ ngày: +15/02/2022", shown)
    rest = {chip.name: url for chip, url in page.context["chips"]}
    assert rest["kenh"] == "/ban/?khung=all&linh-vuc=waste&tu=15/02/2022"
    assert "Rác ở chợ" in listed(city.coordinator, rest["tu"])


def test_the_form_holds_what_is_chosen_and_leads_to_a_short_address(city: City, six: dict[str, Case]) -> None:
    client = signed_in(city.coordinator)
    form = client.get(link(khung="all", **{"linh-vuc": "waste", "loc": "1"})).content.decode()
    assert re.search(r'<option value="waste" selected>', form) and 'name="co-quan"' in form
    sent = client.get(
        link(**{"khung": "all", "linh-vuc": "waste", "co-quan": "", "kenh": "", "tu": "", "ap-dung": "1"})
    )
    assert sent.headers["Location"] == "/ban/?khung=all&linh-vuc=waste"
    part = client.get(link(**{"khung": "all", "kenh": "sms", "tu": "", "ap-dung": "1"}), headers={"HX-Request": "true"})
    assert part.status_code == 200 and part.headers["HX-Push-Url"] == "/ban/?khung=all&kenh=sms"


def test_who_sees_one_agency_is_asked_for_none(city: City, six: dict[str, Case]) -> None:
    form = signed_in(city.officer(HONG_BANG)).get(link(khung="all", loc="1")).content.decode()
    assert 'name="linh-vuc"' in form and 'name="co-quan"' not in form


def test_a_link_shows_a_colleague_what_they_may_see(city: City, six: dict[str, Case]) -> None:
    address = link(khung="all", **{"linh-vuc": "waste"})
    assert len(listed(city.coordinator, address)) == 4
    assert set(listed(city.officer(HONG_BANG), address)) == {"Rác tràn ra hè phố", "Nước thải chảy ra hè"}
    assert listed(city.inspector, address) == []
    assert signed_in(city.admin).get(address).status_code == 302
    assert Client().get(address).status_code == 302


def test_a_link_to_a_view_that_a_role_has_not_shows_all_it_may_see_and_says_so(
    city: City, six: dict[str, Case]
) -> None:
    page = signed_in(city.officer(HONG_BANG)).get(link(khung="with_agencies", **{"linh-vuc": "waste"}))
    assert page.status_code == 200 and "không có danh sách “Đang xử lý”" in html.unescape(page.content.decode())
    assert len([row for group in page.context["groups"] for row in group.rows]) == 2
    assert signed_in(city.coordinator).get("/ban/?khung=khong-co").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"linh-vuc": "khong-co"}, "Lĩnh vực “khong-co” không có trong danh mục"),
        ({"co-quan": "<script>"}, "Cơ quan “<script>” không có trong danh mục"),
        ({"kenh": "fax"}, "Kênh “fax” không có trong danh mục"),
        ({"trang-thai": "x"}, "Trạng thái “x” không có"),
        ({"muc": "9"}, "Mức khẩn “9” không có"),
        ({"han": "mai"}, "Hạn “mai” không có"),
        ({"tu": "31/02/2022"}, "Nhận từ ngày “31/02/2022” chưa lọc được. Ngày chưa đúng. Viết như 21/01/2022."),
        ({"den": "hôm qua"}, "Nhận đến hết ngày “hôm qua” chưa lọc được"),
        ({"tu": "17/02/2022", "den": "16/02/2022"}, "Ngày đầu 17/02/2022 sau ngày cuối 16/02/2022"),
    ],
)
def test_a_wrong_filter_says_what_is_wrong_and_only_that_one_is_left_out(
    city: City, six: dict[str, Case], wrong: dict[str, str], says: str
) -> None:
    page = signed_in(city.coordinator).get(link(**{"khung": "all", "dia-ban": "t-Lê Chân", **wrong}))
    assert page.status_code == 200
    assert says in html.unescape(page.content.decode())
    assert [row.matter for group in page.context["groups"] for row in group.rows] == ["Rác ở chợ"]


def test_odd_values_do_no_harm(city: City, six: dict[str, Case]) -> None:
    client = signed_in(city.coordinator)
    for name in (
        "linh-vuc",
        "co-quan",
        "dia-ban",
        "kenh",
        "tu",
        "den",
        "trang-thai",
        "muc",
        "han",
        "khung",
        "toi",
        "loc",
        "lan",
    ):
        for value in ("\x00", "'", "-" * 500, "🙂", "99999999999999999999", "--"):
            bad = {400} if value == "\x00" else set()  # which no browser sends
            assert client.get("/ban/", {name: value}).status_code in {200, 404} | bad, (name, value)


def test_nothing_found_says_what_to_loosen_and_how_much_there_is_then(city: City, six: dict[str, Case]) -> None:
    page = signed_in(city.coordinator).get(link(khung="inbox", **{"linh-vuc": "waste", "dia-ban": "t-Hồng Bàng"}))
    ways = {way.words: (way.count, way.url) for way in page.context["ways"]}
    assert ways == {
        "Bỏ “Địa bàn: Phường Hồng Bàng”": (1, "/ban/?khung=inbox&linh-vuc=waste"),
        "Tìm trong mọi phiếu": (2, "/ban/?khung=all&linh-vuc=waste&dia-ban=t-H%E1%BB%93ng+B%C3%A0ng"),
    }
    assert "Không phiếu nào hợp" in page.content.decode()


def test_what_to_loosen_never_counts_a_case_one_may_not_see(city: City, six: dict[str, Case]) -> None:
    asked = {"khung": "all", "linh-vuc": "denunciation", "tu": "16/02/2022"}
    for user, seen in ((city.coordinator, 0), (city.officer(HONG_BANG), 0), (city.inspector, 1)):
        assert len(listed(user, **asked)) == seen
    page = signed_in(city.coordinator).get(link(**asked))
    ways = {way.words: way.count for way in page.context["ways"]}
    assert ways == {"Bỏ “Lĩnh vực: Tố cáo”": 2}  # the light and the market; without the day there is still none


def test_a_case_keeps_its_list_beside_it_and_leads_back_to_it(city: City, six: dict[str, Case]) -> None:
    client, asked = signed_in(city.coordinator), {"khung": "all", "linh-vuc": "lighting"}
    [group] = client.get("/ban/", asked).context["groups"]
    page = client.get(group.rows[0].url)
    assert page.context["back_to"] == "/ban/?khung=all&linh-vuc=lighting"
    assert [row.matter for group in page.context["groups"] for row in group.rows] == ["Đèn đường hỏng"]
    done = client.post(f"/ban/phieu/{six['light'].code}/ghi-chu/?{urlencode(asked)}", {"words": "Đã gọi điện lực."})
    assert done.headers["Location"].endswith("?khung=all&linh-vuc=lighting")


def test_what_was_searched_for_is_narrowed_too_and_stays_in_no_address(city: City, six: dict[str, Case]) -> None:
    client = signed_in(city.coordinator)
    there = client.post("/ban/tim/", {"q": "rác"}).headers["Location"]
    assert len([row for group in client.get(there).context["groups"] for row in group.rows]) == 4
    narrowed = client.get(f"{there}&dia-ban=t-L%C3%AA+Ch%C3%A2n")
    assert [row.matter for group in narrowed.context["groups"] for row in group.rows] == ["Rác ở chợ"]
    assert "r%C3%A1c" not in narrowed.content.decode()
    other = signed_in(city.call_taker).get(f"{there}&dia-ban=t-L%C3%AA+Ch%C3%A2n")
    assert "không đi theo đường dẫn" in html.unescape(other.content.decode())
    assert [row.matter for group in other.context["groups"] for row in group.rows] == ["Rác ở chợ"]


def test_a_search_by_number_is_on_record_once_and_holds_no_digit(city: City, six: dict[str, Case]) -> None:
    from tongdai.people.disclosures import readings

    client = signed_in(city.coordinator)
    there = client.post("/ban/tim/", {"q": "0904 000 001"}).headers["Location"]
    assert [row.matter for group in client.get(there).context["groups"] for row in group.rows] == ["Đèn đường hỏng"]
    client.get(there)
    [entry] = readings(city.coordinator)
    contact = six["light"].contact
    assert contact and (entry.action, entry.contact) == ("search", contact.pk)
    client.get(client.post("/ban/tim/", {"q": "0001"}).headers["Location"])
    part = readings(city.coordinator)[0]
    assert (part.action, part.contact) == ("search", None)
    assert "0001" not in f"{part.what} {part.detail}"
    client.get(client.post("/ban/tim/", {"q": "rác"}).headers["Location"])
    assert len(readings(city.coordinator)) == 2


def test_more_than_a_page_is_paged_and_counted(city: City, six: dict[str, Case]) -> None:
    template = Case.objects.get(pk=six["market"].pk)
    for number in range(130):
        template.pk, template.code = None, f"{number:011d}"
        template.save(force_insert=True)
    page = signed_in(city.coordinator).get(link(khung="all", **{"linh-vuc": "waste"}))
    assert page.context["shown"] == 100 and page.context["total"] == 134
    assert page.context["more_url"] == "/ban/?khung=all&toi=200&linh-vuc=waste"
    more = signed_in(city.coordinator).get(page.context["more_url"])
    assert more.context["shown"] == 134 and not more.context["more_url"]


def test_a_filtered_page_asks_the_database_as_often_however_much_it_finds(city: City, six: dict[str, Case]) -> None:
    client = signed_in(city.coordinator)
    counted = {}
    for name, asked in {
        "few": {"linh-vuc": "lighting"}, "many": {"linh-vuc": "waste"}, "none": {"linh-vuc": "covid-help"},
    }.items():  # fmt: skip
        client.get("/ban/", {"khung": "all", **asked})  # warm
        with queries_counted() as queries:
            client.get("/ban/", {"khung": "all", **asked})
        counted[name] = len(queries)
    assert counted["few"] == counted["many"] == counted["none"] - 1  # what to loosen is one question more
    assert counted["many"] <= 12


def test_a_leader_and_a_supervisor_narrow_as_a_coordinator_does(city: City, six: dict[str, Case]) -> None:
    for user in (city.leader, city.staff(Role.SUPERVISOR, "Lê Giám Sát")):
        assert listed(user, khung="all", kenh="sms") == ["Đèn đường hỏng"]
    assert listed(city.inspector, khung="all", **{"linh-vuc": "denunciation"}) == ["Tôi tố cáo cán bộ nhận hối lộ"]
    assert city.agencies[INSPECTORATE]
