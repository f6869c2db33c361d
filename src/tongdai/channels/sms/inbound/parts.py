"""Pieces into the database, a window at a time: numbered first, written once when it is known what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from ..models import Piece

_LOCK = 1022_0003
_COLUMNS = {
    "id": "bigint", "key": "text", "link_id": "bigint", "turn": "int", "again": "int", "sender": "text",
    "destination": "text", "data_coding": "smallint", "octets": "bytea", "reference": "int", "total": "smallint",
    "number": "smallint", "state": "text", "trouble": "text", "words": "text", "interaction_id": "bigint",
    "received_at": "timestamptz",
}  # fmt: skip
_INSERT = (
    f"INSERT INTO sms_piece ({', '.join(_COLUMNS)})"
    f" SELECT * FROM unnest({', '.join(f'%s::{kind}[]' for kind in _COLUMNS.values())})"
)
_SETTLE = """
UPDATE sms_piece SET interaction_id = v.interaction, words = v.words, state = v.state, trouble = v.trouble
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])
  AS v (id, interaction, words, state, trouble)
WHERE sms_piece.id = v.id
"""


def one_at_a_time() -> None:
    """Several binds take in at once, and a carrier may spread the parts of a text over them: each must see the others'."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def number(pieces: Sequence[Piece]) -> None:
    """Give each its id, for the keys of what comes of it."""
    if pieces:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('sms_piece_id_seq') FROM generate_series(1, %s)", [len(pieces)])
            for piece, (pk,) in zip(pieces, cursor.fetchall(), strict=True):
                piece.pk = pk


def insert(pieces: Sequence[Piece]) -> None:
    """Write new ones, as they stand now."""
    if pieces:
        with connection.cursor() as cursor:
            cursor.execute(_INSERT, [[getattr(piece, column) for piece in pieces] for column in _COLUMNS])


def settle(pieces: Sequence[Piece]) -> None:
    """Write what became of those that were in the database before."""
    if pieces:
        changed = ("pk", "interaction_id", "words", "state", "trouble")
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [[getattr(piece, column) for piece in pieces] for column in changed])
