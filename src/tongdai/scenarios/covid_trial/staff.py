"""The city's staff at their browsers: the call taker writes down, the coordinator passes on, the officer answers."""

from __future__ import annotations

import uuid
from random import Random
from urllib.parse import urlsplit

from tongdai.cases import codes
from tongdai.cases.routing import competent_agency
from tongdai.directory.models import Agency, Topic

from ..building import DEMO_PASSWORD
from . import matters
from .browsers import Browser, Refused
from .stream import Submission
from .tally import Tally


class Staff:
    """Signs people in when they are first needed, and works cases through the desk's own forms."""

    def __init__(self, url: str, *, seed: int) -> None:
        self._url = url
        self._chance = Random(f"staff {seed}")
        self._signed_in: dict[str, Browser] = {}
        self._topics = {topic.code: topic for topic in Topic.objects.all()}

    def write_down(self, submission: Submission, *, by: str = "nghemay1", call: int | None = None) -> str:
        """What a caller says, into the call taker's form; the code to read out. `call`: the one on the desk's telephone."""
        fields = {
            "key": uuid.uuid4().hex,
            "call": str(call or ""),
            "phone": submission.phone,
            "text": submission.text,
            "place": str(submission.place.pk),
            "topic": str(self._topics[submission.topic].pk),
            "name": submission.name,
            "address": "",
        }
        ended = urlsplit(self._as(by).post("/ban/goi/", fields)).path
        found = next(filter(codes.is_valid, ended.split("/")), None)
        if found is None:
            raise Refused(f"the call was not saved: {ended}")
        return found

    def hang_up(self, *, by: str) -> None:
        """By the button on the desk's telephone."""
        self._as(by).post("/ban/may/lenh/", {"kind": "hang_up", "back": "/ban/"})

    def is_ready(self, *, by: str) -> None:
        """Nothing is left to write after the call."""
        self._as(by).post("/ban/may/trang-thai/", {"state": "ready", "back": "/ban/"})

    def rang_back(self, callback: int, *, by: str) -> None:
        """The citizen was reached, on whatever telephone, and has the code."""
        self._as(by).post(f"/ban/goi-lai/{callback}/ket-qua/", {"result": "reached"})

    def deal_with(self, submission: Submission, code: str, tally: Tally) -> None:
        """As far as this matter came in the trial."""
        topic = self._topics[submission.topic]
        sorter = self._as("thanhtra" if topic.confidential else "dieuphoi")
        try:
            if not topic.confidential:
                self._is_no_denunciation(code)
            if submission.channel == "sms":
                sorter = self._classify(submission, code, topic)
            if submission.outcome.rejected and not topic.urgent:
                reason = "Chưa rõ việc gì, ở đâu; xin kể thêm và gửi lại."
                sorter.post(f"/ban/phieu/{code}/tu-choi/", {"ground": "no_content", "reason": reason})
                tally.rejected += 1
                return
            agency = competent_agency(topic, submission.place)
            if agency is None:
                raise Refused(f"nobody answers for {topic.code}")
            sorter.post(f"/ban/phieu/{code}/chuyen/", {"agency": str(agency.pk), "note": ""})
            if submission.outcome.answered_after is not None:
                self._answer(submission, code, agency)
                tally.answered += 1
        except Refused as refused:
            tally.wrong.append(f"{submission.channel} {submission.number} ({submission.topic}): {refused}")

    def _is_no_denunciation(self, code: str) -> None:
        """A person's word, where the house judged the words to be one, or perhaps one."""
        try:
            self._as("dieuphoi").post(f"/ban/phieu/{code}/da-xem/", {})
        except Refused as refused:
            if str(refused).startswith("404"):
                self._as("thanhtra").post(f"/ban/phieu/{code}/bo-dau/", {})
            elif not str(refused).startswith("409"):
                raise

    def _classify(self, submission: Submission, code: str, topic: Topic) -> Browser:
        """A text's subject is set by whoever may see it; a denunciation goes on to the inspectorate."""
        fields = {"topic": str(topic.pk), "place": str(submission.place.pk)}
        try:
            self._as("dieuphoi").post(f"/ban/phieu/{code}/phan-loai/", fields)
        except Refused as refused:
            if not str(refused).startswith("404"):
                raise
            self._as("thanhtra").post(f"/ban/phieu/{code}/phan-loai/", fields)  # confidential by its own words
        return self._as("thanhtra" if topic.confidential else "dieuphoi")

    def _answer(self, submission: Submission, code: str, agency: Agency) -> None:
        officer = self._as("thanhtra" if agency.code == "thanh-tra" else f"{agency.code}-1")
        officer.post(f"/ban/phieu/{code}/nhan/", {})
        text = matters.answer_to(submission.topic, place=submission.place, agency=agency.name, chance=self._chance)
        officer.post(f"/ban/phieu/{code}/tra-loi/", {"text": text})

    def _as(self, username: str) -> Browser:
        if username not in self._signed_in:
            browser = Browser(self._url)
            browser.sign_in(username, DEMO_PASSWORD)
            self._signed_in[username] = browser
        return self._signed_in[username]
