"""Citizens and agents with real telephones, played by sipp (Debian: sip-tester) against a real exchange."""

import shutil


def can_play() -> bool:
    """Whether sipp is on this machine."""
    return shutil.which("sipp") is not None
