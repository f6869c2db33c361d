"""Plain text stands before the official one: what is the starter's word for word, or was written by hand, becomes plain.

Two columns with constant defaults: PostgreSQL rewrites no row. Only the starter's procedures and those with a version that
somebody saved are read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db import migrations, models

STARTER = Path(__file__).resolve().parents[1] / "starter" / "procedures.jsonl"
FIELDS = ("name", "summary", "field", "levels", "audience", "agency", "place", "requirements", "steps", "papers", "ways",
          "result", "legal_basis", "decision", "source")  # fmt: skip
SHIPPED = frozenset(FIELDS) - {"field", "levels", "audience", "decision", "source"}
NEVER_BLANKED = frozenset({"summary", "place"})  # what an import left alone where the source had none
FIELD_OF_PART = {"name": "name", "papers": "papers", "steps": "steps", "time": "ways", "fee": "ways", "where": "place"}


def forwards(apps: Any, _editor: Any) -> None:
    procedures = apps.get_model("knowledge", "Procedure").objects
    shipped = {data["code"]: data for data in map(json.loads, STARTER.read_text(encoding="utf-8").splitlines())}
    saves = _saves(apps)
    changed = []
    for row in procedures.filter(models.Q(code__in=shipped) | models.Q(pk__in=saves)).iterator(chunk_size=200):
        row.plain = _plain(row, shipped.get(row.code, {}), saves.get(row.pk, []))
        if row.plain:
            changed.append(row)
    procedures.bulk_update(changed, ["plain"], batch_size=200)


def _saves(apps: Any) -> dict[int, list[Any]]:
    """Procedure → its versions, the oldest first, where somebody saved one by hand."""
    versions = apps.get_model("knowledge", "Version").objects.filter(kind="procedure")
    by_hand = versions.filter(by__isnull=False).order_by().values("row")
    found = defaultdict(list)
    for each in versions.filter(row__in=by_hand).order_by("row", "version").iterator(chunk_size=200):
        found[each.row].append(each)
    return found


def _plain(row: Any, shipped: dict[str, Any], versions: list[Any]) -> dict[str, Any]:
    """Field → who wrote what it says now. A version is what stood there before a save: by an editor, or by an import (`by`

    is empty), which wrote the source's text over whatever stood there.
    """
    now = {name: getattr(row, name) for name in (*FIELDS, "troubles")}
    states = [*(each.content for each in versions), now]
    plain: dict[str, Any] = {}
    for version, before, after in zip(versions, states, states[1:], strict=False):
        gone = [each for each in before.get("troubles", []) if each not in after.get("troubles", [])]
        vouched = {FIELD_OF_PART.get(each["at"]) for each in gone}
        for name in FIELDS:
            old, new = before.get(name), after.get(name)
            if version.by_id is None and old != new:
                plain.pop(name, None)
            elif version.by_id is not None and (not _same(old, new) or name in vouched):
                entry = plain.setdefault(name, {"by": "editor", "doubts": []})
                if "official" not in entry and not (
                    name in SHIPPED and shipped.get(name) and _same(old, shipped[name])
                ):
                    entry["official"] = old
                entry["doubts"] += [each for each in gone if FIELD_OF_PART.get(each["at"]) == name]
    for name in SHIPPED - set(plain):
        if shipped.get(name) and _same(now[name], shipped[name]):
            plain[name] = {"by": "starter", "doubts": []}
            if row.source and name not in NEVER_BLANKED:  # the portal's file came since, and says the same
                plain[name]["official"] = now[name]
    return plain


def _same(one: Any, other: Any) -> bool:
    return bool(_lines(one) == _lines(other))


def _lines(value: Any) -> list[Any]:
    """As `answers/plain_text.py` compares them: blanks, empty parts and a form's `|` say nothing."""
    if isinstance(value, dict):
        return [{key: said for key, part in value.items() if (said := _lines(part))}]
    if isinstance(value, list):
        return [line for each in value for line in _lines(each) if line]
    text = "" if value in (None, 0) else str(value).replace("|", "/")
    return [line for each in text.splitlines() if (line := " ".join(each.split()))]


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0006_plain_words")]

    operations = [
        migrations.AddField("procedure", "plain", models.JSONField(blank=True, default=dict)),
        migrations.AddField("procedure", "official_changed_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True),
    ]
