"""English words that do not go together: singular and plural, forms of verbs, small words.

Each word of a page has a tag: the parts of speech that it can be, and the stop after it. Patterns
are compared with tags, not with letters: 100,000 words take 20 ms. Harper and LanguageTool know
more of grammar; they take seconds to start.
"""

from __future__ import annotations

from functools import cache
from itertools import chain, compress, islice, pairwise, product
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english import word_classes
from sphinx_mmbook.core.english.agreement_rows import ROWS
from sphinx_mmbook.core.english.row_words import ENDS, SMALL, Slip
from sphinx_mmbook.core.pages.prose import BLOCK_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.pages.prose import Prose

#: Tags of what the table lacks, of words with a hyphen, of acronyms, and of numbers; and what
#: begins that of a word with a capital, which is what it can be at the begin of a sentence alone.
_OTHER, _HYPHEN, _CAPITALS, _NUMBER, _CAPITAL = "?", "H", "C", "N", "^"
_ACRONYMS = "pA"
#: The end of a word's tag is the stop after it. Of "...", ".)" and the like, the first counts.
_STOPS = {BLOCK_END: ".", ",": ",", ".": ".", "!": ".", "?": ".", ";": ";", ":": ";", ")": ";"}
_ENDS_WORD = "".join(_STOPS)
_ENDS = frozenset(ENDS.split())


class _Pattern(NamedTuple):
    """A row: what must, or must not, stand before it; the tags of its words; how it ends.

    ``places`` says which of the row's words these are: those with ``?`` may be left out. ``third``
    is what mostly tells whether it fits.
    """

    before: str
    near: frozenset[str]
    third: frozenset[str] | None
    words: tuple[frozenset[str], ...]
    ends: bool
    row: int
    places: tuple[int, ...]

    def fits(self, tags: list[str], first: int) -> bool:
        """Whether all of its words are at a place, where the first two are."""
        last = first + len(self.words) - 1
        for at in range(first + 2, last):
            if tags[at] not in self.words[at - first]:
                return False
        if tags[last].rstrip(",.;") not in self.words[-1]:
            return False
        goes_on = tags[last][-1] not in ",.;" and tags[last + 1].rstrip(",.;") not in _ENDS
        if self.ends and goes_on:
            return False
        previous = tags[first - 1].lstrip("(") if first else "."
        if tags[first] == "A" and previous[-1] != ".":
            return False  # the name of something
        if self.before in ("^", ","):
            starts = self.before == "^" or tags[first].lstrip("(")[0] == _CAPITAL
            return previous[-1] in ("." if starts else ",.;")
        return not self.before or (previous in self.near) == (self.before == "~")


@cache
def _named() -> frozenset[str]:
    """Return the words that patterns name, and small words: each is its own tag."""
    choices = {one for row in ROWS for part in row.pattern.split() for one in part.split("|")}
    names = {
        one.lstrip("~!?").rstrip(",") for one in choices if "<" not in one and one not in "^,$"
    }
    return frozenset(names.union(SMALL.split()))


@cache
def _of(choice: str) -> frozenset[str]:
    """Return the tags of ``a|an|<n-v>``; of ``is,`` with the comma after it."""
    if choice.endswith(",") and not choice.endswith("|,"):
        return frozenset(f"{tag}," for tag in _of(choice[:-1]))
    tags: set[str] = set()
    for one in choice.split("|"):
        tags.update(_of_kind(one.strip("<>")) if one[0] == "<" else (one,))
    return frozenset(tags)


@cache
def _of_kind(kind: str) -> frozenset[str]:
    """Return the tags of ``n-v``: of words that can be the one, among others, and not the other."""
    need, _, no = kind.partition("-")
    groups = (
        tags
        for letters, tags in _by_kind().items()
        if not letters.isdisjoint(need) and letters.isdisjoint(no)
    )
    return frozenset(chain.from_iterable(groups))


@cache
def _by_kind() -> dict[frozenset[str], list[str]]:
    """Return all tags by the letters of what words can be: hundreds of words can be the same."""
    others = _OTHER, _HYPHEN, _CAPITALS, _NUMBER, _ACRONYMS
    tags = [(kind, kind) for kind in (*word_classes.all_kinds(), *others)]
    classes = word_classes.word_classes()
    tags += [(word, classes.get(word, "")) for word in _named().difference(SMALL.split())]
    found: dict[frozenset[str], list[str]] = {}
    for tag, letters in tags:
        found.setdefault(frozenset(letters), []).append(tag)
    return found


