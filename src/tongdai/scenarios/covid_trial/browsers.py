"""A browser of the scenario's: cookies, forms with their tokens, redirects; nothing but HTTP."""

from __future__ import annotations

import re
import uuid
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from .stream import Told


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

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Submit a form with its token; the address one ends at. Raises Refused."""
        token = next((cookie.value for cookie in self._jar if cookie.name == "csrftoken"), "") or ""
        return self._open(path, urlencode(fields | {"csrfmiddlewaretoken": token}).encode())[0]

    def sign_in(self, username: str, password: str) -> None:
        self.get("/ban/vao/")
        if urlsplit(self.post("/ban/vao/", {"username": username, "password": password})).path == "/ban/vao/":
            raise Refused(f"{username} could not sign in")

    def report(self, told: Told) -> str:
        """Fill in the portal's form and send it; the code shown."""
        key = re.search(r'name="key" value="([^"]+)"', self.get("/phan-anh/"))
        fields = {
            "key": key[1] if key else uuid.uuid4().hex,
            "text": told.text,
            "place": "",
            "place_code": told.place.code,
            "phone": told.phone,
            "name": told.name,
            "topic": told.topic,
            "visibility": "private" if told.phone else "anonymous",
        }
        ended = self.post("/phan-anh/", fields)
        code = parse_qs(urlsplit(ended).query).get("ma", [""])[0]
        if not code:
            raise Refused("the form came back")
        return code

    def _open(self, path: str, data: bytes | None) -> tuple[str, str]:
        request = Request(self.url + path, data=data, headers={"Referer": self.url + path})
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
