"""A form makes us text nobody for money: not abroad, not by the thousand, not without work; and no report is lost for it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.city import City
from tests.proof import solved, worked
from tongdai.cases.models import Case, Event
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.directory import outbound
from tongdai.directory.models import Outbound
from tongdai.people.models import Interaction, SpentProof
from tongdai.portal import proof

pytestmark = pytest.mark.django_db
FORM = {"text": "Nắp cống ngõ 61 Tam Bạc vỡ", "phone": "0904 123 318", "visibility": "private"}
FIRE = "Nhà số 12 ngõ 5 đang cháy to, còn người mắc kẹt trên tầng hai, cứu với"
SPOKEN = re.compile(r"\d{4}\u00a0\d{4}\u00a0\d{3}")


@pytest.fixture(autouse=True)
def there_is_an_smsc(settings) -> None:
    settings.SMSC = "smpp://1022:x@127.0.0.1:2775"


def send(client: Client, number: int = 0, /, **fields: str) -> str:
    """Fill in the form and send it; the page with the code."""
    posted = FORM | {"key": f"{number:022d}", "text": f"{FORM['text']}, nắp thứ {number}"} | fields
    return str(client.post("/phan-anh/", posted, follow=True).content.decode())


def texts() -> list[Interaction]:
    """What is to be sent, once the jobs are done."""
    for event in Event.objects.order_by("pk"):
        notify_citizen(event.pk)
    return list(Interaction.objects.filter(direction="out", state="queued").order_by("pk"))


def test_37_reports_with_numbers_of_somalia_and_iridium_are_taken_and_text_nobody(city: City, client: Client) -> None:
    for number in range(37):
        phone = f"+252 61 234 56{number:02d}" if number % 2 else f"+8816 1234 56{number:02d}"
        page = send(client, number, phone=phone, **worked(client))
        assert SPOKEN.search(page) and "Thành phố không nhắn tin" in page and "Xin chép lại mã" in page
        assert "chúng tôi nhắn đến số" not in page and "Gửi mã xác nhận" not in page
    assert Case.objects.count() == 37 and texts() == []
    assert Interaction.objects.filter(direction="out", state="barred").count() == 37  # on record, with each case


def test_a_service_number_is_told_to_be_one_and_the_form_is_kept(city: City, client: Client) -> None:
    page = send(client, phone="1900 1234", **worked(client))
    assert Case.objects.count() == 0
    assert "19001234 là số dịch vụ" in page and "Nắp cống ngõ 61" in page


def test_a_report_whose_browser_did_the_work_is_texted_its_code(city: City, client: Client) -> None:
    page = send(client, **worked(client))
    assert "không có tin nhắn kèm mã" not in page.split('<section class="aside"')[0]
    (text,) = texts()
    assert text.address == "+84904123318" and "đã nhận phiếu" in text.body


def test_without_javascript_the_report_is_taken_its_code_shown_and_no_text_sent_and_the_page_says_so(
    city: City, client: Client
) -> None:
    page = send(client)
    assert SPOKEN.search(page) and "không chạy JavaScript, nên không có tin nhắn kèm mã. Xin chép lại mã" in page
    assert Case.objects.count() == 1 and texts() == []
    assert "không có tin nhắn kèm mã" in client.get("/phan-anh/").content.decode()  # said before sending, too


@pytest.mark.parametrize("danger", [{"text": FIRE}, {"urgent": "1"}])
def test_who_is_in_danger_is_texted_without_any_work(city: City, client: Client, danger: dict[str, str]) -> None:
    page = send(client, **danger)
    assert "không chạy JavaScript, nên" not in page
    (text,) = texts()
    assert text.purpose == "danger"


def test_a_proof_is_good_for_one_report_alone(city: City, client: Client) -> None:
    done = worked(client)
    send(client, 1, **done)
    send(client, 2, phone="0904 123 319", **done)
    assert [text.address for text in texts()] == ["+84904123318"]


def test_a_report_sent_back_for_a_mistake_has_not_spent_its_proof(city: City, client: Client) -> None:
    done = worked(client)
    send(client, phone="12", **done)
    assert not SpentProof.objects.exists()
    send(client, **done)
    assert len(texts()) == 1


def _late() -> str:
    return solved(proof.new_challenge(good_for=timedelta(seconds=-5)))


def _easier() -> str:
    """A challenge that the sender made easier."""
    challenge = proof.new_challenge()
    challenge.parameters.key_prefix = "00"
    return solved(challenge)


def _of_another_house() -> str:
    challenge = proof.new_challenge()
    challenge.signature = "0" * 64
    return solved(challenge)


def _unsolved() -> str:
    import altcha

    return altcha.Payload(proof.new_challenge(), altcha.Solution(1, "00" * 32)).to_base64()


@pytest.mark.parametrize(
    "payload",
    [_late, _easier, _of_another_house, _unsolved, lambda: "", lambda: "xyz", lambda: "ẵ\0", lambda: "A" * 5000],
)
def test_what_is_no_proof_of_ours_sends_no_text_and_loses_no_report(city: City, client: Client, payload) -> None:
    send(client, altcha=payload())
    assert Case.objects.count() == 1 and texts() == []


@pytest.mark.parametrize(
    ("ours", "others"), [("203.0.113.{}", "203.0.114.1"), ("2001:db8:1:2:{}::1", "2001:db8:1:3::1")]
)
def test_a_network_makes_us_text_so_often_an_hour_and_its_reports_are_taken_all_the_same(
    city: City, client: Client, ours: str, others: str
) -> None:
    outbound.decide(kinds=[Outbound.Kind.MOBILE], texts_a_network=2)
    pages = []
    for number in range(4):
        client.defaults["REMOTE_ADDR"] = ours.format(number + 1)
        pages.append(send(client, number, phone=f"0904 12{number} 318", **worked(client)))
    assert ["vừa gửi nhiều phiếu" in page for page in pages] == [False, False, True, True]
    client.defaults["REMOTE_ADDR"] = others
    assert "vừa gửi nhiều phiếu" not in send(client, 9, phone="0904 129 318", **worked(client))
    assert Case.objects.count() == 5 and len(texts()) == 3


def test_a_one_time_code_and_a_fresh_link_ask_for_work_too(city: City, client: Client) -> None:
    send(client, **worked(client))
    code = Case.objects.get().code
    refused = client.post(f"/p/{code}/xac-nhan/", {"do": "send"})
    assert refused.status_code == 422 and "chống gửi tin hàng loạt" in refused.content.decode()
    assert not Interaction.objects.filter(key__startswith="one-time:").exists()
    assert client.post(f"/p/{code}/xac-nhan/", {"do": "send"} | worked(client)).status_code == 303
    assert Interaction.objects.filter(key__startswith="one-time:").count() == 1


def test_every_form_of_strangers_that_texts_carries_the_work(city: City, client: Client) -> None:
    send(client, **worked(client))
    code = Case.objects.get().code
    for path in ("/phan-anh/", f"/phan-anh/da-gui/?ma={code}", f"/p/{code}/", f"/p/{code}/xac-nhan/"):
        page = client.get(path).content.decode()
        assert page.count('data-proof="/bang-chung/"') == 1 and "<noscript>" in page, path
    begun = client.post("/tim/hoi-nguoi/", {"q": "xem bóng đá ở đâu"}).content.decode()
    assert 'data-proof="/bang-chung/"' in begun  # the question box leads to the same form


def test_an_officers_answer_is_texted_to_who_wrote_without_javascript(city: City, client: Client) -> None:
    from tongdai.cases.actions.accept import accept
    from tongdai.cases.actions.answer import answer
    from tongdai.cases.actions.assign import assign
    from tongdai.cases.actor import Actor
    from tongdai.platform.clock import now

    send(client)
    case, officer = Case.objects.get(), city.officer("Điện chiếu sáng")
    case = assign(case, by=Actor.staff(city.coordinator), agency=city.agencies["Điện chiếu sáng"], at=now())
    answer(accept(case, by=Actor.staff(officer), at=now()), by=Actor.staff(officer), text="Đã thay.", at=now())
    (text,) = texts()
    assert "đã trả lời phiếu" in text.body