@cache
def _patterns() -> dict[str, list[_Pattern]]:
    """Return the patterns by the tag of their first word."""
    by_first: dict[str, list[_Pattern]] = {}
    for number, row in enumerate(ROWS):
        parts = row.pattern.split()
        before = parts.pop(0) if parts[0][0] in "^,!~" else ""
        near = _of(before[1:]) if before[1:] else frozenset[str]()
        near |= {"A"} if "a" in near else set()
        ends = parts[-1] == "$"
        for places in _choices(parts[:-1] if ends else parts):
            words = tuple(_of(parts[place].lstrip("?")) for place in places)
            pattern = _Pattern(
                before[:1], near, words[2] if words[2:] else None, words, ends, number, places
            )
            for tag in words[0] | {"A"} if "a" in words[0] else words[0]:
                by_first.setdefault(tag, []).append(pattern)
    return by_first


def _choices(parts: list[str]) -> Iterator[tuple[int, ...]]:
    """Iterate over the places of words that may stand together: with and without each optional."""
    choices = ((True, False) if part[0] == "?" else (True,) for part in parts)
    for chosen in product(*choices):
        yield tuple(compress(range(len(parts)), chosen))


class _Tags(dict[str, str]):
    """The tag of each word with that of the stop after it, made when a word is first seen.

    A word that patterns name is its own tag; others have what they can be. What begins with a
    parenthesis can stand before a pattern, or begin one.
    """

    def __missing__(self, token: str) -> str:
        if token.startswith("("):
            return "(" + self[token.lstrip("(")]
        word = token.rstrip(_ENDS_WORD)
        small = word.lower()
        if _ABBREVIATED.fullmatch(token):
            return self.setdefault(token, _OTHER)  # "U.S." and "e.g." end no sentence
        if word == "A":
            tag = word
        elif len(word) == 1 and word.isalpha() and small not in ("a", "i"):
            tag = _OTHER  # "each n years" has a variable
        elif small in _named() and word in (small, small.capitalize()):
            tag = small
        elif word == small.capitalize() and small in word_classes.word_classes():
            tag = _CAPITAL + word_classes.word_classes()[small]
        elif not (tag := word_classes.word_classes().get(word, "")):
            tag = _HYPHEN if _JOINED.fullmatch(word) else _OTHER
            tag = _CAPITALS if word.isalpha() and word.isupper() and len(word) > 1 else tag
            tag = _ACRONYMS if _PLURAL.fullmatch(word) else tag
            tag = _NUMBER if _COUNT.fullmatch(word) else tag
        end = token[len(word) :]
        end = BLOCK_END if BLOCK_END in end else (end.lstrip(")") or end)[:1]
        self[token] = tag + _STOPS.get(end, "")
        return self[token]


_JOINED = re.compile(r"[^\W\d][^\W_]*(?:-[^\W_]+)+")
#: Numbers, but for one, and those that may be years.
_COUNT = re.compile(r"(?!1$)\d{1,3}(?:,\d{3})*")
_PLURAL = re.compile(r"[A-Z]{2,}s")
_ABBREVIATED = re.compile(r"(?:[A-Za-z]\.){2,}|(?:spp|cf|vs|resp|approx|Fig|Eq|Sec|Tab)\.")


class _Starts(dict[tuple[str, str], tuple[_Pattern, ...]]):
    """The patterns that may begin with two tags, found out when those are first seen together."""

    def __missing__(self, tags: tuple[str, str]) -> tuple[_Pattern, ...]:
        first, second = tags
        some = _patterns().get(first.removeprefix("(").removeprefix(_CAPITAL), ())
        if _CAPITAL in first:  # it begins a sentence
            some = [one for one in some if one.before in ("^", ",") and first[0] != "("]
        bare = second.rstrip(",.;")
        self[tags] = fitting = tuple(
            [one for one in some if (bare if one.third is None else second) in one.words[1]]
        )
        return fitting


_TAGS, _STARTS = _Tags(), _Starts()


