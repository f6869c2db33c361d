"""TRA and a code: in full to the number on the case, to anyone else no word of what was written."""

from __future__ import annotations

import pytest

from tests.city import HONG_BANG, City
from tongdai.cases.models import Case
from tongdai.channels import links
from tongdai.people.models import Channel, Interaction

from .network import LAN, MINH, Network


def reply() -> str:
    """The last words to go out, as they go."""
    last = Interaction.objects.filter(direction="out").latest("pk")
    return links.words_to_send([last])[last.pk].replace("\u00a0", " ")


@pytest.fixture
def case(city: City) -> Case:
    answered = city.answered(
        "F0 khó thở", channel=Channel.SMS, phone=f"+{LAN}", proven=True, answer_text="Đã cử bác sĩ đến nhà."
    )
    Interaction.objects.filter(direction="out").delete()
    return answered


@pytest.mark.parametrize("asked", ["TRA {}", "tra cứu mã {}", "{}", "STATUS {}"])
def test_the_number_on_the_case_is_told_all_of_it(network: Network, case: Case, asked: str) -> None:
    network.texts(LAN, asked.format(f"{case.code[:4]} {case.code[4:8]} {case.code[8:]}"))
    assert "đã trả lời" in reply() and "Đã cử bác sĩ đến nhà." in reply() and "/k/" in reply()


def test_another_number_is_told_how_it_stands_and_nothing_else(network: Network, case: Case) -> None:
    network.texts(MINH, f"TRA {case.code}")
    assert "đã trả lời" in reply()
    for secret in ("bác sĩ", "khó thở", "/k/"):
        assert secret not in reply()


def test_a_number_that_was_only_typed_into_a_form_is_told_no_more_than_anybody(network: Network, city: City) -> None:
    case = city.answered("F0 khó thở", phone=f"+{LAN}", answer_text="Đã cử bác sĩ đến nhà.")
    network.texts(LAN, f"TRA {case.code}")
    assert "đã trả lời" in reply() and "bác sĩ" not in reply() and "/k/" not in reply()
    network.texts(LAN, f"TRA {case.code} sao chưa ai đến?")
    assert case.links.filter(interaction__direction="in").count() == 1  # what came with it
    assert Case.objects.count() == 1 and "đã trả lời" in reply() and "bác sĩ" not in reply()


def test_an_open_case_is_told_with_who_has_it_and_by_when(network: Network, city: City) -> None:
    case = city.case(lead=HONG_BANG)
    network.texts(MINH, case.code)
    assert HONG_BANG in reply() and "Hạn trả lời: " in reply() and "thứ" in reply()


def test_a_confidential_case_names_no_agency(network: Network, city: City) -> None:
    case = city.case("Tố cáo cán bộ nhận hối lộ", topic="denunciation", lead="Thanh tra")
    network.texts(MINH, f"TRA {case.code}")
    assert case.code[:4] in reply() and "Thanh tra" not in reply() and "hối lộ" not in reply()


def test_what_its_citizen_adds_after_the_code_is_kept_in_the_case(network: Network, case: Case) -> None:
    network.texts(LAN, f"TRA {case.code} sao chưa ai đến?")
    assert "sao chưa ai đến?" in case.links.latest("pk").interaction.body
    assert Case.objects.count() == 1 and "đã trả lời" in reply()


def test_a_strangers_words_after_a_code_are_a_matter_of_their_own(network: Network, case: Case) -> None:
    network.texts(MINH, f"{case.code} nhà tôi cũng bị")
    assert Case.objects.latest("pk").text == f"{case.code} nhà tôi cũng bị"


def test_a_wrong_code_and_one_of_no_case_are_told_so(network: Network) -> None:
    network.texts(LAN, "TRA 73041859260")
    network.texts(LAN, "TRA 00000000000")
    wrong, unknown = Interaction.objects.filter(direction="out").order_by("pk").values_list("body", flat=True)
    assert "11 chữ số" in wrong
    assert "Không có phiếu nào" in unknown
    assert Case.objects.count() == 0
