"""English words that do not agree in number with what counts them, and adjectives for adverbs."""

from __future__ import annotations

from sphinx_mmbook.core.english.row_words import COUNT, MANY, METHODS, Row

#: What is counted in texts of the field: singular after a number, it is a slip.
_COUNTED = (
    "epoch|layer|day|hour|minute|week|month|year|head|word|token|image|sample|feature|parameter"
    "|iteration|step|sentence|document|dimension|example|unit|filter|channel"
    "|category|topic|language|task|author|country|observation|variable|cluster|tree|neuron"
    "|node|question|item"
)
_LARGE = "main|different|key|similar|new|other|possible|important|common|large|small|hidden"
#: A noun that is counted, and may be a verb as well.
_NOUN = "<n-pjzrg>"
_CHANGE = (
    "improvement|increase|need|difference|problem|reason|way|possibility|trend|relationship"
    "|connection|correlation|gap|lack|risk|chance|interest|change|decrease"
)
_PERSON = "author|person|user|student|researcher|human|participant|patient|reader|speaker|child"
#: What has one after it, and what may stand between; a plural, and what it does not do.
_ONE = "!are|were|not|all|but each|every|another|this|a|an|one"
_BETWEEN, _MANY, _DOES = "?<jegnmHC-pzr>", "<p-nmjvz>", "<z-pnj>|has|does"
#: What is counted, though the table has it as a verb or as something not counted, too.
_ALSO_COUNTED = (
    "option|extension|approach|model|type|way|method|task|word|architecture|version|variant|aspect"
    "|setting|language|domain|dataset|feature|layer|level|step|part|problem|question|image"
    "|sample|group|class|category|metric|author|paper|experiment|configuration|component|objective"
    "|network|idea|case|point|result|score|label|answer|value|term|head|block|filter|token|vector"
    "|function|parameter|matrix|sentence|document|example|application|technique|strategy|issue"
    "|challenge|area|field|topic|source|modality|object|variable|measure|solution"
)

