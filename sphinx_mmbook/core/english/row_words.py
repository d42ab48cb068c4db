"""The language of the rows on grammar: words, kinds of words, and names for those used often.

A pattern has words (``this|these``) and kinds of words (``<n-v>``: what can be a noun and cannot be
a verb, by the letters of ``word_classes``; ``H`` is a word with a hyphen, ``C`` one of capitals,
``A`` several of them, ``N`` a number, ``?`` one that the table lacks). A part that begins with
``?`` may be left out; after one that ends with a comma stands one. The pattern may begin with
``^`` for a sentence's begin, ``,`` for that or a place after a stop, ``!a|an`` for what must not
and ``~is`` for what must stand before. ``$`` at its end stands for a stop, or for a word with which
a noun's group ends.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A pattern, and what is meant: ``0 plural1`` has the first word and the second's plural.

    ``sure`` if that may be written without looking. ``guess`` if the words are right in many a
    sentence: that is a note.
    """

    pattern: str
    new: str
    sure: bool = False
    guess: bool = False


class Slip(NamedTuple):
    """Words that do not go together: offset, the words, advice, a repair, and if it is a guess."""

    start: int
    old: str
    advice: str
    repair: str = ""
    guess: bool = False


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


#: Words with which the group of a noun ends.
ENDS = (
    "are is was were be has have had can could will would should may might must that which who of"
    " to in on for with from by at as do does did but when if because while where why than into it"
    " we they per during between under"
)
#: Small words, which are what they are and nothing else.
SMALL = (
    f"{ENDS} a an the this these those it he she we they you each every another one two three four"
    " five six seven eight nine ten few many several various numerous much less more most all some"
    " any no other different such and or not also only then been us them its their our my his rest"
    " hundred thousand million billion dozen hundreds thousands millions lots tons little"
    " how time information research software equipment knowledge evidence literature advice"
    " feedback majority minority"
    " range variety half lot couple pair group percentage proportion"
    " people expertise regarding concerning including containing way following former latter"
    " others need write excel intercept visible except"
)
MANY = "these|those|several|various|many|numerous"
COUNT = "two|three|four|five|six|seven|eight|nine|ten"
CAN = "can|could|will|would|should|may|might|must|cannot"
BE, HAVE = "is|are|was|were|be|been", "has|have|had"
PLAIN = "close|big|small|large|high|low|fast|easy|cheap|simple|strong|short|long|deep|near"
#: What a method is.
METHODS = (
    "model|algorithm|network|approach|method|architecture|framework|classifier|encoder|decoder"
    "|estimator|procedure"
)
#: What is always counted: in the singular it has an article, or a word in its place.
COUNTED = (
    "agent|aim|algorithm|approach|array|article|aspect|assumption|benchmark|book|boundary|bug"
    "|case|chain|channel|chapter|chunk|classifier|component|computer|constant|constraint"
    "|container|corner|criterion|customer|dataset|developer|dictionary|direction|domain"
    "|drawback|encoder|equivalent|experiment|field|framework|gap|generator|genome|goal|graph"
    "|handler|hierarchy|histogram|hypothesis|idea|indicator|instrument|interface|interval"
    "|legend|list|listener|logarithm|mechanism|metric|model|network|node|notebook|notion"
    "|outcome|paper|phenomenon|pipeline|predictor|problem|procedure|process|project|prototype"
    "|question|rationale|repository|requirement|researcher|role|scenario|scheme|script|sentence"
    "|server|setup|shortcut|situation|solution|spreadsheet|step|subsection|subset|system|target"
    "|task|template|token|tool|topic|trajectory|transformer|tutorial|way"
    "|method|corpus|procedure|operation|estimator"
)
#: Participles after which an adverb stands.
DONE = (
    "described|mentioned|introduced|defined|discussed|presented|explained|published|reported"
    "|proposed|developed|selected|chosen|initialized|generated|sampled|drawn|distributed|trained"
    "|learned|computed|calculated|created|used|connected|weighted"
    "|increased|decreased|improved|reduced|labeled|labelled|annotated|classified|identified"
    "|assigned|stated"
)
#: Kinds: a plural, and something counted; in the rows on agreement also those that are not verbs.
PLURAL, SINGULAR = "<p-nmjv>", "<n-pmjzrg>"
