"""One browser on the application in this very process: a page's requests are answered by Django's test client.

So nothing is committed, nothing listens on a port, and a state is taken back like any test's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route, sync_playwright

from tests.browser import CHROMIUM, HEADLESS

HERE = "http://localhost"  # a secure context: what a page may do there, it may do here
NOTHING = f"{HERE}/nothing"  # between two pages: of the same site, so that Chromium goes on in the process that knows our scripts
HEIGHTS = {360: 740, 768: 1024, 1440: 900, 1920: 1080, 794: 1123}  # 794 × 1123: A4 at 96 to the inch
WALLS = ((1280, 720), (1440, 900), (1920, 1080), (2560, 1440), (3840, 2160))  # screens that hang on a wall
SHARP = [*HEADLESS, "--font-render-hinting=none"]

SETTLED = """async () => {
  await document.fonts.ready;
  const until = performance.now() + 15000;
  while (document.querySelector(".htmx-request") && performance.now() < until) await new Promise((go) => setTimeout(go, 20));
  await Promise.race([
    Promise.allSettled(document.getAnimations().map((one) => one.finished)), new Promise((go) => setTimeout(go, 1000)),
  ]);
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
}"""


class Window:
    """A page that keeps its size or changes it, and what it was answered."""

    def __init__(self, context: BrowserContext, at: datetime) -> None:
        self.page: Page = context.new_page()
        self._storage = context.new_cdp_session(self.page)
        self.page.clock.set_fixed_time(at)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {str(error)[:160]}"))
        self.page.set_default_timeout(30_000)
        context.route("**/*", self._serve)
        context.route_web_socket("**/*", lambda socket: None)
        self.client = Client()
        self.wrong: list[str] = []
        self.away = False
        self.fails: dict[str, int] = {}
        self._first: Any = None
        self._static: dict[str, Any] = {}

    def open(
        self,
        client: Client,
        first: Any,
        *,
        width: int = 1440,
        away: bool = False,
        fails: Mapping[str, int] | None = None,
    ) -> Any:
        """Shows an address, or an answer that has come already; gives back the answer of the page itself.

        `away`: the page's live stream can't be reached. `fails`: nor can what stands at these paths (0), or it is refused so.
        """
        self.away, self.fails = away, dict(fails or {})
        self.page.goto(NOTHING)  # what the page before still asks for is not this one's
        self._storage.send(
            "Storage.clearDataForOrigin", {"origin": HERE, "storageTypes": "local_storage"}
        )  # nor its drafts
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        self.client, self.wrong = client, []
        address = first if isinstance(first, str) else first.wsgi_request.get_full_path()
        self._first = client.get(address) if isinstance(first, str) else first
        answer = self._first
        if 300 <= answer.status_code < 400:
            raise AssertionError(f"{address} leads on to {answer['Location']}")
        self.page.goto(HERE + address)
        return answer

    def resize(self, width: int, height: int = 0) -> None:
        self.page.set_viewport_size({"width": width, "height": height or HEIGHTS[width]})
        self.settle()

    def settle(self) -> None:
        """Waits for letters, parts that htmx fetches, and whatever moves."""
        self.page.evaluate(SETTLED)

    def _serve(self, route: Route) -> None:
        request = route.request
        where = urlsplit(request.url)
        if request.url == NOTHING:
            route.fulfill(content_type="text/html", body="")
            return
        if where.port:  # the live stream: it never comes to be, nor fails, unless the state wants it lost
            if self.away:
                route.abort()
            return
        if (fails := self.fails.get(where.path)) is not None:
            route.fulfill(status=fails) if fails else route.abort()
            return
        if request.is_navigation_request() and self._first is not None:
            answer, self._first = self._first, None
        elif where.path.startswith("/static/"):
            answer = self._static.get(where.path) or self._static.setdefault(where.path, self._ask(request))
        else:
            answer = self._ask(request)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if answer.streaming:
            answer.streaming_content = [body]
        if answer.status_code >= 400 and not request.is_navigation_request() and answer.status_code != 422:
            self.wrong.append(f"{answer.status_code}: {where.path}")
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=body)

    def _ask(self, request: Any) -> Any:
        kept = ("hx-", "accept", "content-type", "x-")
        headers = {name: value for name, value in request.headers.items() if name.startswith(kept)}
        where = urlsplit(request.url)
        return self.client.generic(
            request.method, where.path + (f"?{where.query}" if where.query else ""), request.post_data_buffer or b"",
            headers.get("content-type", "application/octet-stream"), follow=True, headers=headers,
        )  # fmt: skip


@contextmanager
def opened(at: datetime) -> Iterator[Window]:
    """A window of the city's language whose clock stands still and in which nothing moves."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SHARP)
        context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", reduced_motion="reduce", base_url=HERE,
            service_workers="block", permissions=[],
        )  # fmt: skip
        yield Window(context, at)
        browser.close()
