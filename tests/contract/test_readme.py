"""The README is a promise: every command and every key of the JSON stands in it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

import tagger.cli.main  # noqa: F401 - importing it is what registers the commands
from tagger.cli.app import app
from tagger.metadata.programs import ProgramView
from tagger.services.classifying import Classification
from tagger.services.finding import FoundPhoto
from tagger.services.interop import CarriedPlace, InteropReport
from tagger.services.lessons.decision_report import (
    DecisionReport,
    ReportedClass,
    ReportedConfusion,
    WrongAnswer,
)
from tagger.services.lessons.estimating import LessonEstimate
from tagger.services.models.adopting import Adoption
from tagger.services.models.class_changes import RenamedClass
from tagger.services.models.class_list import ListedClass
from tagger.services.models.listing import ListedModel
from tagger.services.models.new_classes import NewClass
from tagger.services.settings import SETTINGS
from tagger.services.summarising import Summary
from tagger.services.writing.previewing import PlannedWrite

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", sorted(str(entry.name) for entry in app.registered_commands))
def test_every_command_is_documented(command: str) -> None:
    assert f"tagger {command}" in README or f"`{command} " in README


@pytest.mark.parametrize(
    ("group", "command"),
    [
        (str(group.name), str(entry.name))
        for group in app.registered_groups
        if group.typer_instance is not None
        for entry in group.typer_instance.registered_commands
    ],
)
def test_every_command_of_a_group_is_documented(group: str, command: str) -> None:
    text = README.replace("[", "").replace("]", "")  # `tagger models [list]`
    assert f"`tagger {group} {command}" in text or (
        f"`tagger {group} " in text and f" `{command}" in text
    )


@pytest.mark.parametrize(
    "record",
    [
        *(Summary, FoundPhoto, Classification, PlannedWrite, InteropReport, ProgramView),
        *(CarriedPlace, ListedModel, Adoption, ListedClass, NewClass, RenamedClass),
        *(DecisionReport, ReportedClass, ReportedConfusion, WrongAnswer, LessonEstimate),
    ],
)
def test_every_json_key_is_documented(record: type) -> None:
    missing = [field.name for field in fields(record) if f'"{field.name}"' not in README]

    assert missing == []


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in README
