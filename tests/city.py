"""A small city for stories: agencies, staff, topics, places, and matters in the hotline's words."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any, TypeVar

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

Named = TypeVar("Named", Place, Agency, Topic)
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
        names = {
            "name": "Hải Phòng",
            "owner": "Văn phòng UBND thành phố Hải Phòng",
            "province_code": "31",
            "on_duty_phone": "+84912000115",
        }
        CityRow.objects.bulk_create(
            [CityRow(pk=1, **names)], update_conflicts=True, unique_fields=["id"], update_fields=list(names)
        )
        self.places = self._add(
            {name: Place(code=f"t-{name}", name=name, full_name=f"Phường {name}", level=Place.Level.WARD)
             for name in ("Hồng Bàng", "Lê Chân")}
        )  # fmt: skip
        self.agencies = self._add(
            {
                HONG_BANG: self._agency(HONG_BANG, Agency.Kind.LOCAL),
                LE_CHAN: self._agency(LE_CHAN, Agency.Kind.LOCAL),
                LIGHTING: self._agency(LIGHTING, Agency.Kind.UTILITY),
                INSPECTORATE: self._agency(INSPECTORATE, Agency.Kind.INSPECTORATE),
            }
        )
        serves: Any = Agency.places.through
        serves.objects.bulk_create(
            serves(agency=self.agencies[agency], place=self.places[place])
            for agency, place in ((HONG_BANG, "Hồng Bàng"), (LE_CHAN, "Lê Chân"))
        )
        self.topics = self._add(
            {
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
        )
        self.coordinator, self.call_taker, self.inspector, self.leader, self.admin = User.objects.bulk_create(
            [
                self._user(Role.COORDINATOR, "Đỗ Thu Hằng"),
                self._user(Role.CALL_TAKER, "Bùi Minh Tuấn"),
                self._user(Role.INSPECTOR, "Vũ Thanh Bình", agency=INSPECTORATE),
                self._user(Role.LEADER, "Trần Văn Hải"),
                self._user(Role.ADMIN, "Phạm Quản Trị"),
            ]
        )
        forget_snapshots()

    def at(self, text: str) -> datetime:
        """`2022-02-14 08:00`, as the city's clocks show it."""
        return datetime.fromisoformat(text).replace(tzinfo=CITY_TZ)

    def staff(self, role: Role, full_name: str, *, agency: str = "") -> User:
        user = self._user(role, full_name, agency=agency)
        user.save()
        return user

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

    def _add(self, rows: dict[str, Named]) -> dict[str, Named]:
        """All of a kind at once: nearly every test begins with them."""
        for row in rows.values():
            row.clean_names()
        type(next(iter(rows.values()))).objects.bulk_create(rows.values())
        return rows

    def _agency(self, name: str, kind: Agency.Kind) -> Agency:
        return Agency(
            name=name,
            kind=kind,
            code=f"test-{next(self._numbers)}",
            handles_denunciations=kind is Agency.Kind.INSPECTORATE,
        )

    def _topic(self, code: str, name: str, *, agency: str = "", hours: int = 40, **more: object) -> Topic:
        return Topic(code=code, name=name, limit_hours=hours, agency=self.agencies.get(agency), **more)

    def _user(self, role: Role, full_name: str, *, agency: str = "") -> User:
        user = User(
            username=f"staff{next(self._numbers)}",
            full_name=full_name,
            role=role,
            agency=self.agencies[agency] if agency else None,
        )
        user.set_password("mật khẩu thử 1022")
        return user


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
