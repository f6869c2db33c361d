"""The rows lean on each other as the rooms do: a link between two rooms lives in the upper one (docs/architecture.md)."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Model

import tongdai

ROOT = Path(tongdai.__file__).parents[2]


def floors() -> dict[str, int]:
    """Package of a room → how high it stands; the same table that holds the imports."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = contracts[0]["layers"]
    return {room.strip(): len(layers) - floor for floor, layer in enumerate(layers) for room in layer.split("|")}


def room_of(model: type[Model]) -> str:
    config = apps.get_app_config(model._meta.app_label)
    return config.name if config.name.startswith("tongdai.") else ""


def links(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    """Name of a field → the model it points to: foreign keys, one-to-one, many-to-many."""
    for field in model._meta.get_fields():
        other = field.related_model
        if isinstance(other, type) and not field.auto_created and not field.one_to_many:
            yield field.name, other


def test_no_row_points_to_a_room_above_its_own_or_beside_it() -> None:
    height, seen, wrong = floors(), 0, []
    for model in apps.get_models(include_auto_created=True):
        here = room_of(model)
        for name, other in links(model):
            there = room_of(other)
            if here and there and here != there:
                seen += 1
                if height[there] >= height[here]:
                    wrong.append(f"{model._meta.label}.{name} → {other._meta.label}")
    assert seen > 10
    assert wrong == []
