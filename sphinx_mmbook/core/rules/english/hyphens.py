"""Rules on hyphens: words that are one adjective before a noun, and words with a beginning."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.rules.english.spelling import is_plain, places, words_before
from sphinx_mmbook.core.rules.english.usage import quoted
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.prose import Prose

#: Nouns before which two words are one adjective, as in "high-quality data".
_NOUNS = (
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
    r"|transformation|value)(?:e?s)?(?![\w-])"
)
_BASED = (
    r"(?<![\w-])(?!(?:and|or|are|is|was|were|be|been|not|that|which|them|it|they|we|also|but"
    r"|those) )"
    rf"([a-z]{{3,}}|[A-Z][A-Za-z]+) (based) (?={_NOUNS})"
)
#: Words that are one adjective before a noun, by the last of them, with which the search begins.
_JOINED = {
    "quality": "(?:high|low|good)",
    "level": (
        "(?:high|low|lower|upper|word|sentence|character|pixel|token|document|decision|feature"
        "|image|patch|country|field)"
    ),
    "length": "(?:fixed|variable|full|equal)",
    "ended": "open",
    "out": "held",
    "like": "human",
    "forward": "feed",
    "party": "third",
    "resolution": "(?:high|low|super)",
    "dimensional": "(?:high|low|higher|lower|one|two|three|multi)",
    "scale": "(?:large|small|full)",
    "wing": "(?:left|right)",
    "type": "wild",
    **dict.fromkeys(("throughput", "cost", "density", "risk", "frequency"), "(?:high|low)"),
    "world": "real",
    "time": "real",
    "source": "open",
    "term": "(?<![Ll]ong )(?<![Ss]hort )(?:long|short)",
    "shot": "(?:few|zero|one)",
    "grained": "(?:fine|coarse)",
    "resource": "(?:low|high)",
    "supervised": "(?:self|semi)",
    "parametric": "(?:non|semi)",
    "order": "(?:first|second|third|higher)",
    "way": "(?:two|three|four)",
    "driven": "(?:data|model|event)",
    "specific": "(?:task|domain|language|subject|country)",
    "valued": "(?:real|complex|integer)",
    "performing": "(?:well|best|worst|better|top|high)",
    "known": "(?:well|best|lesser|little)",
    "wise": (
        "(?:pixel|element|pair|step|layer|point|token|channel|class|group|row|column|sample|batch)"
    ),
    "free": "(?:risk|error|gradient|model|scale|parameter|label|noise|disease)",
    "separated": "(?:comma|tab|well)",
    "coded": "(?:dummy|hand|colou?r)",
    **dict.fromkeys(("established", "studied", "suited"), "well"),
    "defined": "(?:user|well|above)",
    "making": "decision",
    "made": "(?:human|man|custom|tailor)",
    "solving": "problem",
    **dict.fromkeys(("aided", "assisted"), "computer"),
}
#: Asked for where an adjective is found: within each expression they took 20 ms to compile.
_NOUN = re.compile(_NOUNS)
_BEFORE_NOUNS = {f" {last} ": rf"(?<![\w-])({first}) ({last}) " for last, first in _JOINED.items()}
_BEFORE_NOUNS[" to end "] = r"(?<![\w-])(end) (to) (end) "
for _first, _last in (
    *(("sequence|image|video|graph", "sequence"), ("text|speech|video", "image")),
    *(("image|speech|video|data|graph|table", "text"), ("text", "speech"), ("signal", "noise")),
    *(("one|many", "one"), ("one|many", "many"), ("price", "book"), ("peer", "peer")),
):
    _BEFORE_NOUNS[f" to {_last} "] = (
        rf"(?<![\w-])(?:(?<= a )|(?<=the )|(?<= of )|(?<=for )|(?<= by ))({_first}) (to) ({_last}) "
        "(?=(?:model|generation|synthesis|translation|ratio|task|problem|learning|network|lending))"
    )
for _first in ("step", "case", "word"):
    _BEFORE_NOUNS[f" by {_first} "] = rf"(?<![\w-])({_first}) (by) ({_first}) "
_BEFORE_NOUNS[" to date "] = r"(?<![\w-])(?<!is )(?<!are )(up) (to) (date) "
#: What makes an adjective of any noun before it; of nouns that are verbs as well, these.
_OF_NOUNS = (
    "specific|dependent|driven|oriented|orientated|invariant|agnostic|aware|intensive|friendly"
    "|related|based"
)
_VERBS_AS_WELL = frozenset(
    re.findall(
        r"\w+",
        "time target yield task model age work stress field cost climate traffic resource class "
        "event test state memory object image text query feature subject project site word user "
        "context content transformer attention cell rule graph region domain control",
    )
)
_WITH_NOUN = re.compile(
    rf"(?<![\w-])([a-z]{{3,}}) ({_OF_NOUNS}) ([a-z]{{4,}})(?![\w-])(?= ([a-z]+)|)"
)
_ADJECTIVES = {
    **_BEFORE_NOUNS,
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
    " of the art ": (
        r"(?<![\w-])(state) (of) (the) (art) (?:(?=(?:algorithm|approach|architecture|method|model"
        r"|performance|result|system|technique)(?:e?s)?(?!\w))"
        r"|(?<!(?:he|nt|ur|is|ew) state of the art )(?!(?:in|of|is|for|on|and|at|as|to|by|with|has"
        r"|was|that|or|from|across|when|via|which)(?!\w))"
        r"(?=[A-Za-z]))"
    ),
    " intensive": r"(?<![\w-])(labou?r) (intensive)(?![\w-])",
    " down ": r"(?<=a )(top) (down) (?!to(?!\w))(?=[a-z]{4,})",
}
#: What ends as adverbs do, and is not one.
_NO_ADVERB = {
    "only", "early", "family", "daily", "weekly", "monthly", "yearly", "hourly", "quarterly",
    "likely", "unlikely", "friendly", "poly", "fly", "reply", "supply", "multiply", "apply",
    "july", "assembly", "anomaly", "monopoly", "elderly", "ally", "italy", "lonely", "lively",
    "timely", "costly", "orderly", "ugly", "holy", "belly", "curly", "jelly", "bully", "rally",
    "tally", "silly", "scholarly", "homely", "butterfly", "kelly", "woolly", "deadly", "sickly",
    "cowardly", "grizzly",
}  # fmt: skip
_NUMBER = r"two|three|four|five|six|seven|eight|ten|\d+"
#: What words begin with that have a hyphen, and how they go on.
_BEGINNINGS = {
    "co": "occurrences?|authors?",
    "cross": "validat(?:ion|ed)|entropy|lingual|modal|attention|sectional",
    "fine": "tun(?:ed|ing)",
    "multi": "class|label|modal|head|task|layer|step|lingual|level|agent|scale|stage",
    "pre": "train(?:ed|ing)|process(?:ed|ing)|defined|existing|computed",
    "self": "attention|supervised|supervision|reported|explanatory|evident",
    "semi": "supervised|structured|automatic",
}
#: To make all expressions takes longer than to look for their words: each is made when needed.
_made = cache(re.compile)
#: What is one adjective, and stands after no other word that belongs to it.
_ALONE = {
    " mid ": r"(?<=[ \n(])(mid) ((?:1[89]|20)\d\d)(?!\w)",
    " non ": r"(?<= )(non) ([a-z]{4,})(?![\w-])",
    " old ": rf"(?<![\w.-])({_NUMBER}) (year|month|week|day) (old) (?=[a-z]{{3}})",
    " easy ": r"(?<= an )(easy) (to) (use|read|understand) (?=[A-Z]{2,}|[a-z]{4,})",
    " follow ": r"(?:(?<= a )|(?<= the ))(follow) (up) (?=[a-z]{4,})",
    " depth ": r"(?:(?<= an )|(?<=[Tt]he )|(?<=more ))(in) (depth) (?=[a-z]{4,})",
    " memory ": r"(?<= an )(in) (memory) (?=[a-z]{4,})",
    **{
        f" {first} ": (rf"(?<= )({first}) ({rest})(?![\w-])") for first, rest in _BEGINNINGS.items()
    },
    **{
        f" {unit} ": (
            rf"(?<= )(?:(?<= a )|(?<= an )|(?=\d)(?:(?<= this )|(?<= the )))({_NUMBER}) ({unit})"
            r" (?!old(?!\w))(?=[a-z]{4})"
        )
        for unit in ("day", "hour", "layer", "minute", "month", "sentence", "week", "year")
    },
    **{
        f" {unit} ": (
            rf"(?<= )(?:(?<= a )|(?<= an )|(?<= the )(?!\w+ \w+ \w+s[ .,;:)]))({_NUMBER}) ({unit})"
            r" (?=[a-z]{4})"
        )
        for unit in ("step", "stage", "fold", "phase", "player", "point", "dimensional")
    },
}
#: What many write without a hyphen, and always so.
_OPEN_TOO = ("cross validation", "cross entropy")
_ADVERB = re.compile(r"(?<![\w-])(?<!and )(?<!or )([a-z]{3,}ly)-([a-z]{4,})(?![\w-])")


@rule("warning")
def hyphen_compound(book: Book) -> Iterator[Finding]:
    """Words that are one adjective lack their hyphen, or an adverb has one.

    Bad: ``high quality images``, ``a transformer based model``, ``a fully-connected layer``,
    ``the cost of living index`` beside ``the cost-of-living index``

    Good: ``high-quality images``, ``a transformer-based model``, ``a fully connected layer``

    Why: the hyphen tells the reader which words belong together; after "-ly" they do so without
    one. "Images of high quality" has none. What a page has in both forms is named, too.
    """
    for page in book.english:
        spots: dict[tuple[str, str], list[Location]] = {}
        # What two of the expressions find is one place.
        compounds = {match.start(): (match, new) for match, new in _compounds(page.prose)}
        for match, new in compounds.values():
            old = match[0][: len(new) if "-" in new else None].rstrip()
            if is_plain(page, match.start(), old) and not quoted(page, match.start()):
                spots.setdefault((old, new), []).append(page.prose.at(match.start()))
        for (old, new), places_of in spots.items():
            times = f", {len(places_of)} times on this page" if len(places_of) > 1 else ""
            if old in _OPEN_TOO and new not in page.prose.text:
                continue
            fault = "needs no hyphen" if "-" in old else "is one adjective here"
            fault = (
                "lacks its hyphen" if old.split()[0] in _BEGINNINGS and fault[0] == "i" else fault
            )
            message = f"'{old}' {fault}{times}; write '{new}'"
            yield found(places_of[0], message, *(Edit(at, old, new) for at in places_of))
        for start, old, new in _in_two_forms(page.prose):
            if start not in compounds and is_plain(page, start, old):
                message = f"'{old}' is also spelt '{new}' on this page"
                yield found(page.prose.at(start), f"{message}; write one of them throughout")
        for match in _DASHED.finditer(page.prose.text) if "–" in page.prose.vocabulary else ():
            at, old, new = page.prose.at(match.start()), match[0], match[0].replace("–", "-")
            if is_plain(page, match.start(), old):
                message = f"'{old}' has a dash for its hyphen; write '{new}'"
                yield found(at, message, Edit(at, old, new))


#: Words that a dash joins; after two words, "machine learning–based", some publishers want it.
_DASHED = re.compile(
    r"(?:(?<=\b(?:an|is|of|in|by) )|(?<=\b(?:the|and|are|for) )|(?<= a )|(?<=[,(] )|(?<=\())"
    r"[a-z]{3,}–(?:aware|based|dependent|driven|efficient|free|like|oriented|related|shaped"
    r"|specific|tagged|trained|wise)(?![\w–-])"
)


def _in_two_forms(prose: Prose) -> Iterator[tuple[int, str, str]]:
    """Iterate over words written with spaces, and elsewhere with hyphens, before a noun."""
    text, words, kinds = prose.flat, prose.words, word_classes()
    for word in filter(_HYPHENS.fullmatch, words):
        parts = word.split("-")
        apart = f"{' '.join(parts)} "
        if not all(part in words for part in parts) or apart not in text:
            continue  # to look for each word with an expression of its own takes 20 ms
        if parts[0].endswith(("ly", "ty", "teen")) or _COUNT.fullmatch(parts[0]):
            continue  # sixty models of topics are not sixty-topic models
        for match in re.finditer(rf"{word}(?<![\w-]{word}) ([a-z]{{4,}})(?![\w-])", text):
            old = f"{apart}{match[1]}"
            start = text.find(old) if "n" in kinds.get(match[1].removesuffix("s"), "") else -1
            within = text[start - 1].isalnum() or text[start - 1] == "-"
            block = text[text.rfind("\n\n", 0, start) + 1 :].partition("\n\n")[0]
            if start >= 0 and not within and not _TYPED_WORK.search(block):
                yield start, old, f"{word} {match[1]}"
                break


#: What a typed list of works has: "2008;9(2)", "doi".
_TYPED_WORK = re.compile(r"\d{4};|doi\b|pp\. ")
_COUNT = re.compile("one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred")
_HYPHENS = re.compile("(?!and-|or-)[a-z]{2,}(?:-[a-z]{2,})+")


def _is_noun(text: str, start: int) -> bool:
    """Whether a noun is there that is nothing else, or one of a list."""
    word = text[start : text.find(" ", start)].rstrip(".,;:)")
    kinds = set(word_classes().get(word, ""))
    return bool(
        _NOUN.match(text, start)
        or (word.isupper() and word.isalpha())
        or (kinds & {"n", "p"} and not kinds & set("vzrj"))
    )


def _is_of_noun(match: re.Match[str]) -> bool:
    """Whether the first of some words is a noun, and one is after, or an adjective and one."""
    first, third, last = (set(word_classes().get(match[at], "")) for at in (1, 3, 4))
    is_first = first & {*"nm"} and not first & {*"jrdegzpcs"} and match[1] not in _NO_FIRST
    is_first = is_first and ("v" not in first or match[1] in _VERBS_AS_WELL)
    # "to test specific hypotheses" tests something.
    is_first = is_first and not ("v" in first and match.string.endswith("to ", 0, match.start()))
    goes_on = third & {*"jem"} and last & {*"np"} and not last & {*"vzrj"}
    return bool(is_first and (goes_on or _is_noun(match.string, match.start(3))))


def _is_after_noun(text: str, start: int) -> bool:
    """Whether a noun is before a word, so that both are one: "version control based"."""
    before = _SMALL_WORD.search(text, max(0, start - 30), start)
    kinds = set(word_classes().get(before[1], "")) if before else set()
    # Or an adjective with which the page has the noun elsewhere: "regular expression related".
    both = text[before.start() : text.find(" ", start)] if before and "j" in kinds else ""
    return ("n" in kinds and kinds.isdisjoint("jrdegcs")) or (both != "" and text.count(both) > 1)


_SMALL_WORD = re.compile(r"(?<![\w-])([a-z]{3,}) \Z")
#: Nouns that are more often something else.
_NO_FIRST = ("other", "more", "most", "less", "all", "that", "one", "then", "and", "both")


def _compounds(prose: Prose) -> Iterator[tuple[re.Match[str], str]]:
    """Iterate over the adjectives of several words, with what is to be written."""
    text, words = prose.flat, prose.vocabulary
    for sign, pattern in _ADJECTIVES.items():
        for start in words_before(text, sign) if sign.split()[-1] in words else ():
            match = _made(pattern).match(text, start)
            if match and sign == " based " and _is_after_noun(text, start):
                continue
            if match and (sign not in _BEFORE_NOUNS or _is_noun(text, match.end())):
                yield match, "-".join(match.groups())
    for last in _OF_NOUNS.split("|"):
        for start in words_before(text, f" {last} ") if last in words else ():
            match = _WITH_NOUN.match(text, start)
            if match and _is_of_noun(match) and not _is_after_noun(text, start):
                yield match, "-".join(match.groups()[:2])
    for sign, expression in _ALONE.items():
        for start in places(text, sign) if sign.strip() in words else ():
            for match in _made(expression).finditer(text, max(0, start - 10), start + 45):
                yield match, "-".join(match.groups())
    for start in words_before(text, "-") if "ly-" in text else ():
        match = _ADVERB.match(text, start)
        if match and match[1] not in _NO_ADVERB and not match[2].endswith("ness"):
            yield match, f"{match[1]} {match[2]}"
