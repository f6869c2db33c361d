"""A real city comes in by CSV: first what would change, then all of it or nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.city import City
from tongdai.accounts import invitations
from tongdai.accounts.imports import load_staff, staff_table
from tongdai.accounts.models import User
from tongdai.directory import exports, imports
from tongdai.directory.models import Agency, Holiday, Place, Topic
from tongdai.directory.places.loading import load_province
from tongdai.knowledge.importing import sheets as knowledge

pytestmark = pytest.mark.django_db


def table(folder: Path, text: str, *, encoding: str = "utf-8-sig") -> Path:
    file = folder / "table.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_a_dry_run_says_what_would_change_and_writes_nothing(city: City, tmp_path: Path) -> None:
    file = table(tmp_path, "code;name;kind;places\nso-y-te;Sở Y tế;department;\nubnd-lc;UBND Lê Chân;local;t-Lê Chân\n")
    planned = imports.load("agencies", file, dry_run=True)
    assert (len(planned.added), planned.problems, Agency.objects.filter(code="so-y-te").count()) == (2, [], 0)

    done = imports.load("agencies", file)
    assert len(done.added) == 2
    assert list(Agency.objects.get(code="ubnd-lc").places.all()) == [city.places["Lê Chân"]]

    again = imports.load("agencies", file)
    assert (again.added, again.changed, again.unchanged) == ([], [], 2)


def test_a_change_names_what_differs(city: City, tmp_path: Path) -> None:
    imports.load("agencies", table(tmp_path, "code,name\nso-y-te,Sở Y tế\n"))
    done = imports.load("agencies", table(tmp_path, "code,name,valid_to\nso-y-te,Sở Y tế Hải Phòng,30.6.2025\n"))
    assert done.changed == ["so-y-te: Sở Y tế Hải Phòng (name, valid_to)"]
    assert Agency.objects.get(code="so-y-te").folded == "so y te hai phong"


def test_anything_wrong_is_told_by_line_and_column_and_nothing_is_written(city: City, tmp_path: Path) -> None:
    text = "code,name,limit_hours,agency,urgent\nrac,Rác,40,,\nden,Đèn,bốn mươi,,\nnuoc,Nước,40,khong-co,\nxe,Xe,40,,hơi hơi\n"
    done = imports.load("topics", table(tmp_path, text))
    assert [problem.split(":")[0] for problem in done.problems] == [
        "Dòng 3, cột limit_hours",
        "Dòng 4, cột agency",
        "Dòng 5, cột urgent",
    ]
    assert not Topic.objects.filter(code="rac").exists()


def test_topics_come_with_their_legal_limits_and_keywords(city: City, tmp_path: Path) -> None:
    head = "code,name,limit_hours,urgent,confidential,keywords,legal_basis"
    imports.load("topics", table(tmp_path, f"{head}\ndat-dai,Đất đai,80,,có,sổ đỏ|tách thửa,Luật Đất đai 2024\n"))
    topic = Topic.objects.get(code="dat-dai")
    assert (topic.limit_hours, topic.confidential, topic.keywords) == (80, True, "sổ đỏ\ntách thửa")


def test_a_topic_says_whether_answers_need_proof_and_an_older_file_leaves_it_so(city: City, tmp_path: Path) -> None:
    imports.load("topics", table(tmp_path, "code,name,limit_hours,proof_required\no-ga,Ổ gà,40,có\nrac,Rác,40,\n"))
    assert (Topic.objects.get(code="o-ga").proof_required, Topic.objects.get(code="rac").proof_required) == (
        True,
        False,
    )
    imports.load("topics", table(tmp_path, "code,name,limit_hours\no-ga,Ổ gà và hố ga,40\n"))
    assert Topic.objects.get(code="o-ga").proof_required
    assert "proof_required" in exports.table("topics").splitlines()[0]


def test_a_topic_says_whether_answers_need_an_approver_and_an_older_file_leaves_it_so(
    city: City, tmp_path: Path
) -> None:
    head = "code,name,limit_hours,approval_required"
    imports.load("topics", table(tmp_path, f"{head}\ndat-dai,Đất đai,80,có\nrac,Rác,40,\n"))
    demanded = dict(Topic.objects.filter(code__in=["dat-dai", "rac"]).values_list("code", "approval_required"))
    assert demanded == {"dat-dai": True, "rac": False}
    imports.load("topics", table(tmp_path, "code,name,limit_hours\ndat-dai,Đất đai nhà ở,80\n"))
    assert Topic.objects.get(code="dat-dai").approval_required
    assert "approval_required" in exports.table("topics").splitlines()[0]


def test_the_calendar_takes_local_days_off_and_make_up_saturdays(city: City, tmp_path: Path) -> None:
    file = table(tmp_path, "day,name,working\n13.5.2026,Ngày giải phóng Hải Phòng,\n2026-05-16,Làm bù,x\n")
    imports.load("calendar", file)
    assert set(Holiday.objects.filter(day__year=2026).values_list("day__day", "working")) == {(13, False), (16, True)}


def test_staff_get_one_time_links_not_passwords(city: City, tmp_path: Path) -> None:
    file = table(tmp_path, "username,full_name,role\nhang,Đỗ Thu Hằng,coordinator\nsep,Ai Đó,sếp\n")
    outcome, tokens = load_staff(file, at=city.at("2026-11-25 08:00"))
    assert len(outcome.problems) == 1 and tokens == {} and not User.objects.filter(username="hang").exists()

    outcome, tokens = load_staff(
        table(tmp_path, "username,full_name,role\nhang,Đỗ Thu Hằng,coordinator\n"), at=city.at("2026-11-25 08:00")
    )
    hang = User.objects.get(username="hang")
    assert not hang.has_usable_password()
    invitations.set_password(tokens["hang"], password="một câu dễ nhớ", at=city.at("2026-11-26 08:00"))
    hang.refresh_from_db()
    assert hang.check_password("một câu dễ nhớ")
    with pytest.raises(invitations.InvitationSpent):
        invitations.set_password(tokens["hang"], password="lần nữa", at=city.at("2026-11-26 08:01"))


@pytest.mark.parametrize("text", ["", "xin chào", "ma,ten\n1,2\n"])
def test_what_is_no_such_table_is_refused_with_its_columns(city: City, tmp_path: Path, text: str) -> None:
    with pytest.raises(imports.NotThisTable, match="code"):
        imports.load("agencies", table(tmp_path, text))


def test_a_file_that_is_not_utf8_says_how_to_save_it(city: City, tmp_path: Path) -> None:
    with pytest.raises(imports.NotThisTable, match="CSV UTF-8"):
        imports.load("agencies", table(tmp_path, "code,name\nx,Sở Y tế\n", encoding="utf-16"))


def test_the_samples_that_ship_are_right(city: City) -> None:
    samples = Path(__file__).parents[4] / "docs" / "samples"
    city.places["Hồng Bàng"].code = "11329"
    city.places["Hồng Bàng"].save()
    for kind in ("agencies", "topics", "calendar"):
        assert imports.load(kind, samples / f"{kind}.csv").problems == []
    outcome, tokens = load_staff(samples / "staff.csv", at=city.at("2026-11-25 08:00"))
    assert outcome.problems == [] and len(tokens) == 2


@pytest.mark.parametrize("kind", ["agencies", "topics", "places", "calendar"])
def test_what_is_taken_out_and_brought_in_again_changes_nothing(city: City, tmp_path: Path, kind: str) -> None:
    Holiday.objects.create(day=date(2026, 12, 24), name="Nghỉ bão")
    file = table(tmp_path, exports.table(kind), encoding="utf-8")
    done = imports.load(kind, file)
    assert (done.added, done.changed, done.problems) == ([], [], [])
    assert done.unchanged == imports.TABLES[kind].model._default_manager.count() > 0


def test_a_table_taken_out_fills_an_empty_city(city: City, tmp_path: Path) -> None:
    load_province("31")
    text = exports.table("places")
    before = Place.objects.order_by("code").values_list("code", "full_name", "parent__code", "valid_to", "latitude")
    kept, links = list(before), Place.successors.through.objects.count()
    Agency.places.through.objects.all().delete()
    Place.objects.all().update(parent=None)
    Place.objects.all().delete()

    done = imports.load("places", table(tmp_path, text, encoding="utf-8"))

    assert done.problems == []
    assert (list(before.all()), Place.successors.through.objects.count()) == (kept, links)


def test_staff_taken_out_have_no_password_and_come_back_unchanged(city: City, tmp_path: Path) -> None:
    text = staff_table()
    assert city.call_taker.full_name in text
    assert text.splitlines()[0].removeprefix("\ufeff") == "username,full_name,role,agency,phone,email"
    passwords = User.objects.values_list("password", flat=True)
    assert len(passwords) > 4 and not any(each in text or each.rpartition("$")[2] in text for each in passwords)
    outcome, tokens = load_staff(table(tmp_path, text, encoding="utf-8"), at=city.at("2022-02-14 08:00"))
    assert (outcome.added, outcome.changed, outcome.problems, tokens) == ([], [], [], {})


LONG = {"agencies": "code,name,phone", "topics": "code,name,limit_hours", "calendar": "day,name"}


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        ("agencies", f"x,{'a' * 201},", "name"), ("agencies", f"x,A,{'1' * 21}", "phone"),
        ("agencies", f"{'x' * 65},A,", "code"), ("agencies", "x,A\0B,", "name"), ("agencies", f"x,{'½' * 150},", ""),
        ("agencies", f"x,{'a' * 131_073},", "name"), ("topics", f"x,{'a' * 201},8", "name"), ("topics", "x,A,²", "limit_hours"),
        ("topics", f"x,A,{'9' * 5000}", "limit_hours"), ("calendar", f"1.5.2026,{'a' * 121}", "name"),
        ("calendar", "1.1.0001,A", "day"), ("calendar", "31.12.9999,A", "day"),
    ],
)  # fmt: skip
def test_what_has_no_room_is_told_by_line_and_column_and_nothing_is_written(
    city: City, tmp_path: Path, kind: str, row: str, column: str
) -> None:
    good = {"agencies": "y,Tốt,", "topics": "y,Tốt,8", "calendar": "2.5.2026,Tốt"}[kind]
    done = imports.load(kind, table(tmp_path, f"{LONG[kind]}\n{good}\n{row}\n"))
    if column:
        assert [problem.split(":")[0] for problem in done.problems] == [f"Dòng 3, cột {column}"]
        assert not Agency.objects.filter(code="y").exists() and not Holiday.objects.exists()
    assert all(len(problem) < 500 for problem in done.problems)


@pytest.mark.parametrize("number", ["nan", "inf", "1e309", "1_0", "²", "9" * 400])
def test_a_number_that_is_none_is_no_places_middle(city: City, tmp_path: Path, number: str) -> None:
    done = imports.load("places", table(tmp_path, f"code,name,level,latitude\nx,X,ward,{number}\n"))
    assert [problem.split(":")[0] for problem in done.problems] == ["Dòng 2, cột latitude"]


@pytest.mark.parametrize(
    "row", [f"x,{'a' * 121},officer,", f"{'x' * 61},A,officer,", f"x,A,officer,{'1' * 21}", "x,A\0,officer,"]
)
def test_staff_whose_names_have_no_room_are_told_by_line_and_column(city: City, tmp_path: Path, row: str) -> None:
    done, _links = load_staff(
        table(tmp_path, f"username,full_name,role,phone\n{row}\n"), at=city.at("2026-11-25 08:00")
    )
    assert [problem.split(" ")[:2] for problem in done.problems] == [["Dòng", "2,"]] and "ký tự" in done.problems[0]


def test_a_quotation_mark_left_open_swallows_no_rows_in_silence(city: City, tmp_path: Path) -> None:
    text = 'code,name\na,Một\nb,"Hai\nc,Ba\nd,Bốn\n'
    for reads in (
        lambda file: imports.load("agencies", file),
        lambda file: list(knowledge.rows_of(file)),
    ):
        with pytest.raises(ValueError, match="Dòng 3: dấu ngoặc kép"):
            reads(table(tmp_path, text))
    assert not Agency.objects.filter(code="a").exists()


def test_a_cell_over_two_lines_is_one_cell_and_the_next_row_keeps_its_line(city: City, tmp_path: Path) -> None:
    done = imports.load("agencies", table(tmp_path, 'code,name,kind\na,"Sở ""Y""\ntế",department\nb,Hai,lạ\n'))
    assert [problem.split(":")[0] for problem in done.problems] == ["Dòng 4, cột kind"]
