"""The command that says what to look at next."""

from __future__ import annotations

from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json, print_table
from tagger.services.finding import find_rows
from tagger.services.review_queue import Precision, estimate_precision, plan_review


@app.command("review")
def review(
    query: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="Only photos that this search means.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="So many questions.")] = 100,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List what to decide next, those first that teach most; answer with tagger mark."""
    with open_workspace(home) as workspace:
        library = workspace.library
        only = [row.id for row in find_rows(workspace, query)] if query else None
        questions = plan_review(library, limit, only=only)
        rows = {row.id: row for row in library.photo_rows([q.photo_id for q in questions])}
        precision = estimate_precision(library)
    queue = [
        {"path": rows[question.photo_id].path, "class": question.name}
        for question in questions
        if question.photo_id in rows
    ]
    if json:
        print_json({"queue": queue, "precision": precision})
        return
    print_table((str(entry["path"]), f"{entry['class']}?") for entry in queue)
    print(_describe(precision))


def _describe(precision: Precision | None) -> str:
    if precision is None:
        return "How often sure tags are right is known once you have decided on some of these."
    return (
        f"Of the sure tags you looked at, {precision.right} of {precision.looked_at} were right: "
        f"{precision.low:.0%} to {precision.high:.0%} of all by estimate."
    )
