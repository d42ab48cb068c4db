"""Verbs that do not agree with a subject some words before them are found, and others are not."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.english.subjects import disagreements
from sphinx_mmbook.core.pages.prose import Prose

WRONG = {
    "The performance on the validation set were large.": ("The performance … were", "was"),
    "When it contains outliers, the analysis of the texts are large.": ("the analysis … are", "is"),
    "The main difference between the two architectures are these.": (
        "The main difference … are",
        "is",
    ),
    "The loss functions of experts is small.": ("The loss functions … is", "are"),
    "It is so because the distribution of the words have a mean.": (
        "the distribution … have",
        "has",
    ),
    "The analysis of documents require it.": ("The analysis … require", "requires"),
    "However, the datasets in the text was small.": ("the datasets … was", "were"),
    "So it is. Neural networks is small.": ("Neural networks is", "are"),
    "Several methods of it also use it. Such methods also uses the sum.": (
        "Such methods … uses",
        "use",
    ),
    "The methods yields a list.": ("The methods yields", "yield"),
}
RIGHT = """
The number of models are given. The dynamics of the rates follow it. A subset of the sums are in it.
If the model were large, it fell. Training the models is hard. Fortunately, the basics of it are
known. The place where the file lives is a path. The standard deviation of the species intercept
was small. Every element except the last. The input and the output of it are large. This models of
it is wrong, but another rule says so. Good commit messages improve it. The results of the model
are small, and the result of the models is large. The plots the data need are these. The default
scales colors that are even. The section the models are in also has them.
"""


def prose(text: str) -> Prose:
    return Prose(text, (), (), lambda _: "")


@pytest.mark.parametrize("text", WRONG)
def test_a_verb_at_a_distance_from_its_subject_is_told_what_it_should_be(text: str) -> None:
    shown, verb = WRONG[text]
    better = f"{shown.rpartition(' ')[0]} {verb}"
    found = [(old, advice) for _, old, advice, _ in disagreements(prose(text))]
    assert found == [(shown, f"write '{better}'")]


def test_verbs_that_agree_with_their_subject_are_left_alone() -> None:
    assert list(disagreements(prose(RIGHT))) == []
