"""The two cities that states begin from: one where nothing has come yet, and one filled, with long names and photos."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from tests import starter
from tests.city import HONG_BANG, INSPECTORATE, LE_CHAN, LIGHTING, City
from tongdai.accounts.models import Role, User
from tongdai.cases.actions.answer import Attached
from tongdai.cases.actions.draft import draft
from tongdai.cases.actions.register import Photo
from tongdai.cases.actor import Actor
from tongdai.cases.models import Attachment, Case
from tongdai.channels.notifications.notify import notify_citizen
from tongdai.channels.voice.agents import lines
from tongdai.channels.voice.menu.menu import usual_or_own
from tongdai.directory.models import Agency
from tongdai.people.models import Channel

Kind = Attachment.Kind
NOON = "2022-02-16 12:00"
LONG_AGENCY = (
    "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và phát triển nông nghiệp, nông thôn thành phố"
)
LONG_NAME = "Công Tằng Tôn Nữ Phương Thảo Nguyễn Thị Huyền Trang"
LONG_TEXT = (
    "Từ hôm mồng ba Tết đến nay đoạn đường nghiêng trước trường tiểu học ngõ 47 bị đào lên đặt ống nước rồi bỏ đó, "
    "trời mưa thì thành ao, trời nắng thì bụi mù, trẻ con đi học ngã mấy lần.\n"
    "Bà con đã hỏi chủ thầu, họ bảo xem http://congtrinh.vn/thong-bao/2022/02/14/"
    + "lich-thi-cong-duong-ngo-47-"
    * 5
    + " nhưng không mở được.\n"
    "Đề nghị cho người xuống xem và lấp tạm trước khi trường học lại, xin cảm ơn các cô các chú!"
)
UNBROKEN = "Đènđườnghỏng" * 18
LONG_DOCUMENT = (
    "Biên bản nghiệm thu khối lượng hoàn thành công trình sửa chữa đường nghiêng, BIENBAN_NGHIEMTHU_2022_02_15.pdf"
)


def people_of(city: City) -> dict[str, User]:
    """One of each who works in the house, by the plain name of the role."""
    usual_or_own()
    starter.begin(city.at("2022-02-01 08:00"))
    people = {
        "call taker": city.call_taker,
        "coordinator": city.coordinator,
        "supervisor": city.staff(Role.SUPERVISOR, "Lê Giám Sát"),
        "leader": city.leader,
        "administrator": city.admin,
        "inspector": city.inspector,
        "officer": city.officer(HONG_BANG),
        "approver": city.staff(Role.APPROVER, "Cán bộ duyệt", agency=HONG_BANG),
        "officer who helps": city.officer(LIGHTING),
    }
    for who in ("call taker", "coordinator", "supervisor"):
        lines.line_of(people[who])
    return people


def fill(city: City) -> dict[str, Any]:
    """Some of everything; gives back what states ask for by name."""
    long_agency = Agency(name=LONG_AGENCY, kind=Agency.Kind.LOCAL, code="test-long")
    long_agency.clean_names()
    long_agency.save()
    city.agencies[LONG_AGENCY] = long_agency
    rows: dict[str, Any] = {
        "new": city.case(received="2022-02-16 11:50", place="Hồng Bàng", topic="waste"),
        "urgent": city.case("Bố tôi là F0, khó thở từ sáng, cần giúp ngay", topic="covid-help", place="Hồng Bàng",
                            phone="+84904000009", received="2022-02-16 11:55", declared_urgent=True),
        "by text": city.case("Đèn đường ngõ 47 hỏng", topic="lighting", channel=Channel.SMS, phone="+84904000001",
                             received="2022-02-16 10:00"),
        "long": city.case(LONG_TEXT, lead=LONG_AGENCY, received="2022-02-15 09:30", name=LONG_NAME, topic="waste",
                          place="Hồng Bàng", phone="+84904000005"),
        "unbroken": city.case(UNBROKEN, name="X" * 60, received="2022-02-15 10:00", phone="+84904000006"),
        "late": city.case("Nước thải tràn ra ngõ", lead=HONG_BANG, accepted=True, received="2022-02-02 08:00",
                          topic="waste", phone="+84904000007"),
        "accepted": city.case("Hố ga mất nắp trước số 12 Điện Biên Phủ", lead=HONG_BANG, accepted=True,
                              received="2022-02-16 08:00", phone="+84904000008"),
        "to accept": city.case("Chợ cóc lấn hết lòng đường", lead=HONG_BANG, received="2022-02-16 09:00",
                               phone="+84904000010"),
        "answered": city.answered("Rác ở chợ chưa ai dọn", lead=HONG_BANG, channel=Channel.VOICE, phone="+84904000002",
                                  received="2022-02-14 08:00", place="Hồng Bàng", proven=True, name=LONG_NAME,
                                  answer_text="Đội vệ sinh đã dọn xong sáng nay.\n" + LONG_TEXT),
        "denunciation": city.case("Tôi tố cáo chủ tịch phường nhận hối lộ khi cấp phép xây nhà", lead=INSPECTORATE,
                                  received="2022-02-16 07:00", phone="+84905556677"),
    }  # fmt: skip
    for number in range(12):
        city.case(f"Loa kéo hát to đến nửa đêm ở ngõ {number + 1}", lead=LE_CHAN if number % 2 else "",
                  received=f"2022-02-1{number % 5} 1{number % 8}:20", phone=f"+8490410000{number:02}",
                  place="Lê Chân")  # fmt: skip
    rows["photos"] = city.answered("Biển báo gãy trước trường", lead=HONG_BANG, received="2022-02-14 08:00",
                                   phone="+84904000003", place="Hồng Bàng", proven=True)  # fmt: skip
    for number, size in enumerate(((1600, 1200), (900, 1600), (1600, 500))):
        with_photo(rows["photos"], number, size, at=city.at("2022-02-14 08:00"))
    for case in rows.values():
        told(case)
    return rows


def told(case: Case) -> None:
    """The citizen is written to of all that happened."""
    for event in case.events.all():
        notify_citizen(event_id=event.pk)


def photo(size: tuple[int, int], number: int = 0) -> bytes:
    """A JPEG that looks like one."""
    picture = Image.new("RGB", size, ("#5b7a8c", "#8c6f5b", "#6b8c5b")[number % 3])
    pen = ImageDraw.Draw(picture)
    for step in range(0, max(size), 80):
        pen.line([(0, step), (step, 0)], fill="#d8dde2", width=12)
    pen.rectangle([8, 8, size[0] - 9, size[1] - 9], outline="#c4122f", width=16)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=60)
    return file.getvalue()


def with_files(case: Case, *, at: datetime) -> None:
    """Its answer has photos from before and after, large, upright and broad, and a document with a long name."""
    given = case.answers.order_by("-pk")[0]
    kinds = (Attachment.Kind.BEFORE, Attachment.Kind.AFTER, Attachment.Kind.AFTER)
    for number, (kind, size) in enumerate(zip(kinds, ((1600, 1200), (900, 1600), (1600, 500)), strict=True), start=10):
        made = with_photo(case, number, size, at=at)
        Attachment.objects.filter(pk=made.pk).update(interaction=None, answer=given, kind=kind)
    Attachment.objects.create(
        case=case, answer=given, kind=Attachment.Kind.DOCUMENT, name=LONG_DOCUMENT, file=f"t/{case.pk}.pdf", size=1_234_567,
        content_type="application/pdf", width=0, height=0, sha256="0" * 64, created_at=at,
    )  # fmt: skip


def with_draft(case: Case, *, by: User, text: str, at: datetime) -> None:
    """A draft of its answer waits for an approver, with photos from before and after and a document."""
    kinds, files = (Kind.BEFORE, Kind.AFTER), []
    for number, (kind, size) in enumerate(zip(kinds, ((1600, 1200), (900, 1600)), strict=True), start=20):
        body, name = photo(size, number), f"t/{case.pk}-{number}.jpg"
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(body))
        files.append(Attached(Photo(name, "image/jpeg", len(body), *size, f"{number:064}"), kind))
    paper = Photo(f"t/{case.pk}-d.pdf", "application/pdf", 1_234_567, 0, 0, "0" * 64)
    files.append(Attached(paper, Kind.DOCUMENT, LONG_DOCUMENT))
    draft(case, by=Actor.staff(by), text=text, attached=files, at=at)


def with_photo(case: Case, number: int, size: tuple[int, int], *, at: datetime) -> Attachment:
    """A photo as a citizen's telephone takes it, large, upright or broad."""
    body, name = photo(size, number), f"t/{case.pk}-{number}.jpg"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(body))
    return Attachment.objects.create(
        case=case, interaction=case.links.order_by("pk")[0].interaction, file=name, content_type="image/jpeg",
        size=len(body), width=size[0], height=size[1], sha256=f"{case.pk:032}{number:032}", created_at=at,
    )  # fmt: skip
