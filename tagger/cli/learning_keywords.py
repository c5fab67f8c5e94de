"""The command that learns from the keywords in the files."""

from __future__ import annotations

from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table
from tagger.core.errors import WrongUseError
from tagger.services.file_keywords import (
    KeywordMatch,
    learn_keywords,
    match_keywords,
    remember_mapping,
)

_UNKNOWN_SHOWN = 20


@app.command("learn-keywords")
def learn_from_keywords(
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="KEYWORD=CLASS",
            help="This keyword means that class from now on; none takes it back.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show which keyword means which class; learn nothing.")
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Take keywords that others put into the files as decisions, for tagger train to learn from."""
    chosen = dict(_parse(text) for text in mapping or [])
    with open_workspace(home) as workspace:
        matches = match_keywords(workspace.library, chosen)
        changed = 0
        if not dry_run:
            remember_mapping(workspace.library, chosen)
            changed = len(learn_keywords(workspace.library, matches).photo_ids)
    if json:
        print_json({"keywords": matches, "changed": changed})
        return
    _print_matches(matches)
    if not dry_run:
        print(f"{count_of(changed, 'file')} changed. tagger undo takes it back.")


def _parse(text: str) -> tuple[str, str]:
    keyword, sign, name = text.rpartition("=")
    if not (keyword.strip() and sign and name.strip()):
        raise WrongUseError(f"“{text}” is no mapping: --map Braut=bride")
    return keyword, name


def _print_matches(matches: list[KeywordMatch]) -> None:
    known = [one for one in matches if one.class_name is not None]
    unknown = [one for one in matches if one.class_name is None]
    print_table(
        (f"  {one.keyword}", f"= {one.class_name}", count_of(one.photos, "photo")) for one in known
    )
    if not known:
        print("No keyword in your files has the name of a class.")
    if unknown:
        print("Keywords that mean no class; --map KEYWORD=CLASS gives them one:")
        print_table(
            (f"  {one.keyword}", count_of(one.photos, "photo")) for one in unknown[:_UNKNOWN_SHOWN]
        )
    if len(unknown) > _UNKNOWN_SHOWN:
        print(f"  and {len(unknown) - _UNKNOWN_SHOWN:,} more (--json lists all)")
