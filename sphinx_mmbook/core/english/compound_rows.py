"""Words that are one adjective before a noun, and are often written without their hyphen.

A table has the signs by which a text is searched, and an expression that begins where the first
word does; what its groups found is joined with hyphens.
"""

from __future__ import annotations

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.row_words import words_of

#: Nouns before which two words are one adjective, as in "high-quality data".
NOUNS = (
    r"(?:algorithm|analys[ie]s|application|approach|approximation|architecture|autocorrelation"
    r"|baseline|benchmark|captioning|cell|change|classification|classifier|component|concept|control|corpus|data|databases?|dataset"
    r"|decoder|dependenc(?:y|ie)|description|design|detail|detection|distribution|document"
    r"|difference|effect|embedding|encoder|environment|estimate|evaluation|experiment|feature|forecast"
    r"|framework|function|game|generation|goal|gradient|image|implementation|information|inference"
    r"|interaction|issue|layer|learning|library|machine|manner|measure|memory"
    r"|method|metric|model|module|network|optimi[sz]er|package|part(?:y|ie)|performance|photo|planning|policy"
    r"|prediction|probability|problem|project|rate|ratio|regression|representation|requirement|result|scenario|setting|selection"
    r"|simulation|software|solution|space|strateg(?:y|ie)|structure|stud(?:y|ie)|system|task"
    r"|technique|text|tool|topic|training|translation|transformer|trend|variable|vector|video|vision"
    r"|visual|visuali[sz]ation|aspect|code|communit(?:y|ie)|configuration|context|definition"
    r"|derivative|division|event|explanation|field|file|format|group|hardware|hyperparameter|hypothesis"
    r"|input|integration|language|moment|multiplication|neural|object|operation|pattern|phenomen(?:on|a)"
    r"|platform|polynomial|preference|product|relation|semantic|sequence|sequencing|statistic|term"
    r"|transformation|value|bond|condition|countr(?:y|ie)|job|loan|market|pill"
    r"|implication|trade|transaction|view|price|process|report|side|signal|test|ticket|window)(?:e?s)?(?![\w-])"
)
_BASED = (
    r"(?<![\w-])(?!(?:and|or|are|is|was|were|be|been|not|that|which|them|it|they|we|also|but"
    r"|those) )"
    rf"([a-z]{{3,}}|[A-Z][A-Za-z]+) (based) (?={NOUNS})"
)
#: Words that are one adjective before a noun: the first of them, and the last, which is looked for.
_FIRST_AND_LAST = r"""
high|low|good|poor|top: quality
high|low|lower|upper|word|sentence|character|pixel|token|document|decision|feature|image: level
patch|country|field|high|low: level
fixed|variable|full|equal: length
high|low|super: resolution
high|low|higher|lower|one|two|three|multi: dimensional
large|small|full: scale
high|low: throughput cost density risk frequency strength speed price income pressure power energy
high|low: tech end stakes contrast volume latency bandwidth capacity fidelity degree resource
high|low|room: temperature
low|full: rank
real|part|full: time
(?<!long )(?<!short )long|(?<!long )short: term
long|short: range distance lived
long: lasting standing
far: reaching
few|zero|one: shot
fine|coarse: grained
self|semi: supervised
non|semi: parametric
first|second|third|fourth|higher: order
two|three|four: way
one|two|double|single: sided
one|two|heavy|fat|long|light: tailed
data|model|event: driven
task|domain|language|subject|country: specific
real|complex|integer: valued
well|best|worst|better|top|high: performing
well|best|lesser|little: known
pixel|element|pair|step|layer|point|token|channel|class|group|row|column|sample|batch: wise
risk|error|gradient|model|scale|parameter|label|noise|disease: free
comma|tab|well: separated
dummy|hand|colou?r: coded
well: established studied suited behaved structured documented
well|ill: posed conditioned
user|well|above: defined
human|man|custom|tailor: made
single|multi|double: layer channel core
multi: user view objective
first|second|left|right: hand
left|right: wing
middle|upper|working: class
early|late: stage
worst|best|average: case
near|far: field
modern|present: day
small|medium|mid|large|big|good|average|equal|finite|fixed: sized
bell|box|wedge|cone|heart|star|ring: shaped
fast|slow: growing
English|German|French|Spanish|Italian|Dutch: speaking
tax|dividend: paying
cost|time|labou?r|energy: saving
profit|utility: maximizing
risk: averse neutral
open: ended source
held: out
human: like
feed: forward
third: party
wild: type
real: world
decision: making
problem: solving
computer: aided assisted
closed: form
mean: reverting
"""
JOINED: dict[str, str] = {}
for _line in _FIRST_AND_LAST.split("\n")[1:-1]:
    _first, _, _lasts = _line.partition(": ")
    for _last in _lasts.split():
        JOINED[_last] = f"{JOINED[_last]}|{_first}" if _last in JOINED else _first
