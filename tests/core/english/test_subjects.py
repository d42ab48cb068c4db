"""Verbs that do not agree with a subject some words before them are found, and others are not."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.english.subjects import disagreements
from sphinx_mmbook.core.finding import Location
from sphinx_mmbook.core.pages.elements import Element
from sphinx_mmbook.core.pages.prose import Prose

WRONG = {
    "The performance on the validation set were large.": ("The performance … were", "was"),
    "When it contains outliers, the analysis of the texts are large.": (
        "the analysis … are",
        "is' or 'the analyses … are",
    ),
    "The main difference between the two architectures are these.": (
        "The main difference … are",
        "is' or 'The main differences … are",
    ),
    "The loss functions of experts is small.": (
        "The loss functions … is",
        "are' or 'The loss function … is",
    ),
    "It is so because the distribution of the words have a mean.": (
        "the distribution … have",
        "has' or 'the distributions … have",
    ),
    "The analysis of documents require it.": (
        "The analysis … require",
        "requires' or 'The analyses … require",
    ),
    "However, the datasets in the text was small.": (
        "the datasets … was",
        "were' or 'the dataset … was",
    ),
    "So it is. Neural networks is small.": ("Neural networks is", "are"),
    "Several methods of it also use it. Such methods also uses the sum.": (
        "Such methods … uses",
        "use",
    ),
    "The methods yields a list.": ("The methods yields", "yield' or 'The method yields"),
    "We show that the agents seeks it.": ("the agents seeks", "seek' or 'the agent seeks"),
    "Loss\n\nThe models has a loss.": ("The models has", "have' or 'The model has"),
    "The results of the model shows a loss.": (
        "The results … shows",
        "show' or 'The result … shows",
    ),
    "The results in Table 2 shows it.": ("The results … shows", "show' or 'The result … shows"),
    "The tools used in the model has a name.": ("The tools … has", "have' or 'The tool … has"),
    "The models that was there are small.": ("The models that was", "were"),
    # Behind a parenthesis; with a formula, or what is done, between noun and verb.
    "It is so (as in 2019). The tools of the model has a name.": (
        "The tools … has",
        "have' or 'The tool … has",
    ),
    "The cells \ufffc of a layer is set.": ("The cells … is", "are' or 'The cell … is"),
    "Climate variables used in this study was large.": ("Climate variables … was", "were"),
    "It has many features that helps us.": ("many features that helps", "help"),
    "It has a limitation which prevent us.": ("a limitation which prevent", "prevents"),
    "For each model, the following information are told.": ("the following information are", "is"),
    "In speech, six layers seems enough.": ("six layers seems", "seem"),
    "The next code chunk demonstrate it.": (
        "The next code chunk demonstrate",
        "demonstrates' or 'The next code chunks demonstrate",
    ),
    "Here the operation are applied.": ("the operation are", "is' or 'the operations are"),
    "The dataset of ImageNet are open.": ("The dataset … are", "is' or 'The datasets … are"),
    "The outcome of it are networks.": ("The outcome … are", "is' or 'The outcomes … are"),
    "In practice, deep architecture are used.": (
        "deep architecture are",
        "is' or 'deep architectures are",
    ),
    "However, statistical information were used.": ("statistical information were", "was"),
    "We know how the two graphs has it.": ("the two graphs has", "have"),
}
RIGHT = """
Every month there are more of them. The Secrets of Learning Institute is small.
The number of models are given. The dynamics of the rates follow it. A subset of the sums are in it.
If the model were large, it fell. Training the models is hard. Fortunately, the basics of it are
known. The place where the file lives is a path. The standard deviation of the species intercept
was small. Every element except the last. The input and the output of it are large. This models of
it is wrong, but another rule says so. Good commit messages improve it. The results of the model
are small, and the result of the models is large. The plots the data need are these. The default
scales colors that are even. The section the models are in also has them.
Tiffany Timbers is a professor. Simple features is an open standard. They know how it works is good. The way
that the model works is clear. The place where the function lives determines it. Ten pages is enough.
It does not explain its predictions, which is bad. A problem that troubles researchers is large. The
model \ufffc propose is small. The noise that followed her words was loud. The tools people use are
these. The idea of it makes me feel good. A table of what is there wouldn't change it. What emotion do you
feel? It is a set of models that is small. The size of blocks shall indicate it. How many terms to study is open.
"""


def prose(text: str) -> Prose:
    """Return text in which all that is no words is of roles, such as citations."""
    return Prose(text, (0,), (Element("role", Location("page.md")),), lambda _: "")


@pytest.mark.parametrize("text", WRONG)
def test_a_verb_at_a_distance_from_its_subject_is_told_what_it_should_be(text: str) -> None:
    shown, verb = WRONG[text]
    better = f"{shown.rpartition(' ')[0]} {verb}"
    found = [(slip.old, slip.advice) for slip in disagreements(prose(text))]
    assert found == [(shown, f"write '{better}'")]


def test_verbs_that_agree_with_their_subject_are_left_alone() -> None:
    assert list(disagreements(prose(RIGHT))) == []