def tag_of(token: str) -> str:
    """Return the tag of a word with that of the stop after it."""
    return _TAGS[token]


def _matches(tokens: list[str]) -> Iterator[tuple[int, int, _Pattern]]:
    """Iterate over first and last word, and the pattern, of what does not go together."""
    tags = [*map(_TAGS.__getitem__, tokens), *(_OTHER,) * 9]
    begun = [*map(_STARTS.__getitem__, islice(pairwise(tags), len(tokens)))]
    for first, patterns in compress(enumerate(begun), begun):
        third = tags[first + 2].rstrip(",.;")
        for pattern in patterns:
            if (pattern.third is None or third in pattern.third) and pattern.fits(tags, first):
                yield first, first + len(pattern.words), pattern


def _rewritten(words: dict[int, str], new: str) -> str:
    """Return words as a template has them: ``0 plural1`` is the first, and the second's plural."""
    out = []
    for part in new.split():
        name = part.rstrip("0123456789")
        number = part[len(name) :]
        if number and int(number) not in words:
            continue  # a word that may be left out
        word = words[int(number)] if number else ""
        word = word.lower() if word in (word.lower(), word.capitalize()) else word
        is_form = number and name.isalpha()
        out.append(getattr(word_classes, name)(word) if is_form else f"{name}{word}")
    text = re.sub(
        r"\ba (?=[aei]|o(?!ne)|un(?!i))",
        "an ",
        " ".join(out).replace(" ,", ",").replace(" -", "-") if all(out) else "",
    )
    return text[:1].upper() + text[1:] if next(iter(words.values()))[0].isupper() else text


def _advice(words: dict[int, str], news: str) -> str:
    if not news:
        return "delete one of the two, or write what is missing between them"
    new = [f"'{text}'" for one in news.split("|") if (text := _rewritten(words, one))]
    if f"'{' '.join(words.values())}'" in new:  # "was run by": a form that the table does not have
        return ""
    return f"write {' or '.join(new)}" if new else ""