COUNT_ROWS = (
    Row(
        "!<C>|day|week|top|model|table|figure|chapter|section|equation|part|a|an|the|or|per|step|phase"
        "|level|type|version"
        f" <N> {_COUNTED} $",
        "0 plural1",
        guess=True,
    ),
    Row(f"a|an {COUNT} <n-pvjzrg> $", "0 1 -2", guess=True),
    Row(f"!a|the|this|by|type {MANY}|{COUNT} {_LARGE} {_NOUN} $", "0 1 plural2"),
    Row(
        "there are|exist many|different|various|several|multiple ?different|possible"
        f"|main {_NOUN} $",
        "0 1 2 3 plural4",
    ),
    Row(f"there exists|is|was many|several|various|multiple|numerous|{COUNT}", "there many1 2"),
    Row("there has been many|several|various|numerous|two|three", "there have been 3"),
    Row(f"there have been a|an ?<jg> {_CHANGE}", "there has been 3 4 5", guess=True),
    Row(f"there are|exist a|an ?<jg> {_CHANGE}", "there third1 2 3 4"),
    Row(f"exists {COUNT}|many|several|various|different|multiple", "exist 1"),
    Row(
        "!a|an|the|this|that|any|no|every|each|one|another|its|very|some|our|<r>"
        f" different|various|multiple {_ALSO_COUNTED} $",
        "0 plural1",
        guess=True,
    ),
    Row(f"each|none|many|several|few|{COUNT} of the|these {_ALSO_COUNTED} $", "0 1 2 plural3"),
    Row(f"^ most|both {_ALSO_COUNTED} are|have|were|can", "0 plural1 2", guess=True),
    Row(f"variety|range|couple of {_ALSO_COUNTED} $", "0 of plural2", guess=True),
    Row("a few <n-pmjvzrgde> $", "a few plural2", guess=True),
    Row("there are|were ?<j-v> evidence|information|research|software $", "there third1 2 3"),
    Row(
        f"set|series|group|list|pair|collection|sequence of {_ALSO_COUNTED} is|was|that|which",
        "0 of plural2 3",
        guess=True,
    ),
    Row(
        f"!first|last|the|only|other|these|by {COUNT} {_ALSO_COUNTED}"
        " with|that|which|are|for|of|in|and",
        "0 plural1 2",
        guess=True,
    ),
    Row(
        "of|in|with|by|on|from|overcome|solve|address|avoid|using this approaches|models|issues"
        "|features|questions|experiments|measures|scores|samples|aspects|areas|ideas|steps|values"
        "|words|tasks|problems",
        "0 these 2",
    ),
    Row("each|one|neither of them|us|which have|are|were", "0 1 2 third3"),
    Row("^ another <p-nmj>", "another singular1"),
    Row("^ an other", "another"),
    Row(f"this {COUNT}|several|various <p>", "these 1 2"),
    Row(f"such {_NOUN} are|were|have", "such plural1 2", guess=True),
    Row("such a|an <p-nmj>", "such 2|such a singular2"),
    Row("each <p-nmj> is|has|was", "each singular1 2"),
    Row("each <p-nmj> are|have|were", "each singular1 third2"),
    Row(f"{_ONE} {_BETWEEN} <p-nmj> <z-pnj>", "0 1 singular2 3"),
    Row(f"{_ONE} {_BETWEEN} {_MANY} <pz> the|a|an|how|that|us|to|on|in|with", "0 1 singular2 3 4"),
    Row("a|an <jnmHC-pzrg> <jnmHC-pzrge> <p-nmjvzA> $", "0 1 2 singular3|1 2 3", guess=True),
    Row(f"{_ONE} {_BETWEEN} {_BETWEEN} {_MANY} {_DOES}|is|was", "0 1 2 singular3 4"),
    Row(
        "~that|because|when|if|since|where|although|while|whether|though|whereas"
        f" {_MANY} ?<r-vjn> {_DOES}",
        "0 1 base2",
    ),
    Row(
        f"~because|when|since|although|while|whereas {_MANY} ?<r-vjn> is|was",
        "0 1 many2",
        guess=True,
    ),
    Row(f"^ people|{_MANY} ?<r-vjn> {_DOES}", "0 1 base2", guess=True),
    Row(
        "^ most|some|many|all|both|several|few of the|these|those|our"
        f" {_BETWEEN} <p-nmj> {_DOES}|is|was",
        "0 1 2 3 4 many5",
    ),
    Row(
        "^ most|some|many|all of the|these|those|our"
        f" {_BETWEEN} <p-nmj> <pz> on|the|a|an|with|to|at",
        "0 1 2 3 4 base5 6",
    ),
    Row("several|various|many|both|these|those <n-pmjzrg> <v-nmpj>|<d-njem>|need", "0 plural1 2"),
    Row(f"{COUNT}|several|many|various characteristic in|of|that|which|are|for", "0 plural1 2"),
    Row("for|of|in|at|to each ?<jegnmH-pzr> <p-nmj> $", "0 1 2 singular3", guess=True),
    Row(
        f"number|set|lot|lots|couple|variety|series of {_NOUN} are|were|have",
        "0 1 plural2 3",
        guess=True,
    ),
    Row("a lots of", "lots of|a lot of"),
    Row("too much <j-nvrc> $", "too 2", guess=True),
    Row("more|less <jr> then the|a|an|in|other|others|those|for|with|every|all", "0 1 than 3"),
    Row("less <c-vn>", "less positive1"),
    # An adjective where the adverb belongs.
    Row("free|easy|ready|wide|open|commercial available|accessible", "adverb0 1"),
    Row("public available|accessible", "publicly 1"),
    Row("significant|considerable|slight|substantial better|worse", "adverb0 1"),
    Row("works|worked|performs|learns|behaves correct|efficient|automatic|accurate $", "0 adverb1"),
    Row(
        "can|could|will|may|might easy|automatic|direct|quick|efficient|successful|significant"
        "|accurate|correct <v>|be",
        "0 adverb1 2",
    ),
    Row(
        "increase|increases|increased|grows|grow|decreases|decrease|scales|scale linear|quadratic"
        "|exponential|significant|steady|rapid|slow $",
        "0 adverb1",
    ),
    Row("statistical significant $", "statistically significant"),
    Row("equal sized", "equally sized"),
    Row("is|are|was|were|be relative|particular|complete <j-nv>", "0 adverb1 2"),
    # Who, which, what and that.
    Row(f"{_PERSON} which|what is|was|has|<z-p>", "0 who 2"),
    Row(
        f"{METHODS}|data|thing|everything|all|something|anything|nothing|information what"
        " we|they|is|was|are|it|can|you|has",
        "0 that 2",
    ),
    Row("it's own", "its own"),
    Row("reason because", "reason why"),
    Row(f"used|serves|serve|taken|considered as ?<jnmgH> {METHODS} $", "0 as a 2 3", guess=True),
    Row("as follow $", "as follows"),
    Row(
        "a|an|the|our|its|their|each|every|such|another|these|those <r-jnmvp> <nmp-vjegdcrsz> $",
        "0 adjective1 2",
    ),
    Row(
        "~of|in|for|on|by|with|across|between|to|from|over all <n-pmvjzrg> $",
        "0 plural1",
        guess=True,
    ),
    Row("both <n-pmvjzrg> $", "0 plural1"),
    Row(
        "for|after|last|past|over|about|every|of|and <N> year|month|week|day|hour|minute|second $",
        "0 1 plural2",
    ),
    Row(
        "!in|to all of <p-znmvj> are|were|which|that|have|of|in",
        "all 2 3|all of the 2 3",
        guess=True,
    ),
    Row("each|neither|either of the|these|those|our <n-pmvjzrg> $", "0 1 2 plural3"),
    Row(
        "have|has|had|receive|receives|received|achieve|achieves|achieved|get|gets|show|shows"
        "|require|requires|need|needs|use|uses|used|contain|contains"
        " ?<r> higher|lower|larger|smaller|greater|large|small|high|low|similar"
        " number|percentage|proportion|amount|share|fraction|probability|rate|variety|range of",
        "0 a 1 2 3 4",
    ),
    Row(
        "perform|performs|performed|work|works|worked|behave|behaves"
        " more|very|quite|so|less"
        " accurate|efficient|robust|reliable|consistent|precise|stable|effective|slow|quick|correct"
        "|poor $",
        "0 1 adverb2",
    ),
)
