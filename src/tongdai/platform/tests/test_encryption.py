"""What is encrypted where it lies: RFC 8188 to the octet, any part of it, nothing that was touched."""

from __future__ import annotations

import base64
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdai.platform.errors import SettingRefused
from tongdai.platform.files.encryption import CannotOpen, Key, KeyMissing, encrypt, keys, new_key, opened

KEY, OTHER = Key(b"k" * 32), Key(b"o" * 32)
RECORD = 50  # octets, 33 of them content


def octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read(sealed: bytes, *having: Key) -> bytes:
    return bytes(opened(io.BytesIO(sealed), len(sealed), {key.name: key for key in having}).read())


def test_the_rfcs_own_example_is_read() -> None:
    """RFC 8188, section 3.1."""
    sealed = octets("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg")
    key = Key(octets("yqdlZ-tYemfogSmv7Ws5PQ"))
    content = opened(io.BytesIO(sealed), len(sealed), {"": key})
    assert (content.read(), content.size) == (b"I am the walrus", 15)
    ours = b"".join(encrypt([b"I am ", b"the walrus"], key, salt=sealed[:16], record=4096))
    assert ours[21 + 16 :] == sealed[21:]  # after the header, in which ours names its key


@given(st.binary(max_size=200), st.lists(st.integers(0, 220), min_size=1, max_size=5), st.integers(1, 90))
def test_any_part_is_what_was_put_there(content: bytes, places: list[int], length: int) -> None:
    sealed = b"".join(encrypt([content[:7], content[7:]], KEY, record=RECORD))
    file = opened(io.BytesIO(sealed), len(sealed), {KEY.name: KEY})
    assert file.size == len(content)
    for place in places:
        file.seek(place)
        assert file.read(length) == content[place : place + length]


@given(st.binary(min_size=1, max_size=200), st.data())
def test_what_was_changed_cut_off_or_moved_is_not_opened(content: bytes, data: st.DataObject) -> None:
    sealed = b"".join(encrypt([content], KEY, record=RECORD))
    begins = 21 + 16
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytes(octet ^ (number == place) for number, octet in enumerate(sealed))
    cut = sealed[: data.draw(st.integers(0, len(sealed) - 1))]
    records = [sealed[at : at + RECORD] for at in range(begins, len(sealed), RECORD)]
    moved = sealed[:begins] + b"".join(records[1:2] + records[:1] + records[2:])
    for each in {cut, moved, sealed + b"\0" * 40} - {sealed}:
        with pytest.raises(CannotOpen):
            read(each, KEY)
    try:
        assert read(changed, KEY) == content  # the size of a record, where there is but one
    except CannotOpen:
        return
    assert 16 <= place < 20


def test_another_key_is_named_and_does_not_open_it() -> None:
    sealed = b"".join(encrypt([b"xin ch\xc3\xa0o"], KEY))
    assert b"xin" not in sealed
    with pytest.raises(KeyMissing, match=KEY.name):
        read(sealed, OTHER)
    assert read(sealed, OTHER, KEY).decode() == "xin chào"
    assert KEY.name != OTHER.name and len(KEY.name) == 16


def test_a_setting_that_is_no_key_is_refused_without_its_words() -> None:
    made = new_key()
    assert keys([made, f" {made} "], of="X") == [Key(octets(made))] * 2
    for wrong in ("ngắn", "c2hvcnQ", "", made[:20]):
        with pytest.raises(SettingRefused, match="TONGDAI_RECORDING_KEYS: khóa thứ 2") as refused:
            keys([made, wrong], of="TONGDAI_RECORDING_KEYS")
        assert not wrong or wrong not in str(refused.value)
