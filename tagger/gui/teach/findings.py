"""What was measured and found, in plain words: answers, thresholds, data sets, lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.gui.teach.wording import count_text, figure_text, fill_move, measure_title
from tagger.gui.text import class_title, number, translate

if TYPE_CHECKING:
    from tagger.services.classifying import Classification
    from tagger.services.lessons.data_sets import DataSet
    from tagger.services.lessons.giving import GivenLesson
    from tagger.services.lessons.quality import Answer, AtThreshold, QualityReport
    from tagger.services.models.comparing import Move

_MOST_NAMED = 4


def describe_answers(found: Classification) -> str:
    """What a classifier says of one picture, the surest first."""
    sure = [
        f"{class_title(name)} {score:.0%}"
        for name, score in found.scores.items()
        if name in found.tags
    ]
    others = [
        f"{class_title(name)} {score:.0%}"
        for name, score in found.scores.items()
        if name not in found.tags
    ][:_MOST_NAMED]
    words = translate("{picture}: {tags}.").format(
        picture=found.path.name, tags=", ".join(sure) or translate("none of the classes")
    )
    if others:
        words += " " + translate("Less sure: {others}.").format(others=", ".join(others))
    return words


def describe_threshold(threshold: float, measured: AtThreshold) -> str:
    """What a threshold buys."""
    words = translate(
        "Tagged from {threshold:.2f} on: right {precision}; found {recall}; {photos} left to look"
        " at."
    )
    unknown = translate("not known")
    return words.format(
        threshold=threshold,
        precision=figure_text(measured.precision) or unknown,
        recall=figure_text(measured.recall) or unknown,
        photos=count_text("%Ln photo(s)", measured.review),
    )


def describe_confusion(move: Move) -> str:
    """A cell of the report in words."""
    if move.old == move.new:
        words = translate("{photos} with {old}, and the classifier says so.")
    elif move.old is None:
        words = translate("{photos} without a tag by you; the classifier says {new}.")
    elif move.new is None:
        words = translate("{photos} with {old} that the classifier does not find.")
    else:
        words = translate("{photos} with {old}; the classifier says {new}.")
    return fill_move(words, move)


def describe_data_set(data_set: DataSet) -> str:
    """What lies in the folders."""
    classes = ", ".join(
        f"{class_title(name)} ({number(count)})" for name, count in data_set.photos.items()
    )
    words = translate("{photos} of {classes}.").format(
        photos=count_text("%Ln photo(s)", sum(data_set.photos.values())), classes=classes
    )
    return " ".join([words, *data_set.warnings])


def describe_lesson(lesson: GivenLesson) -> str:
    """How a lesson from folders went."""
    lines = [
        translate("{name} has learned from {photos}. It is in Models.").format(
            name=lesson.name, photos=count_text("%Ln photo(s)", lesson.photos)
        )
    ]
    lines += [
        f"{measure_title(name)}: {figure_text(figure)}" for name, figure in lesson.figures.items()
    ]
    if lesson.views is not None:
        with_views = translate("with six looks")
        lines += [
            f"{measure_title(name)} {with_views}: {figure_text(figure)}"
            for name, figure in lesson.views.items()
        ]
    if lesson.measured_on:
        lines.append(translate("Measured {where}.").format(where=lesson.measured_on))
    return "\n".join([*lines, *lesson.warnings])


def describe_answer(answer: Answer) -> str:
    """An answer of the classifier in words."""
    words = (
        translate("You said {title}; the classifier is {score:.0%} sure of it.")
        if answer.has_tag
        else translate("You said it is not {title}; the classifier is {score:.0%} sure that it is.")
    )
    return words.format(title=class_title(answer.name).lower(), score=answer.score)


def describe_progress_of(before: QualityReport | None, now: QualityReport) -> str:
    """How many answers are right, and how many were when it was measured before."""
    if not now.answers:
        return ""
    words = translate("{right} of {answers} answers are right ({share:.1f} %).").format(
        right=number(now.right),
        answers=number(len(now.answers)),
        share=100 * now.right / len(now.answers),
    )
    if before is None or not before.answers:
        return words
    earlier = translate("Measured before: {right} of {answers} ({share:.1f} %).").format(
        right=number(before.right),
        answers=number(len(before.answers)),
        share=100 * before.right / len(before.answers),
    )
    return f"{words} {earlier}"
