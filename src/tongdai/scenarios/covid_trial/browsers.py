"""A browser of the scenario's: cookies, forms with their tokens, redirects; nothing but HTTP."""

from __future__ import annotations

import re
import uuid
from http.cookiejar import CookieJar
from io import BytesIO
from random import Random
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from .stream import Submission

WITH_PHOTO = 3  # every third report by the portal has one


class Refused(Exception):
    """The site said no, or something else than expected."""


class Browser:
    """One person's browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._jar))

    def get(self, path: str) -> str:
        return self._open(path, None)[1]

    def post(self, path: str, fields: dict[str, str], *, photo: bytes = b"") -> str:
        """Submit a form with its token, and a photo if there is one; the address one ends at. Raises Refused."""
        token = next((cookie.value for cookie in self._jar if cookie.name == "csrftoken"), "") or ""
        fields = fields | {"csrfmiddlewaretoken": token}
        if not photo:
            return self._open(path, urlencode(fields).encode())[0]
        file = SimpleUploadedFile("anh.jpg", photo, content_type="image/jpeg")
        return self._open(path, encode_multipart(BOUNDARY, fields | {"photos": file}), kind=MULTIPART_CONTENT)[0]

    def sign_in(self, username: str, password: str) -> None:
        self.get("/ban/vao/")
        if urlsplit(self.post("/ban/vao/", {"username": username, "password": password})).path == "/ban/vao/":
            raise Refused(f"{username} could not sign in")

    def report(self, submission: Submission) -> str:
        """Fill in the portal's form and send it; the code shown."""
        key = re.search(r'name="key" value="([^"]+)"', self.get("/phan-anh/"))
        fields = {
            "key": key[1] if key else uuid.uuid4().hex,
            "text": submission.text,
            "place": "",
            "place_code": submission.place.code,
            "phone": submission.phone,
            "name": submission.name,
            "topic": submission.topic,
            "visibility": "private" if submission.phone else "anonymous",
        }
        ended = self.post(
            "/phan-anh/", fields, photo=photo_of(submission) if submission.number % WITH_PHOTO == 0 else b""
        )
        code = parse_qs(urlsplit(ended).query).get("ma", [""])[0]
        if not code:
            raise Refused("the form came back")
        return code

    def _open(self, path: str, data: bytes | None, *, kind: str = "") -> tuple[str, str]:
        headers = {"Referer": self.url + path} | ({"Content-Type": kind} if kind else {})
        request = Request(self.url + path, data=data, headers=headers)
        try:
            with self._opener.open(request, timeout=60) as response:
                return response.geturl(), response.read().decode("utf-8", "replace")
        except HTTPError as refused:
            page = refused.read().decode("utf-8", "replace")
            errors = [
                re.sub(r"<[^>]+>|\s+", " ", found) for found in re.findall(r'class="err"[^>]*>(.*?)</p>', page, re.S)
            ]
            title = re.search(r"<title>(.*?)</title>", page, re.S)
            raise Refused(f"{refused.code} at {path} {errors or (title[1].strip() if title else '')}") from None


def photo_of(submission: Submission) -> bytes:
    """A JPEG as a phone takes it, of a colour of its own; it shows nothing and nobody."""
    picture, chance = BytesIO(), Random(submission.number)
    colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
    Image.new("RGB", (1280, 960), colour).save(picture, "JPEG")
    return picture.getvalue()
