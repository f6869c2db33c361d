"""Finds circles of imports, crowded folders and long lines of templates (`make check-structure`).

Imports behind `TYPE_CHECKING` and inside functions count like any other: whoever reads a module must read those too. Upward
imports between rooms are import-linter's to find (`make check-directions`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

SOURCES = Path(__file__).resolve().parent.parent / "src"
PACKAGE = "tongdai"
MOST_MODULES = 14
LONGEST_LINE = 160
LISTINGS = ("actions", "templates")  # a file a thing: the folder is the list, and may be as long as it is
NOT_OURS = ("tests", "migrations", "node_modules", "static")
TEMPLATES = (".html", ".txt", ".xml")


def main() -> int:
    """Print what is wrong, each with what to do; 1 where there is anything."""
    sys.path.insert(0, str(SOURCES))
    folder = SOURCES / PACKAGE
    wrong = [*circles(PACKAGE), *crowded_folders(folder), *long_lines(folder)]
    for each in wrong:
        print(each)
    return 1 if wrong else 0


def circles(package: str) -> Iterator[str]:
    """One sentence for each set of modules that need each other, with the shortest circle among them."""
    graph = grimp.build_graph(package, cache_dir=None, exclude_type_checking_imports=False)
    for module in [each for each in graph.modules if {*NOT_OURS, "conftest"} & {*each.split(".")}]:
        graph.remove_module(module)
    for members in _knots(graph):
        steps = " imports ".join(_shortest_circle(graph, members))
        yield f"{steps}: a circle. Move what both need into a module below both, or let one take a protocol."


def _knots(graph: grimp.ImportGraph) -> Iterator[set[str]]:
    """Sets of modules each of which reaches all the others."""
    modules = sorted(graph.modules)
    row = {module: at for at, module in enumerate(modules)}
    arrows = [(row[each], row[other]) for each in modules for other in graph.find_modules_directly_imported_by(each)]
    heads, tails = zip(*arrows, strict=True) if arrows else ((), ())
    matrix = coo_array(([1] * len(arrows), (heads, tails)), shape=(len(modules), len(modules)))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    knots: dict[int, set[str]] = {}
    for module, label in zip(modules, labels, strict=True):
        knots.setdefault(int(label), set()).add(module)
    return (members for members in knots.values() if len(members) > 1)


def _shortest_circle(graph: grimp.ImportGraph, members: set[str]) -> tuple[str, ...]:
    """Its modules in order, the first at the end again."""
    found = [
        (each, *back)
        for each in sorted(members)
        for other in sorted(graph.find_modules_directly_imported_by(each) & members)
        if (back := graph.find_shortest_chain(importer=other, imported=each))
    ]
    return min(found, key=len)


def crowded_folders(root: Path) -> Iterator[str]:
    """One sentence for each folder of more modules than a reader takes in at a glance."""
    for folder in sorted({file.parent for file in root.rglob("*.py")}):
        name = folder.relative_to(root)
        if folder.name in LISTINGS or {*NOT_OURS} & {*name.parts}:
            continue
        modules = sum(1 for file in folder.glob("*.py") if file.name != "__init__.py")
        if modules > MOST_MODULES:
            yield f"{name}: {modules} modules in one folder, {MOST_MODULES} at most. Put those that go together into a folder."


def long_lines(root: Path) -> Iterator[str]:
    """One sentence for each line of a template that no reader sees the end of."""
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if file.suffix not in TEMPLATES or "templates" not in parts or {*NOT_OURS} & {*parts}:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if len(line) > LONGEST_LINE:
                where = f"{file.relative_to(root)}:{number}"
                yield f"{where}: {len(line)} characters, {LONGEST_LINE} at most. Break it inside a tag, or include a part."


if __name__ == "__main__":
    sys.exit(main())
