"""Counting queries, on a busy machine too: what the city keeps in memory isn't looked at anew meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tongdai.directory import freshness


@contextmanager
def queries_counted() -> Iterator[CaptureQueriesContext]:
    """Inside, queries are counted; what a page needs of the city has been read before."""
    with freshness.unchanged(), CaptureQueriesContext(connection) as counted:
        yield counted
