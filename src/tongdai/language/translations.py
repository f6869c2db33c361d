"""Translations: Vietnamese is the source and stands in the code; each room keeps its English beside it.

`tongdai translations extract` gathers what is to be said in English, `check` says what is missing, `compile` makes what
Django reads (with Babel, so that no gettext program is needed).
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

app = typer.Typer(no_args_is_help=True, help="Vietnamese is the source; the English of each room stands beside it.")

PACKAGE = Path(__file__).resolve().parent.parent
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
BY_DJANGO = f"{__name__}:extract_template"
NOT_SPOKEN = ("tests", "migrations", "static", "node_modules")
FACES = ("portal", "desk", "reports", "shell")
TERMINAL = ("commands.py", "terminal.py")
OFFICIAL = (
    PACKAGE / "reports" / "document"
)  # what the state writes is Vietnamese, whoever reads it (Decree 30/2020/NĐ-CP)
VIETNAMESE = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯà-ỹÀ-Ỹ]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*(?::[^}]*)?\}")


@app.command()
def extract(room: Annotated[str, typer.Option("--app", help="one room only, such as portal")] = "") -> None:
    """Bring the catalogues up to date with the code; translations that are there stay."""
    for folder, words in gathered().items():
        if room and folder.relative_to(PACKAGE).as_posix().replace("/", ".") != room:
            continue
        known = _read(folder)
        known.update(words, no_fuzzy_matching=True)
        _write(folder, known)


@app.command()
def compile() -> None:
    """Make the .mo files of every catalogue."""
    for po in sorted(PACKAGE.rglob("*.po")):
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale="en"))


@app.command()
def check() -> None:
    """Fail where English is missing, where its placeholders differ, and where words escaped translation."""
    wrong = [*_missing(), *_escaped_in_templates(), *_escaped_in_code()]
    for each in wrong:
        typer.echo(each, err=True)
    if wrong:
        raise typer.Exit(1)


def gathered() -> dict[Path, Catalog]:
    """What each catalogue's folder must hold."""
    ways = [
        *((f"**/{folder}/**", "ignore") for folder in NOT_SPOKEN),
        ("**.py", "python"),
        ("**/templates/**.html", BY_DJANGO),
        ("**/templates/**.txt", BY_DJANGO),
    ]
    found: dict[Path, Catalog] = {}
    for name, _line, words, _comments, context in extract_from_dir(PACKAGE, ways, keywords=KEYWORDS):
        found.setdefault(_owner(PACKAGE / name), _catalogue()).add(words, context=context)
    return found


def extract_template(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: dict[str, Any]
) -> Iterator[Any]:
    """Babel's way to read one of Django's templates: Django itself makes of it what reads like Python."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    lines = templatize(file.read().decode()).splitlines()
    source = "\n".join(line.strip() for line in lines).encode()
    return extract_python(io.BytesIO(source), keywords, comment_tags, {"encoding": "utf-8"})


def _sources() -> Iterator[Path]:
    for file in sorted(PACKAGE.rglob("*")):
        parts = file.relative_to(PACKAGE).parts
        spoken = file.suffix == ".py" or (file.suffix in (".html", ".txt") and "templates" in parts)
        if spoken and not {*NOT_SPOKEN} & {*parts}:
            yield file


def _owner(file: Path) -> Path:
    """The folder whose catalogue a file's words belong to: the nearest app, or the channels they share."""
    for folder in file.parents:
        if (folder / "apps.py").exists() or folder == PACKAGE / "channels" or folder.parent == PACKAGE:
            return folder
    return PACKAGE / "platform"


def _file(folder: Path) -> Path:
    return folder / "locale" / "en" / "LC_MESSAGES" / "django.po"


def _catalogue() -> Catalog:
    return Catalog(locale="en", header_comment="# English of this room. The source is Vietnamese.", fuzzy=False)


def _read(folder: Path) -> Catalog:
    if not _file(folder).exists():
        return _catalogue()
    with _file(folder).open("rb") as source:
        return read_po(source, locale="en")


def _write(folder: Path, catalogue: Catalog) -> None:
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, no_location=True, omit_header=True, ignore_obsolete=True, width=120)
    header = '# English of this room. The source is Vietnamese.\nmsgid ""\nmsgstr ""\n'
    header += '"Language: en\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    header += '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    _file(folder).parent.mkdir(parents=True, exist_ok=True)
    _file(folder).write_bytes(header.encode() + out.getvalue().strip() + b"\n")


def _missing() -> Iterator[str]:
    for folder, words in gathered().items():
        known, name = _read(folder), folder.relative_to(PACKAGE)
        for message in filter(lambda each: each.id, words):
            there = known.get(message.id, message.context)
            english = there.string if there else ""
            texts = english if isinstance(english, tuple | list) else (english,)
            if not all(texts) or (there and there.fuzzy):
                yield f"{name}: no English for {message.id!r}"
            elif _placeholders(english) != _placeholders(message.id):  # of the plural: one may be said without a number
                yield f"{name}: other placeholders in the English of {message.id!r}"


def _placeholders(text: object) -> set[str]:
    first = text[-1] if isinstance(text, tuple | list) else text
    return {found.split(":")[0].rstrip("}") for found in PLACEHOLDER.findall(str(first))}


def _escaped_in_templates() -> Iterator[str]:
    """Vietnamese that stands in a template outside every translate tag."""
    for file in _sources():
        if file.suffix == ".py":
            continue
        text = re.sub(r"\{#.*?#\}", "", file.read_text())
        text = re.sub(r"\{% comment.*?endcomment %\}", "", text, flags=re.S)
        text = re.sub(r"\{% blocktrans(?:late)?\b.*?endblocktrans(?:late)? %\}", "", text, flags=re.S)
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S)
        for number, line in enumerate(text.splitlines(), 1):
            if VIETNAMESE.search(line) and 'lang="vi"' not in line:
                yield f"{file.relative_to(PACKAGE)}:{number}: untranslated: {line.strip()[:80]}"


def _escaped_in_code() -> Iterator[str]:
    """Vietnamese strings of the faces and channels outside every gettext call."""
    for file in _sources():
        room = file.relative_to(PACKAGE).parts[0]
        if file.suffix != ".py" or room not in FACES or file.name in TERMINAL:  # a terminal is told both at once
            continue
        if file.is_relative_to(OFFICIAL):
            continue
        tree = ast.parse(file.read_text())
        allowed = {id(node) for call in ast.walk(tree) if _translates(call) for node in ast.walk(call)}
        allowed |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in allowed:
                continue
            text = node.value
            if isinstance(text, str) and VIETNAMESE.search(text):
                yield f"{file.relative_to(PACKAGE)}:{node.lineno}: untranslated: {text[:80]}"


def _translates(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name in KEYWORDS