#: What is high or low itself before these: "low energy losses".
_MEASURED = (
    "consumption|loss|cost|price|usage|use|demand|efficiency|level|inequality|growth|elasticity"
    "|volatility|tax|share|saving|output|requirement|dissipation|transfer|gain|difference|increase"
)
BEFORE_NOUNS = {
    f" {last} ": rf"(?<![\w-])((?i:{first})) ({last}) "
    + (rf"(?!(?:{_MEASURED})(?:e?s)?\b)" if first == "high|low" else "")
    for last, first in JOINED.items()
}
BEFORE_NOUNS[" to end "] = r"(?<![\w-])(end) (to) (end) "
for _first, _last in (
    *(("sequence|image|video|graph", "sequence"), ("text|speech|video", "image")),
    *(("image|speech|video|data|graph|table", "text"), ("text", "speech"), ("signal", "noise")),
    *(("one|many", "one"), ("one|many", "many"), ("price", "book"), ("peer", "peer")),
):
    BEFORE_NOUNS[f" to {_last} "] = (
        rf"(?<![\w-])(?:(?<= a )|(?<=the )|(?<= of )|(?<=for )|(?<= by ))({_first}) (to) ({_last}) "
        "(?=(?:model|generation|synthesis|translation|ratio|task|problem|learning|network|lending))"
    )
for _first in ("step", "case", "word"):
    BEFORE_NOUNS[f" by {_first} "] = rf"(?<![\w-])({_first}) (by) ({_first}) "
for _first in ("day", "face"):
    BEFORE_NOUNS[f" to {_first} "] = rf"(?<![\w-])(?<!from )({_first}) (to) ({_first}) "
