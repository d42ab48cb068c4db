"""What does not go together in English is found, and what does is left alone."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.english.agreement import mismatches
from sphinx_mmbook.core.english.agreement_rows import ROWS
from sphinx_mmbook.core.english.word_classes import (
    base,
    gerund,
    participle,
    plural,
    singular,
    third,
)
from sphinx_mmbook.core.pages.prose import Prose

WRONG = {
    "We train these method on text.": "'these methods' or 'this method'",
    "It is one of the most popular method.": "'one of the most popular methods'",
    "We see a vague questions.": "'a vague question' or 'vague questions'",
    "This is how each specific domains are made.": "'each specific domain'",
    "They can interpreted as a sum.": "'can interpret' or 'can be interpreted'",
    "It does not seems to fall.": "'does not seem'",
    "It was see in the text.": "'was seen'",
    "The requests are send to it.": "'are sent'",
    "It could led to a loss.": "'could lead' or 'could be led'",
    "We want to employed a model.": "'want to employ'",
    "It is used for understand the text.": "'for understanding the'",
    "It helped us taming it.": "'helped us tame'",
    "It is more better now.": "'better'",
    "It is small than the sum.": "'is smaller than'",
    "We have less errors.": "'fewer errors'",
    "A large amount of words.": "'number of words'",
    "In following table:": "'In the following table'",
    "The is no support.": "'This is' or 'There is' or 'The … is'",
    "It is based on plenty of researches.": "'of research' or 'of studies'",
    "It was shown in many researches.": "'many studies'",
    "It is affected on a bad way.": "'affected in a bad way'",
    "The number of models are given.": "'The number of models is'",
    "It consists on the parts.": "'consists of'",
    "It is supported by a wealth a findings.": "'wealth of findings'",
    "There are a number problems.": "'a number of problems'",
    "We see various models that predicts it.": "'models that predict'",
    "It is shortly described.": "'briefly described'",
    "It describes shortly the text.": "'briefly describes'",
    "The mean of such method is small.": "'such a method' or 'such methods'",
    "It constitutes of parts.": "'consists of' or 'constitutes'",
    "It is related with it.": "'related to'",
    "The most common used one.": "'most commonly used'",
    "It is true for others areas.": "'other areas'",
    "The event in considered to be rare.": "'event is considered to'",
    "We give an overview over it.": "'overview of'",
    "We show that all layer are small.": "'all layers are'",
    "The politicians which were there.": "'politicians who were'",
    "Same method can be used.": "'The same method can'",
    "It is the number of thunderstorm per area.": "'number of thunderstorms'",
    "It is representative for the area.": "'representative of the'",
    "See the analyses method.": "'analysis method'",
    "It need a model.": "'It needs a'",
    "We know its possible to learn.": "'it is possible to'",
    "It is so, and this are the terms.": "'these are' or 'this is'",
    # Words with a capital are known where a sentence begins, and those with "?" may be left out.
    "It is one, and each CNNs is small.": "'each CNN'",
    "It can be explain how it is.": "'can be explained' or 'can explain'",
    "By use a sum it is.": "'By using a'",
    "It wants to predicting it.": "'wants to predict'",
    "Therefore is the sum small.": "'Therefore, the … is'",
    "We explain how does the sum change.": "'explain how the'",
    "As it can be seen, it is.": "'As can be'",
    "It is two time faster.": "'two times faster'",
    "There are many reason for it.": "'There are many reasons'",
    "It has an influence to the sum.": "'an influence on the'",
    "Number of layers is small.": "'The number of layers is'",
    "It is true during training process.": "'during the training process'",
    "The models and there parameters.": "'and their parameters'",
    "Due to the data is small, it is.": "'Because the data is'",
    # Number, adverbs, and what verbs want behind them.
    "It was run for 10 epoch.": "'10 epochs'",
    "There are different approach to it.": "'There are different approaches'",
    "There has been many attempts.": "'There have been many'",
    "There have been a growing interest.": "'There has been a growing interest'",
    "It is true of this two models.": "'these two models'",
    "In it, each models has a sum.": "'each model has'",
    "None of the model is small.": "'None of the models'",
    "A lot of model are small.": "'lot of models are'",
    "It is more accurate then the others.": "'more accurate than the'",
    "The results were significant better.": "'significantly better'",
    "It works correct.": "'works correctly'",
    "It is particular useful.": "'is particularly useful'",
    "We could not found it.": "'could not be found' or 'could not find'",
    "This makes us to conclude it.": "'makes us conclude'",
    "Authors who was there are old.": "'Authors who were'",
    "It is a person which is old.": "'person who is'",
    "The data what we used is small.": "'data that we'",
    "It is in it's own file.": "'in its own'",
    "It is defined as follow:": "'as follows'",
    "It seems be small.": "'seems to be'",
    "So it is. A lots of models.": "'Lots of' or 'A lot of'",
    "There are many different way to do it.": "'different ways'",
    "It is became small.": "'is become' or 'became'",
    "It has becoming small.": "'has become'",
    # What stands further in a sentence, and behind a comma.
    "It is one drawback of this approaches.": "'of these approaches'",
    "It is true that two word are mapped.": "'two words'",
    "One of them, each of them have it.": "'each of them has'",
    "We have a closer look on it.": "'closer look at'",
    "One can easy compare it.": "'can easily compare'",
    "It increases quadratic with it.": "'increases quadratically'",
    "It is unclear weather the model is.": "'unclear whether'",
    "We see a lot of different extension of it.": "'different extensions'",
    "It should be mention that it is.": "'be mentioned'",
    "It is superior over all of it.": "'superior to'",
    "It is a merely improvement.": "'a mere improvement'",
    "The statistically significance of it.": "'The statistical significance'",
    "See the automatically outcomes.": "'the automatic outcomes'",
    # What a widely used checker found in theses.
    "It is dependant on the sum.": "'dependent on'",
    "For what concerns speed, it wins.": "'Regarding' or 'As for'",
    "It is discussed in details in it.": "'in detail'",
    "One is used to setup the system.": "'to set up the'",
    "The rules are setup to see it.": "'are set up to'",
    "It helps investigating the sum.": "'helps investigate the'",
    "It works independently from it.": "'independently of'",
    "See the area with highest linear correlation.": "'with the highest linear correlation'",
    "The tests are ran by us.": "'are run'",
    "This allow us to see it.": "'This allows us'",
    "Here there is no classes.": "'there are no classes'",
    "See its' children.": "'its children'",
    "It is tested on a a separate part.": "'a separate'",
    "It happens everyday in it.": "'happens every day'",
    "It is worth 66 millions in it.": "'66 million'",
    "It is known, and its clear that it falls.": "'it is clear that'",
    "One is used to speed-up the search.": "'to speed up the'",
    "The group is composed by 13 users.": "'composed of 13'",
}
RIGHT = """
A few examples are enough; this shows that the models can learn. It makes it work. These result in a
loss, and those that follow are used. The data were sent to each of them. We let it run. This
thesis aims to show that each area stays as it is. What it is depends on the text. Two hundred
words, three million images, a statistics course and a random effects model. The model we use the
most is used to training. The rest are small, the majority of models were large, and a number of
them have been built. One of the following: the most recent information is that of this series.
How can models learn? The images that are used are in it, and attention to answers helps. The more
parameters a model has, the better it is. More often than not it is able to. It is complete, it is
up to date. We do all that we can to keep it; it is a must to read. There are people who have expertise.
One such layer, without such evaluation, was run by us. What is said by you is right, and is taken care
of by one person. The following are sorted by last name. The first thing to do is see it. Will this
affect predictions? It need not be large (our other predictor is). The rules for doing this are old, and all
its possible values count. What we do have is a sample; one option that we have is this. From part a to
part b, some choose not to go but instead to stay. It is an large images that are read. If you select a license others can use it. It is a fundamentally different kind of
task. To focus on. The United States is large. It has to be said that each node are in it.
There exist a number of sums, and there are lots of areas; many fish have one, but if the fishery were
small, a slightly different strategy would do. Except to the extent that it rains, the for loop needs
a little research on a slightly similar outcome, all year, every 7-14 days. It allows a set of values
that minimizes it. We use this pattern hundreds of times to adapt it accordingly to keep it.
It looks for that same category, each other's area, and as the likelihood to obtain the mean.
A similar method has been seen, a four by four matrix is what it needs, and similar behavior can be seen.
The MELD 40 patient is one of 250 patients in the 12 layer network of Table 2. It was 2019 day by day.
Part A models are small. It may differ between the two, and it can be rank deficient.
An only child is not a likely event; the within inertia and an else statement are potentially events.
The question is why align at all; the effect to be seen is small. The setup of a lookup goes back and forth.
We fill in details, have a high-level view, and cannot help thinking that there is no news.
"""


def prose(text: str) -> Prose:
    return Prose(text, (), (), lambda _: "")


@pytest.mark.parametrize("text", WRONG)
def test_words_that_do_not_go_together_are_found_with_what_is_meant(text: str) -> None:
    slips = mismatches(prose(text))
    assert [slip.advice.removeprefix("write ") for slip in slips] == [WRONG[text]]


def test_words_that_go_together_are_left_alone() -> None:
    assert list(mismatches(prose(RIGHT))) == []


def test_each_row_names_words_that_its_pattern_has() -> None:
    for row in ROWS:
        parts = [part for part in row.pattern.split() if part[0] not in "^!~$"]
        used = [int(number) for part in row.new.split() if (number := part[-1]).isdigit()]
        assert all(number < len(parts) for number in used), row


def test_forms_of_words_are_known() -> None:
    assert [plural("criterion"), plural("study"), singular("analyses")] == [
        "criteria",
        "studies",
        "analysis",
    ]
    assert [third("apply"), base("fitted"), gerund("use"), participle("build")] == [
        "applies",
        "fit",
        "using",
        "built",
    ]