_AFTER = (
    r"\b(?:after|before|below|above|during|of|from|in|for|by|with|on|to|at|between|within|across)"
    r"\s\Z"
)
#: Sums of money are amounts: "the amount of unpaid fees".
_MONEY = (
    "tariffs|fees|tax(?:es)?|costs|payments|loans|savings|sales|funds|rents|revenues|profits|losses"
    "|earnings|debts|deposits|expenses|wages|salaries|damages|subsidies|premiums|credits|donations"
    "|bonds|assets|liabilities|claims|investments|returns|benefits|bills|purchases|reserves|grants"
    "|resources|rewards"
)
#: What stands after "what it is" and "what it does".
_FINITE = r"(?:is|was|has|have|are|were|can|could|would|should|must|\w+s)"
#: What has an "s" and is one, and what has one before a noun, too: "the fixed effects terms", or
#: ends what a sentence begins with: "in these cases values".
_NO_PLURAL = r"statistics|\w+(?:nom|nam|chan|lyt|ant|aph)ics|ethics|pandas|heads|theses"
_NO_OWNER = (
    "effects|systems|rights|sales|goods|things|squares|pros|windows|children|methods|cases|years"
    "|words|seconds|reasons|books|variations|conditions|criteria"
)
#: Words, and what stands before and after them, where they are right.
_RIGHT = [
    (re.compile(words, re.IGNORECASE), re.compile(before, re.IGNORECASE), re.compile(after))
    for words, before, after in (
        # "Who they are is known", and a name: "Memory Networks is".
        (
            rf"(?:is|are|was|were|does|did) {_FINITE}",
            r"\b(?:who|what|where|how|which|why|when|whatever|same)\b[^.;:]*\Z",
            "",
        ),
        (rf"(?:.* )?(?:{_NO_PLURAL}) .*|an? \w+ like \w+|.* thanks(?: to)?", "", ""),
        (rf"(?:{_NO_OWNER}) \w+", "", ""),
        (r"ha\w+ (?:\w+ )?(?:minimal|limited|negligible|lasting) \w+", "", ""),
        (r"independently from", r"\b(?:select|sampl|drawn?|cho[os]|pick)[^.;:]*\Z", ""),
        (r"more \w+", "", r"\w+s than (?:few|less)"),
        (r"affect\w* on", "", r"(?:an?|the|this) \w+ (?:way|manner)"),
        (r".*\s(?-i:(?!Figure|Table|Equation|Section|Chapter)[A-Z][a-z]).*", "", ""),
        (r"(?:each|one|none|neither) of .*", _AFTER, ""),
        (r"(?:each|every) \w+", r"\b(?:are|were)\s\Z", ""),
        (r"of \w+ \w+", r"\b(?:kind|sort)\s\Z", ""),
        (r"\w+ \w+ an?", "", r"(?:bit|little|lot|few|day|week|month|year|second|minute|hour)\b"),
        (r"(?:each|every|another) (?:reason|way|time|place) \w+", "", ""),
        (r"(?:have|has) shown to .*", r"\b(?:which|that|as|who)\s\w+\s\Z", ""),
        (r"an a", "", r"(?:priori|posteriori)\b"),
        (r"prevent\w* (?:.* )?(?:attempts?|efforts?|requests?) to \w+", "", ""),
        (r"a (?:result|consequence) \w+", r"\bas\s\Z", ""),
        (r"this \w+ times|this \w+ed \w+|more later|such (?!situation)\w+ation", "", ""),
        (rf"amount of (?:\w+ )?(?:{_MONEY})", "", ""),
        (r"\w+ (?:zero|key|core|default) \w+|\w+ (?:over|under)estimates", "", ""),
        (r"\w+ (?:use|increase|decrease|update)", "", r"of\b"),
        (r"\w+ probability to be", r"\b(?:defin|set|assum|consider|tak)\w*\s\Z", ""),
        (r"split in \w+", r"\b(?:a|each|every|the|per|one|this)\s\Z", ""),
        (
            r"\w+ in (?:an?|the)",
            "",
            r"(?:[\w-]+ (?:fashion|way|manner)|middle|cent(?:er|re)|same|background)\b",
        ),
        (
            r"(?:overview on|similar with) \w+|overview on",
            "",
            r"(?:this |the )?(?:page|site|exception)\b",
        ),
        (r"requires? to \w+", r"\b(?:that|which|what|all|everything)\s(?:\w+\s){1,3}\Z", ""),
        # "A list of parts that includes".
        (r"\w+ (?:that|which) \w+", r"\b(?:of|in|for|from|between) (?:the )?\w+\s\Z", ""),
        (r"more \w+ than", "", r"(?:low|high|small|large|short|long|weak|strong)\b"),
        # "In this case episodes": a comma is missing, and no number wrong.
        (
            r"(?:an?|this|each|every) \w+ \w+s",
            _AFTER,
            r"(?:are|were|have|had|can|could|may|might|did)\b",
        ),
    )
]


def _reads_well(before: str, old: str, after: str) -> bool:
    """Whether words go together: "who they are is known", "such a rotation"."""
    return any(
        words.fullmatch(old) and near.search(before) and then.match(after)
        for words, near, then in _RIGHT
    )


def mismatches(prose: Prose) -> Iterator[Slip]:
    """Iterate over words that do not go together."""
    done = 0
    matches = sorted(_matches(prose.tokens), key=itemgetter(0, 1))
    texts = prose.texts_from(first for first, _, _ in matches)
    for (first, last, pattern), text in zip(matches, texts, strict=True):
        after = text.split(None, last - first)[last - first :]
        old = text[: len(text) - len("".join(after))].rstrip().rstrip(_ENDS_WORD).lstrip("(")
        row, parts = ROWS[pattern.row], old.split()
        words = dict(zip(pattern.places, parts, strict=True))
        # Of one word that stands twice, another rule speaks.
        is_pair = first >= done and len({*old.lower().split()}) > 1
        # Of "an large images", too: "and" may be meant.
        is_pair = is_pair and not (row.new and re.search(r"\b[Aa]n (?!th)[b-df-gj-np-tv-z]", old))
        start = len(prose.text) - len(text.lstrip("("))
        before = prose.text[max(0, start - 80) : start]
        is_pair = is_pair and not _reads_well(before, " ".join(parts), "".join(after))
        if is_pair and (advice := _advice(words, row.new)):
            repair = _rewritten(words, row.new) if row.sure else ""
            yield Slip(start, old, advice, repair, row.guess)
            done = last
