"""The link of a text opens the whole case, leaves the address at once, ends, and is withdrawn."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.city import City
from tests.proof import worked
from tongdai.cases.access import links
from tongdai.cases.models import Case, CaseLink
from tongdai.channels import links as links_in_texts
from tongdai.channels.limits import LINKS
from tongdai.people.models import Channel, Interaction
from tongdai.platform.clock import CITY_TZ, now

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2022, 2, 14, tzinfo=CITY_TZ)


@pytest.fixture
def case(city: City) -> Case:
    """Answered, of somebody who texted from 0904 123 318."""
    return city.answered("Rác tràn ra hè phố", channel=Channel.SMS, proven=True, answer_text="Đã dọn xong sáng nay.")


def link_to(case: Case, **more: object) -> str:
    """A path as it stands in a text."""
    link = links.give(case, purpose=CaseLink.Purpose.TEXT, at=now())
    CaseLink.objects.filter(pk=link.pk).update(**more)
    return urlsplit(links_in_texts.address(link)).path


def page(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def test_a_link_shows_the_whole_case_and_its_token_leaves_the_address_at_once(case: Case, client: Client) -> None:
    path = link_to(case)
    opened = client.get(path)
    assert (opened.status_code, opened["Location"]) == (302, f"/p/{case.code}/")
    assert opened["Referrer-Policy"] == "no-referrer" and "no-store" in opened["Cache-Control"]
    assert opened.cookies["cases"]["httponly"]
    shown = page(client, f"/p/{case.code}/")
    assert "Rác tràn ra hè phố" in shown and "Đã dọn xong sáng nay." in shown
    assert path.split("/")[2] not in shown


@pytest.mark.parametrize("damage", [lambda p: p[:-3] + "/", lambda p: p[:-2] + ("A/" if p[-2] != "A" else "B/")])
def test_a_damaged_link_shows_where_the_case_stands_and_nothing_else(case: Case, client: Client, damage) -> None:
    link = links.give(case, purpose=CaseLink.Purpose.TEXT, at=now())
    shown = page(client, damage(f"/p/{case.code}/{links.token(link)}/"))
    assert "Rác tràn" not in shown and "Bốn số cuối" in shown
    short = page(client, damage(link_to(case)))
    assert "Rác tràn" not in short and case.code not in short


def test_the_link_of_one_case_opens_no_other(city: City, case: Case, client: Client) -> None:
    other = city.case("Chuyện của người khác")
    assert "Chuyện của" not in page(client, link_to(case).replace(case.code, other.code))


@pytest.mark.parametrize(
    ("what", "says"),
    [({"expires_at": LONG_AGO}, "đã hết hạn"), ({"withdrawn_at": LONG_AGO}, "đã được thu hồi")],
)
def test_a_link_that_is_over_says_so_and_a_fresh_one_goes_to_the_proven_number(
    case: Case, client: Client, what: dict[str, object], says: str
) -> None:
    path = link_to(case, **what)
    over = client.get(path)
    assert over.status_code == 410 and says in over.content.decode() and "Rác tràn" not in over.content.decode()
    assert "0904\u00a0•••\u00a0318" in over.content.decode() and "cases" not in over.cookies

    assert "Đã gửi đường dẫn mới" in client.post(path, worked(client)).content.decode()
    text = Interaction.objects.get(direction="out")
    assert text.address == "+84904123318" and "/k/" not in text.body
    words = links_in_texts.words_to_send([text])[text.pk]
    assert "Rác tràn ra hè phố" in page(client, urlsplit(words.split()[-1]).path)

    sent = [client.post(path, worked(client)).status_code for _ in range(LINKS.most)]
    assert sent == [200] * (LINKS.most - 1) + [429]


def test_withdrawing_closes_the_links_and_the_browsers_they_opened_but_not_this_one(case: Case) -> None:
    mine, lost = Client(), Client()
    path = link_to(case)
    for browser in (mine, lost):
        browser.get(path)
    after = mine.post(f"/p/{case.code}/thu-hoi/", follow=True).content.decode()
    assert "không mở được phiếu nữa" in after and "Rác tràn ra hè phố" in after
    assert "Rác tràn" not in page(lost, f"/p/{case.code}/")
    assert lost.get(path).status_code == 410
    assert lost.post(f"/p/{case.code}/thu-hoi/").status_code == 302  # and closes nobody else's
    assert "Rác tràn ra hè phố" in page(mine, f"/p/{case.code}/")


def test_links_that_were_sent_before_still_open_and_one_that_was_tampered_with_opens_nothing(
    case: Case, client: Client
) -> None:
    link = links.give(case, purpose=CaseLink.Purpose.TEXT, at=now())
    assert page(client, f"/p/{case.code}/{links.token(link)}/").count("Rác tràn ra hè phố")
    other = links.give(case, purpose=CaseLink.Purpose.TEXT, at=now())
    for wrong in (links.token(link) + links.short(other)[12:], links.short(link)[:-1] + "zzzzz", "x", "A" * 40):
        assert Client().get(f"/k/{wrong}")["Location"] == "/tra-cuu/"
    filed = links.give(case, purpose=CaseLink.Purpose.FILED, at=now())
    assert links.find_short(links.short(filed)) is None


def test_a_shared_computer_forgets(case: Case, client: Client) -> None:
    client.get(link_to(case))
    assert case.code in client.cookies["cases"].value
    gone = client.post("/quen/")
    assert gone["Clear-Site-Data"] == '"cache"'
    assert "đã quên" in page(client, gone["Location"]) and "Rác tràn" not in page(client, f"/p/{case.code}/")


def test_a_cookie_that_somebody_made_up_opens_nothing(case: Case, client: Client) -> None:
    link = links.give(case, purpose=CaseLink.Purpose.TEXT, at=now())
    client.cookies["cases"] = f"{case.code}-{link.pk}:AAAA"
    assert "Rác tràn" not in page(client, f"/p/{case.code}/")
