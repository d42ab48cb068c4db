"""A rule on commas that are missing: where sentences join, and after what opens one."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.clauses import CLAUSES, DETERMINER, FINITE, clause_of
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit, Finding
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.english.spelling import is_plain, places
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page


#: What begins a sentence and joins it to the one before, and what goes on with such words.
_JOINS = (
    "Moreover|Furthermore|Additionally|Nevertheless|Nonetheless|In addition|On the (?:one|other)"
    " hand|On the contrary|For example|For instance|In contrast|In other words|As a result|However"
    "|Firstly|Secondly|Thirdly|Lastly|As a matter of fact"
)
_NO_BEGIN = (
    "to|of|from|with|than|and|or|but|is|are|was|were|enough|required|added|used|by|not|segmentation|retrieval"
    "|level|discrimination"
)
#: The same, which may go on with other words: "Unfortunately for them".
_BEGIN = (
    "Consequently|Ironically|Notably|Interestingly|Surprisingly|Unfortunately|Fortunately"
    "|Importantly|Similarly|Instead|Besides that|As (?:mentioned|described|discussed|stated|noted)"
    " (?:above|before|earlier|previously)|Firstly|Secondly|Thirdly|Lastly|Conversely|Alternatively"
    "|Specifically|Also(?! an? )"
    "|In fact|In summary|In conclusion|In the following|In doing so|Based on this|Because of this"
    "|Due to this|After this|After that|For this|By doing so|By doing this|To do so|To do this"
)
_SMALL = re.compile(
    f"(?:{DETERMINER}|in|for|as|when|if|since|because|while|such|only|every|any|no|after|during"
    "|I|you|what|your|my|with|by|at|on)(?![\\w-])"
)
JOINED = re.compile(
    rf"(?:{_JOINS})(?= (?:{_SMALL.pattern}"
    rf"|(?!(?:{_NO_BEGIN})(?![\w-]))[\w{NOT_TEXT}]))"
    rf"|(?:{_BEGIN})(?= (?:{DETERMINER})(?![\w-]))"
)
_FIRST = frozenset(re.findall("[A-Z][a-z]+", f"{_JOINS}|{_BEGIN}"))
#: After "however," no sentence begins with these.
_NO_CLAUSE = "that|which|who|to|not|if|when|where|because|by|in|is|are|was|as|for|with|on|at"
_SPLICE = re.compile(
    rf",(?<=[\w){NOT_TEXT}],)(?<! and,)(?<! but,)(?<! or,)"
    r" (however|therefore|nonetheless|nevertheless|moreover|furthermore|(?:thus|hence|otherwise)"
    rf"(?=,? (?:it|they|we|there|this|these|the(?: [\w-]+){{1,4}}?) {FINITE}(?!\w)))"
    rf"(,?)(?= (?:{DETERMINER})(?![\w-])"
    rf"|(?<=r,) (?!(?:{_NO_CLAUSE})(?!\w))[a-z]+ (?:[\w-]+ ){{1,5}}{FINITE}(?!\w))"
)
#: The same of words that can begin a sentence and go on with one, too; and "however" without a
#: comma before it.
_LINKS = re.compile(
    r", (subsequently|consequently|furthermore|additionally|afterwards|likewise|meanwhile|instead"
    r"|(?:for|in) (?:example|instance|addition|fact|contrast|this case|other words)|as a result"
    r"|on the other hand|that is why),? (?:it|they|we|this|these|there|one|(?:the|an?|most|some)"
    rf"(?: [\w-]+){{1,4}}?) {FINITE}(?!\w)"
    r"|, (however) (?:due to|in|for|if|since|when|because|after) [^.,;:()\n]{8,110}"
    rf" {FINITE}(?!\w)"
)
_HOWEVER = re.compile(rf" (however) (?:it|they|this|there|these) {FINITE}(?!\w)")
_NO_ASIDE = re.compile(
    r" (?:and|but|or|because|if|that|is|are|was|were|has|have|can|will|do|does|may|might|could"
    r"|would|should|must|which|as|so|since|when|where|not)\Z"
)
#: Words with which the second of two sentences begins that a comma alone joins.
_PRONOUNS = ("it", "they", "this", "these", "there", "we", "I", "users")
_GOES_ON_WITH = re.compile(
    rf", (?:(?:it|they|th\w+) (?:{FINITE}|[a-z]+s|include)"
    r"|(?:we|I|users) (?!refer|call|name|denote|term|say|think|believe|write)(?P<act>[a-z]+))"
    r"(?![\w,])"
    r"(?![^.?\n]{0,200}\?|[^.;:\n]{0,120},? and (?:it|they|we|I|this|these)(?!\w))"
)
#: How the last part of what stands before a comma begins, if it is not part of a sentence.
_NO_PART = (
    "and|but|or|in|for|as|if|when|by|to|with|at|on|from|under|given|hence|thus|therefore|after|before"
    "|once|since|while|although|however|where|because|then|during|within|without|through|via|using"
    "|until|unless|whereas|despite|of|among|between|across|over|not|even|rather|instead|again|still"
    "|now|first|second|that|were|had|should|yet|[a-z]+(?:ly|ing|ed)"
)
#: What opens a sentence and is not part of what it says.
_OPENED = re.compile(rf"(?:{_JOINS}|Thus|Hence|Therefore|Overall|Also|Finally), ")
#: A sentence up to a comma that could end there: with a subject and a verb, and nothing before.
_STARTS = (
    rf"(?!(?:{NOT_TEXT} (?:If|When|While|Although|Since|As|Because|[A-Z][a-z]+ing)"
    r"|(?:Each|Every|The \w+) (?:time|\w+ that)|The moment"
    r"|If|When|While|Whenever|As|Because|Since|Although|Though|Even|Unless|Until|Once|After"
    r"|Before|In|For|On|At|With|By|From|Under|Within|Among|During|Unlike|Given|To|Despite|Due|Based"
    r"|Besides|Compared|Instead|However|Where|What|How|Whether|Let|Suppose|Assume|Note|Not|Both|Had"
    r"|Were|Should|Apart|Rather|Here|Then|Thus|So|Also|First|Second|Finally|Again|Now|Still|Only"
    r"|Whereas|Without|But|And|Or|Similar|Contrary|Regardless|No|Like|Together|Along|Across|Via"
    r"|Through|Over|Upon"
    r"|Between|Out|Up|Of|Just|Aside|Whilst|Than|Imagine|The (?:more|less|[a-z]+er)"
    r"|[A-Z][a-z]+(?:ly|ing|ed))(?![\w-]))"
    rf"[A-Z{NOT_TEXT}]"
)
_WHOLE = re.compile(
    rf"{_STARTS}(?:(?!\b(?:each time|every time|[Ii]f|[Ww]hen|[Aa]lthough|while|as|because"
    r"|since|though|unless|until|once|whether|where|what|how|who|says?|said|claims?|thinks?|believe|but|so|depending|given"
    r"|in order|the fact|not (?:just|only|merely|simply)|(?:for|in) this \w+\Z"
    r"|and (?:in|for|during|at|by|after|under|with|from|to) (?:\S+ ){0,4}\S+\Z"
    r"|whereas|that (?:due|in|for|by|with|at|on|among|under|from|after|during|beyond|despite|apart)"
    r"|means(?:\Z| to)|see"
    rf"|(?:and|that)(?: more)?(?: \w+ly)?\Z)\b)"
    rf"(?:[^.,;:!?()\n]|, (?!(?:{_NO_PART})(?!\w))|\([^().;:!?\n]*\)))"
    rf"{{11,200}}(?<=.{{12}})\Z"
)
#: What is enough where "however" stands between two commas.
_BEGUN = re.compile(rf"{_STARTS}.{{20,200}}(?<! that)\Z")
_HAS_VERB = re.compile(rf" {FINITE} ")
#: What begins a sentence and is none by itself: "In the other case, however the loss falls".
_NO_SENTENCE = re.compile(
    r"(?:\A|\n\n|[.!?][ \n])(?:In|For|On|At|With|By|From|To|Under|Within|Among|After|Before|During"
    r"|Unlike|As|If|When|While|Since|Because|Although|Given)(?= )[^,.!?\n]{0,60}\Z"
)
#: A word before "i.e.", but for prepositions and conjunctions.
_NOUN = re.compile(
    rf"(?:(?<![\w-])(?!(?:than|with|from|for|and|like|using|are|see|into|via|that|but|where|when|was"
    r"|were|has|have|being|over|between|through|can|also|not|the|which|though|while|because|since"
    rf"|about|under|without|within|whether|only|even|might|may|could|would|should|will|must|often|just)\b)[a-z]{{3,}}|(?<!\w)[A-Z]{{2,}}s?|{NOT_TEXT})\Z"
)
#: What stands before a comma in a sentence is no longer.
LONGEST = 200
_GOES_ON = re.compile(r",? (?!that\b)[\w`$\ufffc]")


@rule("warning")
def comma_missing(book: Book) -> Iterator[Finding]:
    """A comma is missing at words that join sentences or clauses, or at "namely", "i.e.", "e.g.".

    Bad: ``However the loss falls.``, ``It grows, however the loss falls.``, ``The loss is small, it
    falls.``, ``If the loss is small it can be ignored.``, ``The loss is small but it falls.``,
    ``the loss i.e. the sum``

    Good: ``However, the loss falls.``, ``It grows; however, the loss falls.``, ``If the loss is
    small, it can be ignored.``, ``The loss is small, but it falls.``, ``the loss, i.e. the sum``

    Why: "however the" reads as "in whatever way", and one sentence runs into the next.
    """
    for page in book.english:
        told = set()
        for item in _of_page(page):
            if item.location not in told:  # what two of the expressions find is one place
                told.add(item.location)
                yield item


def _of_page(page: Page) -> Iterator[Finding]:
    text = page.prose.flat
    for start, first in page.prose.sentences:
        clause = clause_of(text, start) if first in CLAUSES else None
        if clause and is_plain(page, clause.start(2), clause[2]):
            message = f"there is no comma before '{clause[2]}', which continues after"
            message += f" '{first} …'; write one"
            yield found(page.prose.at(clause.start(2)), message)
        match = JOINED.match(text, start) if first in _FIRST else None
        if match and _is_opening(match) and is_plain(page, match.start(), match[0]):
            at, new = page.prose.at(match.start()), f"{match[0]},"
            message = f"there is no comma after '{match[0]}'; write one"
            yield found(at, message, Edit(at, match[0], new))
    yield from _joined_sentences(page, text)
    yield from _linked_sentences(page, text)
    for short in ("i.e.", "e.g.", "namely"):
        yield from _before_short(page, short)


def _joined_sentences(page: Page, text: str) -> Iterator[Finding]:
    """Yield the places where a comma alone joins two sentences."""
    for match in _SPLICE.finditer(text):
        rest = _PHRASE.match(text, match.end())
        if rest and not _has_verb(rest[1].split()):
            continue  # "less disorder, therefore a better split."
        if is_plain(page, match.start(1), match[1]):
            at = page.prose.at(match.start(1))
            if not _is_begun(match):
                continue
            aside = match[1] not in ("thus", "hence", "otherwise")
            if aside and _NO_SENTENCE.search(text, max(0, match.start() - LONGEST), match.start()):
                message = f"there is no comma after '{match[1]}'; write one"
                yield found(at, message, Edit(at, match[1], f"{match[1]},"))
                continue
            message = f"'{match[1]}' joins two sentences"
            yield found(at, f"{message}; write '; {match[1]},' or begin a new sentence")
    for word in page.prose.words.keys() & _PRONOUNS:
        for start in places(text, f", {word} "):
            joins = _GOES_ON_WITH.match(text, start)
            acts = joins and (not joins["act"] or "v" in word_classes().get(joins["act"], ""))
            if acts and _is_sentence(text, start) and is_plain(page, start + 2, word):
                message = f"a comma joins two sentences before '{word}'"
                message += "; write a full stop, a semicolon or 'and'"
                yield found(page.prose.at(start + 2), message)
    for match in _NOUNS_GO_ON.finditer(text):
        start = match.start()
        begin = begin_of(text, start)
        led = _LED.match(text, begin, start)
        odd = _NO_SPLICE.search(text, led.end() if led else begin, start)
        whole = odd is None and _is_sentence(text, start, _LED)
        if whole and is_plain(page, start, ", "):
            message = f"a comma joins two sentences before '{match[1]} … {match[2]}'"
            message += "; write a full stop, a semicolon or 'and'"
            yield found(page.prose.at(start + 2), message)
    for start in places(text, " but ") if "but" in page.prose.words else ():
        whole = bool(_BUT.match(text, start)) and _is_sentence(text, start)
        if whole and is_plain(page, start + 1, "but"):
            message = "there is no comma before 'but', which joins two sentences; write one"
            yield found(page.prose.at(start + 1), message)


def _is_begun(match: re.Match[str]) -> bool:
    """Whether a sentence is before "thus": none in "As it falls, thus it is"."""
    text, end = match.string, match.start()
    if match[2] and not _is_sentence(text, end, _LED, begun=True):
        return False
    start = begin_of(text, end)
    led = _OPENED.match(text, start, end)
    first, _, rest = text[led.end() if led else start : end].partition(" ")
    is_clause = match[1] in ("thus", "hence") and first.capitalize() in _CONJUNCTIONS
    return not is_clause or bool(_HAS_VERB.search(f"{rest.partition(',')[2]} "))


_CONJUNCTIONS = ("As", "Since", "Because", "If", "When", "While", "Although", "Given")


def _linked_sentences(page: Page, text: str) -> Iterator[Finding]:
    """Yield words that join two sentences, with a comma alone before them, or none."""
    there = places(text, " however") if "however" in page.prose.vocabulary else ()
    bare = (_HOWEVER.match(text, start) for start in there)
    for match in (*_LINKS.finditer(text), *filter(None, bare)):
        word = match[match.lastindex or 1]
        at = match.start() + (text[match.start()] == ",") + 1
        aside = _NO_ASIDE.search(text, max(0, match.start() - 8), match.start())
        if not aside and _is_sentence(text, match.start(), _LED) and is_plain(page, at, word):
            message = f"'{word}' joins two sentences; write '; {word},' or begin"
            yield found(page.prose.at(at), f"{message} a new sentence")


#: "But" after a word, with a subject and its verb: natives set a comma at three of four.
_BUT = re.compile(
    rf" (?<=[\w)] )but (?:it|they|we|this|these|there|the [a-z-]+(?: [a-z-]+)?) {FINITE}(?!\w)"
)


_ITS = (
    "the|this|these|those|our|its|their|each|every|all|some|many|most|several|both|other|another|no"
)
_WORD = (
    "(?!(?:that|which|whose?|and|or|of|in|for|by|with|as|if|to|but|not|than|then|so|because|when|while"
    rf"|where|{FINITE})(?!\w))[\w{NOT_TEXT}’'-]+ "
)
#: Nouns and a verb, where a sentence may begin: ", the output of each layer is".
_NOUNS_GO_ON = re.compile(
    rf", (?!(?:the|all|some) (?:others?|rest) )({_ITS}|such(?! as| that)|further|one (?:such|of))"
    rf" (?:{_WORD}){{1,4}}?"
    rf"(?:(?:of|for|in|from|between) (?:(?:{_ITS}|an?) )?(?:{_WORD}){{1,3}}?){{0,2}}"
    r"(is|are|was|were|has|have|can|will|could|would|should|must|cannot)(?!\w| ?,)"
    rf"(?![^.?!\n]{{0,200}}(?:, (?:and|or|but|while|respectively|{_ITS}) "
    rf"| and (?:(?:finally|lastly|then|we|it|they|there) |(?:the|its|our|an?) (?:[\w-]+ ){{1,4}}?"
    rf"{FINITE}(?!\w))))(?![^.\n]{{0,200}}\?)"
)
#: What may stand before a sentence, up to a comma, and is none.
_LED = re.compile(
    rf"(?:(?:{_JOINS}|Thus|Hence|Therefore|Overall|Also|Finally|Then|Next|Here|Typically|Usually)"
    r"|(?:In|For|With|By|From|At|On|After|Before|During|Due to|Within|Through|Under|Among|To"
    r"|Compared|Based|According)"
    rf" (?:(?!\b(?:that|which|what|who|whose|where|{FINITE})\b)[^,.;:()\n]){{2,80}})"
    r", (?!(?:which|whose?|where|when)(?!\w))"
)
#: Sentences of which a comma joins parts: "The more it is, the better it will be".
_NO_SPLICE = re.compile(
    r"\b[Tt]he (?:more|less|fewer|[a-z]{2,}er) |\b(?:that (?:even|some|if|to|being)|and to"
    r"|every time|whenever|Next to|Far from|Recall|seems)\b|(?:often|and \ufffc)\Z|[—,;(]|--"
)


def _has_verb(words: list[str]) -> bool:
    """Whether the last of a few words can be what something does: "a loss falls"."""
    kinds = word_classes().get(words[-1].lower(), "")
    acts = "z" in kinds or ("d" in kinds and "n" not in kinds)
    return acts or not {"is", "are", "was", "were"}.isdisjoint(words)


#: A few words after an article and the end of the sentence.
_PHRASE = re.compile(r" an? ((?:[\w-]+ ){0,2}[\w-]+)(?:[.;]|\n\n)")


def _is_opening(match: re.Match[str]) -> bool:
    """Whether words open a sentence: "However large", "Additionally required" go together."""
    word = match.string[match.end() + 1 : match.end() + 30].split(" ")[0]
    if match[0] == "However":
        if word in ("challenging", "interesting", "promising", "surprising"):
            return False
        return bool(_SMALL.fullmatch(word)) or set("jrc").isdisjoint(word_classes().get(word, ""))
    if match[0] in _WITH_NOUN and not _SMALL.fullmatch(word):
        return not _LISTED.match(match.string, match.end())
    return match[0] != "Additionally" or not word.endswith("ed")


#: What may belong to the nouns after it, up to a comma: "For example images, texts and so on".
_WITH_NOUN = ("For example", "For instance", "In contrast", "In addition", "As a result")
_LISTED = re.compile(r"[^,.;:]{0,25}[,:]")


def begin_of(text: str, end: int) -> int:
    """Return where the sentence begins that goes on at an offset, if that is near."""
    low = max(end - LONGEST, 0)
    return max(end - LONGEST, *(text.rfind(stop, low, end) + len(stop) for stop in _STOPS))


_DASH = re.compile("--|—| – ")


def _is_sentence(
    text: str, end: int, lead: re.Pattern[str] = _OPENED, *, begun: bool = False
) -> bool:
    """Whether a whole sentence, or one ``begun``, is before a comma, after what leads on."""
    start = begin_of(text, end)
    first = text[start:end]
    if opened := lead.match(first):
        first = f"{text[start + opened.end()].upper()}{text[start + opened.end() + 1 : end]}"
    is_whole = not _DASH.search(first) and (_BEGUN if begun else _WHOLE).match(first)
    return bool(is_whole) and (bool(_HAS_VERB.search(first)) or _acts(first.split()))


def _acts(words: list[str]) -> bool:
    """Whether one of the words is a verb before an object: "it takes the loss"."""
    kinds = word_classes()
    pairs = pairwise(words[1:])
    return any("z" in kinds.get(word, "") and after in _OBJECT for word, after in pairs)


_OBJECT = frozenset(("the", "a", "an", "that", "how", "to", "into", "on", "with", "from", "this"))
_STOPS = ("\n\n", ". ", "? ", "! ", ".\n", "?\n", "!\n")


def _before_short(page: Page, short: str) -> Iterator[Finding]:
    text, is_there = page.prose.text, short.strip(".") in page.prose.vocabulary
    for start in places(text, f" {short}") if is_there else ():
        end = start + len(short) + 1
        after_noun = _NOUN.search(text, max(0, start - 30), start)
        if after_noun and _GOES_ON.match(text, end) and is_plain(page, start + 1, short):
            at = page.prose.at(start + 1)
            before, old = at.right(-1), f" {short}"
            fix = page.edits(before, old, f",{old}")
            yield found(at, f"there is no comma before '{short}'; write one", *fix)
