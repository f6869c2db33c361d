"""The official text beside the plain one: what the law changed is listed with the difference, and an editor decides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from tests.city import City
from tongdai.accounts.models import Role, User
from tongdai.desk.articles.official import Piece, difference
from tongdai.knowledge.answers import plain_text
from tongdai.knowledge.editing import reviews
from tongdai.knowledge.importing.procedures import imports
from tongdai.knowledge.models import Procedure, Version

pytestmark = pytest.mark.django_db
CODE = "1.000894"
OLD, NEW = "Nộp hồ sơ tại xã.\nNhận giấy sau 5 ngày.", "Nộp hồ sơ tại xã.\nNhận giấy ngay trong ngày."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def says(city: City, tmp_path: Path, steps: str) -> Procedure:
    """The national file says these steps."""
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"code": CODE, "name": "Đăng ký kết hôn", "steps": steps.split("\n")}), "utf-8")
    at = city.at("2022-02-10 08:00")
    imports.load(file, at=at, today=at.date())
    return Procedure.objects.get(code=CODE)


def act(client: Client, row: Procedure, action: str, **more: str) -> str:
    page = f"/ban/kho/procedure/{row.pk}/"
    sent = {"action": action, "seen": client.get(page).context["seen"]} | more
    return client.post(f"{page}viec/", sent, follow=True).content.decode()


def published(city: City, row: Procedure) -> Procedure:
    reader = signed_in(city.staff(Role.SUPERVISOR, "Lê Thị Mai"))
    act(reader, row, "approve")
    act(reader, row, "publish")
    return Procedure.objects.get(pk=row.pk)


def test_what_the_law_changed_is_listed_with_the_difference_until_an_editor_says_it_is_still_right(
    knowing: City, tmp_path: Path
) -> None:
    editor = signed_in(knowing.coordinator)
    says(knowing, tmp_path, OLD)
    assert not reviews.official_changed(Procedure.objects.all())

    row = says(knowing, tmp_path, NEW)

    room = editor.get("/ban/kho/").content.decode()
    assert "1 thủ tục có lời chính thức đã đổi" in room and "1 câu trả lời cần rà soát" in room
    page = editor.get(f"/ban/kho/procedure/{row.pk}/").content.decode()
    changed = page.split('id="law-changed"')[1].split("</section>")[0]
    assert "sau 5" in changed and "ngay trong" in changed and row.steps[0] in changed
    assert "Nộp hồ sơ tại xã." not in changed  # it stayed

    act(editor, row, "still_right")

    assert "có lời chính thức đã đổi" not in editor.get("/ban/kho/").content.decode()
    after = Procedure.objects.get(pk=row.pk)
    assert (after.steps, plain_text.official_of(after, "steps")) == (row.steps, NEW.split("\n"))
    assert Version.objects.filter(row=row.pk, by=knowing.coordinator).count() == 1


def test_still_right_is_not_said_of_what_was_never_seen(knowing: City, tmp_path: Path) -> None:
    editor = signed_in(knowing.coordinator)
    says(knowing, tmp_path, OLD)
    row = says(knowing, tmp_path, NEW)
    page = f"/ban/kho/procedure/{row.pk}/"
    seen = editor.get(page).context["seen"]
    says(knowing, tmp_path, f"{NEW}\nNộp lệ phí.")

    told = editor.post(f"{page}viec/", {"action": "still_right", "seen": seen}, follow=True).content.decode()

    assert "vừa lưu mục này" in told and plain_text.to_review(Procedure.objects.get(pk=row.pk)) == ["steps"]


def test_words_written_after_the_law_changed_settle_it(knowing: City, tmp_path: Path) -> None:
    editor = signed_in(knowing.coordinator)
    says(knowing, tmp_path, OLD)
    row = says(knowing, tmp_path, NEW)
    page = f"/ban/kho/procedure/{row.pk}/"
    form = editor.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "settled"}
    editor.post(page, typed | {"steps": "Đến xã.\nLấy giấy luôn."})

    row = published(knowing, row)

    assert row.steps == ["Đến xã.", "Lấy giấy luôn."] and row.plain["steps"]["by"] == "editor"
    assert plain_text.to_review(row) == [] and row.plain["result"]["by"] == "starter"


def test_an_editor_takes_the_plain_text_away_and_the_official_one_is_read_from_then_on(
    knowing: City, tmp_path: Path
) -> None:
    editor = signed_in(knowing.coordinator)
    row = says(knowing, tmp_path, OLD)
    page = editor.get(f"/ban/kho/procedure/{row.pk}/").content.decode()
    assert "Nhận giấy sau 5 ngày." in page.split('id="official-steps"')[1].split("</details>")[0]

    act(editor, row, "read_official", part="steps")
    assert Procedure.objects.get(pk=row.pk).steps == row.steps  # a draft, until another has approved it
    row = published(knowing, row)

    assert row.steps == OLD.split("\n") and not plain_text.is_plain(row, "steps")
    assert says(knowing, tmp_path, NEW).steps == NEW.split("\n")
    assert "không có lời chính thức" in act(editor, row, "read_official", part="steps")


def test_a_draft_begun_before_a_file_came_leaves_to_the_file_what_its_writer_left_alone(
    knowing: City, tmp_path: Path
) -> None:
    editor = signed_in(knowing.coordinator)
    row = says(knowing, tmp_path, OLD)
    act(editor, row, "read_official", part="steps")
    row = published(knowing, row)
    page = f"/ban/kho/procedure/{row.pk}/"
    form = editor.get(page).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "settled"}
    editor.post(page, typed | {"summary": "Lời mới."})
    says(knowing, tmp_path, NEW)
    assert [each.label for each in editor.get(page).context["changes"]] == ["Nói ngắn, bằng lời thường"]

    row = published(knowing, row)

    assert (row.summary, row.steps) == ("Lời mới.", NEW.split("\n")) and not plain_text.is_plain(row, "steps")


def test_a_difference_is_shown_word_by_word_and_what_stayed_is_left_out() -> None:
    assert difference("Nộp hai bản tại xã.", "Nộp một bản tại xã.") == [
        [Piece("", "Nộp "), Piece("gone", "hai "), Piece("new", "một "), Piece("", "bản tại xã.")]
    ]
    assert difference("Một.\nHai.", "Một.") == [[Piece("gone", "Hai.")]]
    assert difference("x " * 2000, "y " * 2000) == [[Piece("gone", "x " * 2000), Piece("new", "y " * 2000)]]
