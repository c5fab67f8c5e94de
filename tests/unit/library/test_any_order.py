"""Decisions are never lost, whatever happens to files, pairs, classifiers and in which order.

The machine keeps a disk of its own and remembers, for each picture, what its person decided last.
Every file that a scan has seen must show the newest decision on its exposure, whether that was made
on itself, under another name, or on the other half of its RAW and JPEG pair.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tagger.core.tag import TagState, Verdict
from tagger.library import Library
from tagger.services.searching import parse_query
from tests.unit.library.shelf import MODEL, ROOT, TAKEN, Clock, Shelf, picture

NAMES = [f"{folder}{stem}" for folder in ("", "a/", "b/") for stem in ("1", "2")]
CLASSES = [item.name for item in MODEL.classes]
SEARCHES = (
    *("", "bride", "untagged", "state:confirmed", "state:unsure", "score(bride):>0.5"),
    *("file:*1*", "a", "folder:b", "shoot:a", f"taken:{TAKEN:%Y-%m}", "is:raw", "is:missing"),
)
Decision = tuple[int, Verdict | None]


@dataclass(frozen=True)
class File:
    """One file on the disk. `shot`: which exposure; JPEG and RAW of one shot are two pictures."""

    shot: int
    suffix: str
    edits: int = 0

    @property
    def content(self) -> str:
        return f"{self.shot}{self.suffix}{self.edits}"


class AnyOrder(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="tagger-test-"))
        self.shelf = Shelf(Library.open(self.home, now=Clock()))
        self.disk: dict[str, File] = {}
        self.seen: dict[str, File] = {}
        self.shots = 0
        self.stamps: dict[str, int] = {}
        self.ticks = 0
        self.models = 0
        # What counts for each exposure and each class: the newest decision; and for undo, all.
        self.decisions: dict[int, Verdict | None] = {}
        self.done: list[tuple[int, Verdict | None, Verdict | None]] = []
        self.undone: list[tuple[int, Verdict | None, Verdict | None]] = []

    def teardown(self) -> None:
        assert self.shelf.library.check() == "ok"
        self.shelf.library.close()
        shutil.rmtree(self.home)

    def touch(self, path: str) -> None:
        self.ticks += 1
        self.stamps[path] = self.ticks

    @rule(name=st.sampled_from(NAMES), kind=st.sampled_from(["jpg", "cr3", "both"]))
    def shoot(self, name: str, kind: str) -> None:
        """The camera writes a shot under a free name."""
        suffixes = [".jpg", ".cr3"] if kind == "both" else [f".{kind}"]
        if any(f"{name}{suffix}" in self.disk for suffix in (".jpg", ".cr3")):
            return
        self.shots += 1
        for suffix in suffixes:
            self.disk[f"{name}{suffix}"] = File(self.shots, suffix)
            self.touch(f"{name}{suffix}")
        if kind == "both":
            self.scan()  # two halves that were never seen together are two photos

    @precondition(lambda self: self.disk)
    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def move(self, data: st.DataObject, name: str) -> None:
        """One file gets another name, perhaps away from its other half."""
        path = data.draw(st.sampled_from(sorted(self.disk)))
        target = f"{name}{self.disk[path].suffix}"
        if target not in self.disk:
            self.disk[target] = self.disk.pop(path)
            self.touch(target)

    @precondition(lambda self: self.disk)
    @rule(data=st.data())
    def swap(self, data: st.DataObject) -> None:
        """Two files exchange their names."""
        first = data.draw(st.sampled_from(sorted(self.disk)))
        second = data.draw(st.sampled_from(sorted(self.disk)))
        if self.disk[first].suffix == self.disk[second].suffix:
            self.disk[first], self.disk[second] = self.disk[second], self.disk[first]
            self.touch(first)
            self.touch(second)

    @precondition(lambda self: self.disk)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Another program saves a changed picture under the same name."""
        path = data.draw(st.sampled_from(sorted(self.disk)))
        if self.seen.get(path) == self.disk[path]:  # an unseen move and edit can't be told apart
            self.disk[path] = replace(self.disk[path], edits=self.ticks + 1)
            self.touch(path)
            self.scan()

    @precondition(lambda self: self.disk)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        del self.disk[data.draw(st.sampled_from(sorted(self.disk)))]

    @rule()
    def scan(self) -> None:
        known = self.shelf.library.known_files(self.shelf.folder_id)
        fresh = [
            picture(
                path,
                file.content,
                taken_at=TAKEN + timedelta(minutes=file.shot),
                stamp=self.stamps[path],
            )
            for path, file in self.disk.items()
            if path not in known or known[path].size != self.stamps[path]
        ]
        self.shelf.scan(*fresh, gone=[path for path in known if path not in self.disk])
        self.seen = dict(self.disk)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), verdict=st.sampled_from([*Verdict, None]))
    def decide(self, data: st.DataObject, verdict: Verdict | None) -> None:
        path = data.draw(st.sampled_from(sorted(self.seen)))
        shot = self.seen[path].shot
        before = self.decisions.get(shot)
        if self.shelf.decide(path, verdict):
            self.decisions[shot] = verdict
            self.done.append((shot, before, verdict))
            self.undone.clear()

    @rule()
    def undo(self) -> None:
        if self.shelf.library.undo() is not None:
            shot, before, after = self.done.pop()
            self.decisions[shot] = before
            self.undone.append((shot, before, after))

    @rule()
    def redo(self) -> None:
        if self.shelf.library.redo() is not None:
            shot, before, after = self.undone.pop()
            self.decisions[shot] = after
            self.done.append((shot, before, after))

    @rule()
    def tag(self) -> None:
        for photo in self.shelf.library.next_untagged([self.shelf.folder_id], 99):
            self.shelf.score({photo.path.relative_to(ROOT).as_posix(): {"bride": 0.9}})

    @rule()
    def adopt_model(self) -> None:
        self.models += 1
        model = replace(MODEL, fingerprint=f"other {self.models}")
        self.shelf.model_id = self.shelf.library.register_model(model)

    @rule(text=st.sampled_from(SEARCHES))
    def search(self, text: str) -> None:
        """What is in memory from earlier searches finds what the tables hold now."""
        library = self.shelf.library
        found = library.find(parse_query(text, CLASSES)), library.count_by_class()
        library._kept.clear()
        assert (library.find(parse_query(text, CLASSES)), library.count_by_class()) == found

    @invariant()
    def every_file_shows_the_decision_on_its_shot(self) -> None:
        for path, file in self.seen.items():
            states = self.shelf.states(path)
            verdict = self.decisions.get(file.shot)
            if verdict is None:
                assert states.get("bride") in {None, TagState.PREDICTED}, path
            else:
                assert states.get("bride") is TagState(verdict), path

    @invariant()
    def queues_hold_what_they_should(self) -> None:
        pending = self.shelf.pending()
        assert set(pending) <= set(self.seen)
        for path, file in self.seen.items():
            wanted = self.decisions.get(file.shot) in {Verdict.CONFIRMED, Verdict.CORRECTED}
            assert (path in pending) == wanted, path
        assert len(self.shelf.shown()) == len({self.shelf.row(path).id for path in self.seen})


AnyOrder.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestAnyOrder = AnyOrder.TestCase
