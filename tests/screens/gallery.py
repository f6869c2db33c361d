"""Every state's pictures in one folder, with a page to leaf through them by what is looked for."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from .states import State
from .window import HEIGHTS, WALLS, Window

WIDTHS = (360, 768, 1440)
PAGE = (Path(__file__).parent / "gallery.html").read_text()


@dataclass
class Gallery:
    """The folder, and what is in it so far."""

    folder: Path
    shown: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, state: State, window: Window) -> None:
        """At each width, light and dark; on paper where the state is printed."""
        page = window.page
        for width, height in (*((width, 0) for width in WIDTHS), *(WALLS if state.wall else ())):
            window.resize(width, height)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                self._shoot(page, state, f"{width}-{scheme}.png", {"width": width, "scheme": scheme})
        page.emulate_media(color_scheme="light")
        if state.printed:
            name = f"{state.id}.pdf"
            page.emulate_media(media="print")  # else it is the screen that is printed
            page.pdf(path=self.folder / name, format="A4", print_background=True, prefer_css_page_size=True)
            window.resize(794)
            self._shoot(page, state, "paper.png", {"width": 794, "scheme": "paper", "pdf": name})
            page.emulate_media(media="screen")

    def found(self, state: State, faults: dict[str, list[str]]) -> None:
        """What is wrong with a state stands below its pictures."""
        for one in self.shown:
            if one["id"] == state.id:
                one["faults"] = [f"{where}: {fault}" for where, some in faults.items() for fault in some]

    def write(self) -> None:
        """The page to open."""
        data = json.dumps(self.shown, ensure_ascii=False).replace("</", "<\\/")
        (self.folder / "index.html").write_text(PAGE.replace("[/* shown */]", data), encoding="utf-8")

    def _shoot(self, page: Page, state: State, end: str, more: dict[str, object]) -> None:
        name = f"{state.id}-{end}"
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.screenshot(path=self.folder / name, full_page=tall < 12_000, animations="disabled")
        self.shown.append(
            {"id": state.id, "page": html.escape(state.page), "state": state.name, "file": name, "faults": [], **more}
        )


__all__ = ["HEIGHTS", "WIDTHS", "Gallery"]
