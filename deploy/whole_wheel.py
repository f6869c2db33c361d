"""Refuses to make a wheel that lacks what is made: the built front end, a compiled catalogue, the triage model."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WholeWheel(BuildHookInterface):  # type: ignore[type-arg]
    """The hook that `make build` passes and a bare `pip wheel` of a fresh clone does not."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise RuntimeError where something made is missing; an editable install may come before it is made."""
        if version == "editable":
            return
        package = Path(self.root) / "src/tongdai"
        missing = [package / "static/dist/manifest.json"]
        missing += [package / f"cases/triage/made/{part}.npz" for part in ("model", "kinds", "second_look")]
        missing += [catalogue.with_suffix(".mo") for catalogue in package.glob("**/locale/*/LC_MESSAGES/*.po")]
        if gaps := [str(path.relative_to(self.root)) for path in missing if not path.exists()]:
            raise RuntimeError(f"Not made yet: {', '.join(gaps)}. Build with `make build`.")