BEFORE_NOUNS[" to date "] = r"(?<![\w-])(?<!is )(?<!are )(up) (to) (date) "
#: What makes an adjective of any noun before it; of nouns that are verbs as well, these.
OF_NOUNS = (
    "specific|dependent|driven|oriented|orientated|invariant|agnostic|aware|intensive|friendly"
    "|related|based"
)
VERBS_AS_WELL = words_of(
    "time target yield task model age work stress field cost climate traffic resource class "
    "event test state memory object image text query feature subject project site word user "
    "context content transformer attention cell rule graph region domain control"
)
ADJECTIVES = {
    **BEFORE_NOUNS,
    " based ": _BASED,
    " called ": (
        r"(?<!is )(?<!are )(?<!was )(?<!were )(?<![\w-])(so) (called) "
        r"(?!(?:because|since|after|by|as|for|in)(?!\w))(?=[a-z\"“*])"
    ),
    " related ": (
        r"(?<![\w-])(age|asylum|climate|disease|gender|health|migration|refugee|safety|security"
        r"|stress|traffic|war|weather|work) (related) "
        r"(?!(?:with|than|when|that|from|only)(?!\w))(?=[a-z]{4,})"
    ),
    **{
        f" {done} ": rf"(?<![\w-])(above) ({done}) (?=[a-z]{{4,}})"
        for done in ("mentioned", "introduced", "described")
    },
    " consuming": r"(?<![\w-])(time) (consuming)(?![\w-])",
    " varying": r"(?<![\w-])(time) (varying)(?= [a-z])",
    " mean ": (
        r"(?<![\w-])([zZ]ero) (mean) "
        r"(?=(?:Gaussian|normal|white|random|noise|process|stationary)\b)"
    ),
    " run ": (
        r"(?<![\w-])(?<![iI]n the )([lL]ong|[sS]hort) (run) "
        r"(?=(?:mean|average|variance|equilibri|growth|effect|relation|trend|impact|multiplier)\w*)"
    ),
    " of the art ": (
        r"(?<![\w-])([Ss]tate) (of) (the) (art) (?:(?=(?:algorithm|approach|architecture|method"
        r"|model|performance|result|system|technique)(?:e?s)?(?!\w))"
        r"|(?<!(?:he|nt|ur|is|ew) state of the art )(?!(?:in|of|is|for|on|and|at|as|to|by|with|has"
        r"|was|that|or|from|across|when|via|which)(?!\w))"
        r"(?=[A-Za-z]))"
    ),
    " intensive": r"(?<![\w-])(labou?r) (intensive)(?![\w-])",
    " down ": r"(?<=a )(top) (down) (?!to(?!\w))(?=[a-z]{4,})",
}
#: What ends as adverbs do, and is not one.
NO_ADVERB = {
    "only", "early", "family", "daily", "weekly", "monthly", "yearly", "hourly", "quarterly",
    "likely", "unlikely", "friendly", "poly", "fly", "reply", "supply", "multiply", "apply",
    "july", "assembly", "anomaly", "monopoly", "elderly", "ally", "italy", "lonely", "lively",
    "timely", "costly", "orderly", "ugly", "holy", "belly", "curly", "jelly", "bully", "rally",
    "tally", "silly", "scholarly", "homely", "butterfly", "kelly", "woolly", "deadly", "sickly",
    "cowardly", "grizzly",
}  # fmt: skip
NUMBER = "two|three|four|five|six|seven|eight|nine|ten"
#: What words begin with that have a hyphen, and how they go on.
BEGINNINGS = {
    "co": "occurrences?|authors?",
    "cross": "validat(?:ion|ed)|entropy|lingual|modal|attention|sectional",
    "fine": "tun(?:ed|ing)",
    "multi": "class|label|modal|head|task|layer|step|lingual|level|agent|scale|stage",
    "pre": "train(?:ed|ing)|process(?:ed|ing)|defined|existing|computed",
    "self": "attention|supervised|supervision|reported|explanatory|evident",
    "semi": "supervised|structured|automatic",
}
#: What is counted, and is one adjective with its number after an article.
COUNTS = re.findall(
    r"\w+",
    "step stage fold phase player point dimensional layer sentence sample parameter factor word "
    "page pixel bit",
)
#: What is one adjective, and stands after no other word that belongs to it.
ALONE = {
    " mid ": r"(?<=[ \n(])(mid) ((?:1[89]|20)\d\d)(?!\w)",
    " non ": r"(?<= )(non) (?!longer)([a-z]{4,})(?![\w-])",
    " old ": rf"(?<![\w.-])({NUMBER}|\d+) (year|month|week|day) (old) (?=[a-z]{{3}})",
    " easy ": r"(?<= an )(easy) (to) (use|read|understand) (?=[A-Z]{2,}|[a-z]{4,})",
    " follow ": r"(?:(?<= a )|(?<= the ))(follow) (up) (?=[a-z]{4,})",
    " depth ": r"(?:(?<= an )|(?<=[Tt]he )|(?<=more ))(in) (depth) (?=[a-z]{4,})",
    " memory ": r"(?<= an )(in) (memory) (?=[a-z]{4,})",
    **{f" {first} ": (rf"(?<= )({first}) ({rest})(?![\w-])") for first, rest in BEGINNINGS.items()},
}
#: What is measured, in the singular before a noun: "30 second clips"; in the plural after "a".
UNITS = re.findall(
    r"\w+",
    "second minute hour day week month year decade millisecond milligram gram kilogram milliliter"
    " litre liter gallon millimeter centimeter meter metre kilometer kilometre mile inch acre"
    " hectare dollar euro byte megapixel volt watt",
)
