"""Folders of the home that a backup holds besides the stored files: what a room has not yet put into storage."""

from __future__ import annotations

FOLDERS: list[str] = []


def save_too(*folders: str) -> None:
    """These folders, as seen from the home, are in every backup; whoever looks after them registers them."""
    FOLDERS.extend(folder for folder in folders if folder not in FOLDERS)
