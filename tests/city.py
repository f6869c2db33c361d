"""A small city for stories: agencies, staff, topics, places, and matters in the hotline's words."""

from __future__ import annotations

import itertools
from datetime import datetime

from tongdai.accounts.models import Role, User
from tongdai.cases import queries
from tongdai.cases.actions.accept import accept
from tongdai.cases.actions.answer import answer
from tongdai.cases.actions.assign import assign
from tongdai.cases.actions.clear_doubt import clear_doubt
from tongdai.cases.actions.register import Matter, Registered, register
from tongdai.cases.actor import Actor
from tongdai.cases.models import Case
from tongdai.cases.triage.judgement import judge
from tongdai.directory.models import Agency, Place, Topic
from tongdai.directory.models import City as CityRow
from tongdai.people.models import Channel
from tongdai.platform.clock import CITY_TZ

HONG_BANG, LE_CHAN, LIGHTING, INSPECTORATE = (
    "UBND phường Hồng Bàng",
    "UBND phường Lê Chân",
    "Điện chiếu sáng",
    "Thanh tra",
)


class City:
    """Made anew for each test, inside its transaction."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        CityRow.objects.update_or_create(
            pk=1,
            defaults={
                "name": "Hải Phòng",
                "owner": "Văn phòng UBND thành phố Hải Phòng",
                "province_code": "31",
                "on_duty_phone": "+84912000115",
            },
        )
        self.places = {name: self._place(name) for name in ("Hồng Bàng", "Lê Chân")}
        self.agencies = {
            HONG_BANG: self._agency(HONG_BANG, Agency.Kind.LOCAL, place="Hồng Bàng"),
            LE_CHAN: self._agency(LE_CHAN, Agency.Kind.LOCAL, place="Lê Chân"),
            LIGHTING: self._agency(LIGHTING, Agency.Kind.UTILITY),
            INSPECTORATE: self._agency(INSPECTORATE, Agency.Kind.INSPECTORATE),
        }
        self.topics = {
            "covid-help": self._topic(
                "covid-help",
                "Người mắc COVID-19 cần giúp",
                hours=4,
                urgent=True,
                by_place=True,
                keywords="f0\nkhó thở\nthuốc điều trị",
            ),
            "lighting": self._topic("lighting", "Chiếu sáng", agency=LIGHTING, keywords="đèn đường\nbóng đèn"),
            "waste": self._topic("waste", "Rác thải, môi trường", by_place=True, keywords="rác\nnước thải"),
            "denunciation": self._topic(
                "denunciation", "Tố cáo", agency=INSPECTORATE, confidential=True, keywords="tố cáo\nnhận hối lộ"
            ),
        }
        self.coordinator = self.staff(Role.COORDINATOR, "Đỗ Thu Hằng")
        self.call_taker = self.staff(Role.CALL_TAKER, "Bùi Minh Tuấn")
        self.inspector = self.staff(Role.INSPECTOR, "Vũ Thanh Bình", agency=INSPECTORATE)
        self.leader = self.staff(Role.LEADER, "Trần Văn Hải")
        self.admin = self.staff(Role.ADMIN, "Phạm Quản Trị")
        forget_snapshots()

    def at(self, text: str) -> datetime:
        """`2022-02-14 08:00`, as the city's clocks show it."""
        return datetime.fromisoformat(text).replace(tzinfo=CITY_TZ)

    def staff(self, role: Role, full_name: str, *, agency: str = "") -> User:
        number = next(self._numbers)
        return User.objects.create_user(
            username=f"staff{number}",
            password="mật khẩu thử 1022",
            full_name=full_name,
            role=role,
            agency=self.agencies[agency] if agency else None,
        )

    def officer(self, agency: str) -> User:
        found = User.objects.filter(role=Role.OFFICER, agency=self.agencies[agency]).first()
        return found or self.staff(Role.OFFICER, f"Cán bộ {agency}", agency=agency)

    def report(
        self,
        text: str,
        *,
        phone: str = "+84904123318",
        channel: Channel = Channel.WEB,
        received: str = "2022-02-14 08:00",
        key: str = "",
        topic: str = "",
        place: str = "",
        **more: object,
    ) -> Registered:
        """A citizen brings a matter."""
        return register(
            Matter(
                text=text,
                channel=channel,
                phone=phone,
                topic=self.topics[topic] if topic else None,
                place=self.places[place] if place else None,
                **more,  # type: ignore[arg-type]
            ),
            key=key or f"test:{next(self._numbers)}",
            by=Actor.citizen(channel=channel),
            at=self.at(received),
        )

    def case(self, text: str = "Rác tràn ra hè phố", *, lead: str = "", accepted: bool = False, **more: object) -> Case:
        """A case as it stands after it was received, and assigned and accepted if asked."""
        received = self.at(str(more.get("received", "2022-02-14 08:00")))
        case = Case.objects.get(pk=self.report(text, **more).case_id)  # type: ignore[arg-type]
        if lead and case.perhaps_denunciation:
            case = clear_doubt(case, by=Actor.staff(self.coordinator), at=received)
        if lead:
            by = self.inspector if case.confidential else self.coordinator
            case = assign(case, by=Actor.staff(by), agency=self.agencies[lead], at=received)
        if accepted:
            case = accept(case, by=Actor.staff(self.officer(lead)), at=received)
        return case

    def answered(
        self,
        text: str = "Rác tràn ra hè phố",
        *,
        lead: str = HONG_BANG,
        answer_text: str = "Đã dọn xong.",
        **more: object,
    ) -> Case:
        case = self.case(text, lead=lead, accepted=True, **more)
        return answer(case, by=Actor.staff(self.officer(lead)), text=answer_text, at=self.at("2022-02-15 09:00"))

    def inbox(self, user: User, view: str = "") -> list[Case]:
        return list(queries.inbox(user, view))

    def _place(self, name: str) -> Place:
        place = Place(code=f"t-{name}", name=name, full_name=f"Phường {name}", level=Place.Level.WARD)
        place.clean_names()
        place.save()
        return place

    def _agency(self, name: str, kind: Agency.Kind, *, place: str = "") -> Agency:
        agency = Agency(name=name, kind=kind, code=f"test-{next(self._numbers)}")
        agency.handles_denunciations = kind is Agency.Kind.INSPECTORATE
        agency.clean_names()
        agency.save()
        if place:
            agency.places.add(self.places[place])
        return agency

    def _topic(self, code: str, name: str, *, agency: str = "", hours: int = 40, **more: object) -> Topic:
        topic = Topic(code=code, name=name, limit_hours=hours, agency=self.agencies.get(agency), **more)
        topic.clean_names()
        topic.save()
        return topic


def doubtful() -> str:
    """Words that may be a denunciation and may be none, as the house judges by now."""
    words = (
        "Cán bộ một cửa hẹn nhiều lần không trả hồ sơ",
        "Công an phường không xử lý xe quá tải",
        "Tôi muốn phản ánh cán bộ phường làm khó dễ",
        "Trường thu thêm tiền ngoài quy định",
    )
    return next(each for each in words if judge(each).asked and not judge(each).denunciation)


def forget_snapshots() -> None:
    """The rows were made behind the processes' backs: read them anew."""
    from tongdai.directory import snapshot

    snapshot.forget()
