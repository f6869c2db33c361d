"""What keeps the product from starting: said to whoever starts it, in words."""

from __future__ import annotations


class CannotStart(Exception):
    """Something that is needed can't be made, reached or started; the message says why and what to do, in plain words."""


class SettingRefused(Exception):
    """The environment holds a value that means nothing; the message says which, and what it should be."""
