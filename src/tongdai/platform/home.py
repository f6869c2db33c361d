"""Where everything the product writes lives: `TONGDAI_HOME`, by default `var` in the folder it is started from."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def home() -> Path:
    """The folder, absolute; made by whoever first writes into it."""
    return Path(os.environ.get("TONGDAI_HOME", "var")).absolute()


def beside_the_code(name: str) -> Path:
    """A folder for what is brought in once for a whole clone; an installed wheel has it in its home."""
    clone = Path(__file__).resolve().parents[3]
    return clone / f".{name}" if (clone / "pyproject.toml").exists() else home() / name


def secret(name: str) -> str:
    """A secret of this home, made at first use and kept readable to its owner alone."""
    folder = home() / "secrets"
    file = folder / name
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = secrets.token_urlsafe(48)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text().strip()
        with os.fdopen(handle, "w") as out:
            out.write(made)
        return made
