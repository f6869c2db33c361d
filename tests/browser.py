"""The browser of the tests: Debian's Chromium without its windows, at half the cost; where that is missing, the whole one."""

from __future__ import annotations

import shutil

WHOLE = shutil.which("chromium") or ""  # some switches are known to this one alone
CHROMIUM = shutil.which("chromium-headless-shell") or WHOLE
HEADLESS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
