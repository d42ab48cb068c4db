"""The language of the rows on grammar: words, kinds of words, and names for those used often.

A pattern has words (``this|these``) and kinds of words (``<n-v>``: what can be a noun and cannot be
a verb, by the letters of ``word_classes``; ``H`` is a word with a hyphen, ``C`` one of capitals,
``A`` several of them, ``N`` a number, ``?`` one that the table lacks). A part that begins with
``?`` may be left out; behind one that ends with a comma stands one. The pattern may begin with
``^`` for a sentence's begin, ``,`` for that or a place behind a stop, ``!a|an`` for what must not
and ``~is`` for what must stand before. ``$`` at its end stands for a stop, or for a word with which
a noun's group ends.
"""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """A pattern, and what is meant: ``0 plural1`` has the first word and the second's plural.

    ``sure`` if that may be written without looking.
    """

    pattern: str
    new: str
    sure: bool = False


#: Words with which the group of a noun ends.
ENDS = (
    "are is was were be has have had can could will would should may might must that which who of"
    " to in on for with from by at as do does did but when if because while where than into it we"
    " they per during between under"
)
#: Small words, which are what they are and nothing else.
SMALL = (
    f"{ENDS} a an the this these those it he she we they you each every another one two three four"
    " five six seven eight nine ten few many several various numerous much less more most all some"
    " any no other different such and or not also only then been us them its their our my his rest"
    " hundred thousand million billion dozen hundreds thousands millions lots tons little"
    " why how time information research software equipment knowledge evidence literature advice"
    " feedback majority minority"
    " range variety half lot couple pair group percentage proportion"
    " people expertise regarding concerning including containing way following former latter"
    " others need write excel"
)
ONE, MANY = "each|every|another", "these|those|several|various|many|numerous"
COUNT = "two|three|four|five|six|seven|eight|nine|ten"
AUX = "is|are|was|were|has|have|can|could|will|should|may|might"
CAN = "can|could|will|would|should|may|might|must|cannot"
BE, HAVE = "is|are|was|were|be|been", "has|have|had"
ALL, BY = (
    "the|these|those|our|all|most|several|various|many|both|other|some",
    "by|for|of|without|before|after|from|with",
)
#: Behind these, "this" is the subject of a question.
ASKS = "will|would|can|could|does|do|did|should|may|might|let|help|helps|make|makes"
#: Behind these, "they" does nothing.
NEAR = "by|for|with|to|of|on|from|in|about|like|than|as|between|and|or|that|which"
JOINS = "~while|when|if|because|since|that|where|whether|although|how"
#: What is counted, though the table has it as a verb or as something not counted, too.
COUNTED = (
    "option|extension|approach|model|type|way|method|task|word|architecture|version|variant|aspect"
    "|setting|language|domain|dataset|feature|layer|level|step|part|problem|question|image"
    "|sample|group|class|category|metric|author|paper|experiment|configuration|component|objective"
    "|network|idea|case|point|result|score|label|answer|value|term|head|block|filter|token|vector"
    "|function|parameter|matrix|sentence|document|example|application|technique|strategy|issue"
    "|challenge|area|field|topic|source|modality|object|variable|measure|solution"
)
UNCOUNTED = "software|research|information|equipment|overkill|evidence|feedback"
PLAIN = "close|big|small|large|high|low|fast|easy|cheap|simple|strong|short|long|deep|near"
HEAD = "<n-pmvjzrg>|<m-pvjzrg>|<nm-pvjzrg>|number|size|result|output|cost|rate|use"
#: Behind a thing, or things of the kind, in the singular and the plural.
SHOWS = "shows|indicates|suggests|makes|gives|depends|contains|provides|leads|requires|consists"
SHOW = "show|indicate|suggest|depend|contain|provide|lead|require|consist"
#: What is said in few words, and with what a noun is not joined by "to".
TELL = (
    "describe|describes|described|explain|explains|explained|discuss|discusses|discussed|introduce"
    "|introduces|introduced|present|presented|summarize|summarized|mention|mentioned|outlined"
)
ODDS = "probability|possibility|advantage|disadvantage|drawback"
FEW = "these|those|several|various|many|some|any|only|are|all|other"
MASS = "attention|information|memory|knowledge|energy|evidence|research|software|traffic"
WANT = "able|order|aims|aim|how|want|wants|tries|needs"
#: What research reads of, and what a method is.
PARTS = "chapter|section|subsection|paragraph|step|iteration|layer|level|stage"
METHODS = (
    "model|algorithm|network|approach|method|architecture|framework|classifier|encoder|decoder"
    "|estimator|procedure"
)
SEVERAL = f"{MANY}|{COUNT}"
#: What is used, and with what it is.
TOOLS = (
    "condition|technique|function|strategy|scheme|mechanism|criterion|metric|tool|library|package"
    "|tree|optimizer|kernel|pipeline|score|layer|dataset|parameter"
)
USING = "using|by|with|via|through|use|uses|apply|applies|employ|employs"
#: What is not counted and can do something, and what it does.
WORKS = "literature|research|information|knowledge|evidence|software|equipment"
DO = (
    "attempt|show|suggest|rely|depend|provide|are|were|have|do|consider|propose|indicate"
    "|contain|make|include"
)
#: What a thing has, with its name before it in the singular: "the model complexity".
OF_THING = (
    "tuning|choice|choices|search|pricing|interpretability|architecture|accuracy|complexity"
    "|optimization|importance|augmentation|generation|mining|modeling|modelling|processing|matrix"
    "|matrices|vector|vectors|space|performance|analysis|interpretation|engineering|algorithm"
    "|network|model|approach|size|type|types|names|value|values|distribution|clustering|embedding"
    "|representation|classifier|learning|sampling|encoding|comparison"
)
#: Adjectives that stand where the adverb belongs, and participles behind which they do.
MANNER = (
    "previous|recent|random|automatic|manual|significant|linear|equal|normal|uniform|independent"
    "|parallel|direct|successful|strong|correct|exact|fair|slight|frequent|common|wide"
)
DONE = (
    "described|mentioned|introduced|defined|discussed|presented|explained|published|reported"
    "|proposed|developed|selected|chosen|initialized|generated|sampled|drawn|distributed|trained"
    "|learned|computed|calculated|created|used|known|connected|related|correlated|weighted"
    "|increased|decreased|improved|reduced|labeled|labelled|annotated|classified|identified"
    "|assigned|stated"
)
#: People, and what they have.
PEOPLE = (
    "users|candidates|authors|students|customers|patients|participants|children|researchers"
    "|teachers|players|workers|voters|companies"
)
OWNED = (
    "results|data|behavior|behaviour|opinion|opinions|preferences|performance|information"
    "|perspective|page|pages|profile|profiles|ability|intention|intentions|attitude|attitudes"
    "|skill|skills|position|positions|name|names|answers|choices|age|health|knowledge|needs"
)
#: Kinds: a plural that is not a verb, any plural; something counted, not a verb, or any such.
PL, PLURAL = "<p-znmjv>", "<p-nmjv>"
SG, SINGULAR = "<n-pmvjzrg>", "<n-pmjzrg>"
#: What may stand before a noun: an adjective, or a noun as well.
ADJ, MOD = "different|<jegH-pvzrn>", "different|<jegnmH-pvzr>"
BASE = "<v-nmedjpr>"
