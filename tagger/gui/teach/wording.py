"""What there is to say about classes, figures and classifiers, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from tagger.gui.text import class_title, duration, number, translate
from tagger.services.lessons.overview import ENOUGH_DECISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.core.progress import Progress
    from tagger.ml import Figure
    from tagger.services.lessons.estimating import LessonEstimate
    from tagger.services.lessons.giving import UnfinishedLesson
    from tagger.services.lessons.overview import LearnedClass, LessonsOverview
    from tagger.services.lessons.proposing import ClassComparison, Proposal
    from tagger.services.models.adopting import Adoption
    from tagger.services.models.comparing import Move

_MOST_NAMED = 4


def describe_news(overview: LessonsOverview) -> str:
    """How much is new, and what to do about it."""
    if not overview.can_learn:
        return translate(
            "There is too little to learn from yet. Confirm tags that are right (Enter) and reject"
            " those that are wrong (X): two photos with a class are the least, ten are better."
        )
    decisions = count_text("%Ln decision(s)", overview.news)
    if overview.news == 0:
        return translate("Nothing was decided since the last lesson.")
    if overview.news < ENOUGH_DECISIONS:
        words = translate("{decisions} since the last lesson. Some more would make it worthwhile.")
    else:
        words = translate("{decisions} since the last lesson. A quick lesson takes seconds.")
    return words.format(decisions=decisions)


def describe_quality(overview: LessonsOverview) -> str:
    """How well the classifier in use does on photos that it had not learned from."""
    if overview.problem:
        return overview.problem
    precision = _mean(one.precision for one in overview.classes)
    recall = _mean(one.recall for one in overview.classes)
    if precision is None or recall is None:
        words = translate("Nobody has measured yet how well {title} does.")
        return words.format(title=overview.title)
    words = translate(
        "On photos that {title} had not learned from: of 100 tags that it gives, about {right} are"
        " right; of 100 photos that show a class, it finds about {found}."
    )
    return words.format(
        title=overview.title, right=round(precision * 100), found=round(recall * 100)
    )


def describe_need(one: LearnedClass) -> str:
    """What a class still needs."""
    title = class_title(one.name)
    if one.is_trusted:
        return translate("Can be trusted")
    if one.missing:
        words = translate("{count} more {title} and this class can be trusted")
        return words.format(count=one.missing, title=title.lower())
    return translate("Enough photos: a lesson will tell whether it can be trusted")


def figure_text(figure: Figure | None) -> str:
    """`84 % (76 to 90), 156 photos`; empty where nothing was measured."""
    if figure is None:
        return ""
    words = translate("{value:.0f} % ({low:.0f} to {high:.0f}), {photos}")
    return words.format(
        value=figure.value * 100,
        low=figure.low * 100,
        high=figure.high * 100,
        photos=count_text("%Ln photo(s)", figure.n),
    )


def measure_title(name: str) -> str:
    """A measure as people read it."""
    titles = {
        "accuracy": translate("Accuracy"),
        "macro_f1": translate("Macro-F1"),
        "mean_average_precision": translate("Mean average precision"),
    }
    return titles.get(name) or class_title(name)


def describe_change(proposal: Proposal) -> str:
    """How much would change."""
    difference = proposal.difference
    if not difference.compared:
        return translate("No photo of the library can be compared yet.")
    words = translate("{changed} of {photos} would change; nothing that you decided on.")
    return words.format(
        changed=number(difference.changed), photos=count_text("%Ln photo(s)", difference.compared)
    )


def describe_safety(proposal: Proposal) -> str:
    """Whether to adopt it: said only on photos that both were measured on."""
    measured = [one for one in proposal.classes if one.after is not None]
    if not measured:
        return translate(
            "There are no photos on which both were measured, so look at the cells before you"
            " adopt it."
        )
    if proposal.losers:
        names = _join(proposal.losers)
        words = translate(
            "Not recommended: on photos that it had not learned from, it does worse with {names}."
        ).format(names=names)
    else:
        words = translate(
            "Recommended: on photos that it had not learned from, no class does worse."
        )
    if proposal.learned_before:
        more = translate("The one in use has learned from {count} of these photos before.")
        words += " " + more.format(count=proposal.learned_before)
    return words


def describe_move(move: Move) -> str:
    """A cell in words."""
    if move.old is None:
        words = translate("{photos} would become {new}.")
    elif move.new is None:
        words = translate("{photos} would not be {old} any more.")
    else:
        words = translate("{photos} would become {new} instead of {old}.")
    return fill_move(words, move)


def fill_move(words: str, move: Move) -> str:
    """The words with the move's `{photos}`, `{old}` and `{new}`."""
    return words.format(
        photos=count_text("%Ln photo(s)", len(move.photo_ids)),
        old=class_title(move.old or "").lower(),
        new=class_title(move.new or "").lower(),
    )


def describe_adoption(adoption: Adoption) -> str:
    """What came of putting a classifier in use."""
    words = translate("{model} is in use; {photos} scored anew. Models leads back to {before}.")
    return words.format(
        model=adoption.model,
        photos=count_text("%Ln photo(s)", adoption.rescored),
        before=adoption.before,
    )


def describe_estimate(estimate: LessonEstimate) -> str:
    """How long a lesson with all layers takes here."""
    words = translate(
        "About {time} on this computer ({device}): {photos} in {epochs} rounds, {step:.1f} s a"
        " step, as measured on a few steps just now."
    )
    return words.format(
        time=duration(estimate.seconds),
        device=estimate.device.upper(),
        photos=count_text("%Ln photo(s)", estimate.photos),
        epochs=estimate.epochs,
        step=estimate.step_seconds,
    )


def describe_progress(progress: Progress) -> str:
    """What is being done, how far it is, and how long it still takes."""
    if progress.total is None:
        return progress.task
    words = translate("{task}: {done} of {total} {unit}").format(
        task=progress.task,
        done=number(progress.done),
        total=number(progress.total),
        unit=progress.unit,
    )
    if progress.seconds_left:
        left = translate("{time} left").format(time=duration(progress.seconds_left))
        words += f" · {left}"
    return words


def describe_unfinished(lesson: UnfinishedLesson | None) -> str:
    """A lesson that was paused; empty where there is none."""
    if lesson is None:
        return ""
    words = translate("A lesson, {name}, was stopped after {epochs}. It can go on from there.")
    return words.format(name=lesson.name, epochs=count_text("%Ln round(s)", lesson.epochs))


def _join(classes: Iterable[ClassComparison]) -> str:
    names = [class_title(one.name).lower() for one in classes]
    if len(names) > _MOST_NAMED:
        rest = translate("{count} more").format(count=len(names) - _MOST_NAMED)
        names = [*names[:_MOST_NAMED], rest]
    return ", ".join(names)


def _mean(figures: Iterable[Figure | None]) -> float | None:
    values = [figure.value for figure in figures if figure is not None]
    return sum(values) / len(values) if values else None


def count_text(text: str, count: int) -> str:
    """A number with its noun."""
    return QCoreApplication.translate("teach", text, "", count)
