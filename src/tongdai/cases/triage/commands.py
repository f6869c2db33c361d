"""`tongdai triage …`: train the model, judge texts of a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, help="Danger and denunciations out of words.")
out = Console(highlight=False)


@app.command()
def train() -> None:
    """Train all parts of the model from the package's texts, a minute or two; `make install` and the wheel do it."""
    from . import kind, second_look, training

    made = training.train()
    kind.train()
    second_look.train()
    out.print(f"{len(made.vocabulary)} đặc trưng / features, {len(made.columns)} cột / columns")


@app.command()
def judge(
    file: Annotated[Path, typer.Argument(help="JSON lines: id, text")],
    json_file: Annotated[Path, typer.Option("--json", help="write a line for each here")],
) -> None:
    """Judge each text of a file, as after the second look.

    Writes `{id, level, shown, rung, kind, number, denunciation, asked, topics}` a line, in the order of the file.
    """
    from .judgement import topics_of
    from .second_look import look_again

    try:
        given = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        texts = [(each["id"], str(each["text"])) for each in given]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        out.print(f'{file}: không đọc được / cannot be read: {wrong}. Mỗi dòng / each line: {{"id": …, "text": …}}')
        raise typer.Exit(2) from None
    with json_file.open("w", encoding="utf-8") as written:
        for name, text in texts:
            judged = look_again(text)
            line = {
                "id": name,
                "level": str(judged.level),
                "shown": judged.shown,
                "rung": judged.rung,
                "kind": str(judged.kind or ""),
                "number": judged.number,
                "denunciation": judged.denunciation,
                "asked": judged.asked,
                "topics": list(topics_of(text)),
            }
            written.write(json.dumps(line, ensure_ascii=False) + "\n")
    out.print(f"{len(texts)} → {json_file}")
