"""Rules on sentences and lists as readers see them: stops that are missing, words that mislead."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.english.row_words import SMALL
from sphinx_mmbook.core.english.word_classes import word_classes
from sphinx_mmbook.core.finding import Edit, Finding, Location
from sphinx_mmbook.core.pages.prose import NOT_TEXT
from sphinx_mmbook.core.rules.english.spelling import SHORT, is_plain
from sphinx_mmbook.core.rules.english.usage import LEADS, broken_off
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.pages.page import Page

#: A sentence that ends within a paragraph: what follows is to end, too; or one that is the whole.
_SENTENCE = re.compile(
    r"(?:[a-zäöüß]{3}|[)%\ufffc])[.!?]\s+[A-ZÄÖÜ][a-zäöüß]*\s"
    r"|\A[A-Z](?=.{80})[^:]*\s(?:is|are|was|were|can|has|have|we|will)\s.{15,}\Z"
    r"|\A(?:(?:Then|Finally|Next|Now|Here),? )?(?:I|[Ww]e) [a-z]+ [^:]{15,}\Z",
    re.DOTALL,
)
#: After these a formula follows.
_LAST_WORD = re.compile(
    r"(?:(?<=\s)(?!(?i:via|therefore|thus|by|is|are|was|were|of|as|to|with|in|the|an|and|or|that|where|using|from|for|on|at|into|following|follows|below|when|if|because"
    r"|like|use|run|call|type|get|have|has|write|ist|sind|durch|als|mit|und|oder|dass)$)[A-ZÄÖÜa-zäöüß][a-zäöüß]+"
    r"|(?<=[\w%\ufffc])\)|(?<=[a-z]{2}[ \n])\ufffc)$"
)
_CITATION = re.compile(r"\{(?:cite:p|numref)\}`[^`]+`$|\$[^$]+\$$|`[^`]+`$|\)$|[^\W\d_]+\*{0,2}$")
_ASKS = re.compile(r"(?:What|How|Why|Where|Who) (?:is|are|was|were|do|does|did|can) |(?:Is|Does) ")
_AFTER_IT = re.compile(r"$|#|[A-ZÄÖÜ][a-zäöüß]|<(?:img|center|p|div)\b|[`:]{3,}\{(?:figure|r\b)")
#: What begins a line of no paragraph: lists, tables, quotes, headings, footnotes, fields.
_NO_PARAGRAPH = re.compile(
    r"\s|[-*+|>#:%(\[{\\`]|\d+[.)]\s|[^\n]{0,40}:\s|[*_]{1,2}[^*_\n]{1,60}[*_]{1,2}\s*$"
)


@rule("warning")
def stop_missing(book: Book) -> Iterator[Finding]:
    """A paragraph of whole sentences ends without a stop.

    Bad: ``The loss falls. The gain rises slowly``

    Good: ``The loss falls. The gain rises slowly.``

    Why: the reader wonders whether something was lost.
    """
    for page in book.pages.values():
        if page.source.restructured:
            continue
        prose = page.prose
        for begin, paragraph in prose.blocks:
            text = paragraph.rstrip()
            if text.endswith(LEADS):
                yield from broken_off(page, begin, text)
            ends = len(text) > _LONG and (text[-1] in _LAST_SIGNS or text[-1].islower())
            word = _LAST_WORD.search(text) if ends and ". " not in text[-20:] else None
            if word is None or not _SENTENCE.search(text) or prose.element(begin).inside:
                continue
            if _CITED.search(text) or ((it := _NOTE.search(text)) and it[1] not in word_classes()):
                continue
            at, last = prose.at(begin + word.start()), word[0]
            if last == NOT_TEXT:
                marked = prose.element(begin + word.start()).kind in ("math", "code")
                at = at.right(-1) if marked else at
                last = page.line(at)[at.column - 1 :].rstrip()
            sure = prose.element(begin).block not in page.broken and page.has_text(at, last)
            sure = sure and not _VERB.issuperset(word_classes().get(last, "n"))
            if sure and _stands_alone(page, prose.at(begin), at):
                new = last + ("?" if _ASKS.match(re.split(r"[.!?]\s+", text)[-1]) else ".")
                message = f"this paragraph ends without a stop; write '{new}', or what is missing"
                yield found(at, message, Edit(at, last, new))


_CITED = re.compile(r"[.!?][\"”']?\s+(?:(?:\ufffc(?:[\s,;]|and)*)+|\([^()]*\d{4}[^()]*\))\Z")
#: A word of no sentence, such as "(källa)": a note that the writer left.
_NOTE = re.compile(r"\(([^\W\dA-Z_]+)\)$")
#: Signs that a paragraph has, and with which it may end; "Then click" ends in a picture.
_LONG, _LAST_SIGNS, _VERB = 100, (")", NOT_TEXT), frozenset("vg")


def _stands_alone(page: Page, first: Location, last: Location) -> bool:
    """Whether lines are a plain paragraph, after which a heading, a paragraph or nothing comes."""
    lines = [page.line(last._replace(line=last.line + more)) for more in range(1, 6)]
    after = next((line for line in lines if line.strip()), "")
    is_last = lines[0].startswith(("```", ":::")) or not lines[0].strip()
    plain = is_last and not _NO_PARAGRAPH.match(page.line(first))
    written = page.line(last)[last.column - 1 :].strip()
    return plain and bool(_CITATION.match(written) and _AFTER_IT.match(after))


#: Words with which sentences begin; of others, such as a verb, the subject may have been lost.
_BEGINS = {
    "the", "this", "these", "that", "those", "it", "in", "we", "they", "there", "for", "as", "to",
    "so", "but", "and", "then", "thus", "when", "while", "if", "since", "with", "by", "on", "at",
    "here", "first", "an", "one", "each", "all", "some", "our", "its", "their", "however", "from",
    "therefore", "furthermore", "moreover", "because", "although", "after", "before",
}  # fmt: skip
#: Words before which a stop is more likely to be wrong than the small letter.
_GOES_ON = {
    "and", "as", "because", "but", "for", "nor", "or", "so", "that", "to", "when", "where",
    "whereas", "which", "while", "who", "whose", "with",
}  # fmt: skip
_SMALL = re.compile(r"\.(?: +|\n)([a-zäöü]{2,})(?=[ ,])")
_LAST = re.compile(r"(?:(?<![\w./-])([^\W\d_]{2,}(?:-\d)?)|(?<![\w.][\w.])[a-z]\)|[a-z]{3}\))\Z")
#: A word that may be cut: "rem", "cond", "distr", not "relu".
_CUT_WORD = re.compile("[a-z]{1,3}|[a-z]{3,5}[b-df-hj-np-tv-xz]")
#: What is before it within a sentence.
_INSIDE = re.compile(rf"(?<=[a-zäöü)])[,;] \Z|(?<=[a-zäöü){NOT_TEXT}]) \Z")
_CAPITAL = re.compile(
    r"(The|They|We|This|These|There|However|While|Because|It|Although|Therefore"
    r"|Moreover|Furthermore|Thus|Hence|Here|Where|When|Which|If|But|Since|Then|Among|Such"
    r"|Secondly|Thirdly|Lastly|Those|Each|For|Let|Assume|Suppose|In(?:(?<=, In)|(?= order))),?"
    rf" (?=[a-z]+[ ,]|{NOT_TEXT})"
)


@rule("warning")
def sentence_begin(book: Book) -> Iterator[Finding]:
    """A sentence begins with a small letter, or a word within it with a capital one.

    Bad: ``It falls. the gain rises.``, ``It falls, The gain rises``, ``as (3) shows While it``,
    ``Where $x$ is the loss`` below a formula

    Good: ``It falls. The gain rises.``, ``It falls, the gain rises``

    Why: the reader wonders whether a stop is missing or one too many.
    """
    for page in book.pages.values():
        text = page.prose.text
        if not page.prose.is_english or page.source.restructured:
            continue
        for match in _SMALL.finditer(text):
            last = _LAST.search(text[max(0, match.start() - 40) : match.start()])
            if not last and _after_formula(page, match):
                last = match
            if not last or SHORT.fullmatch(last[0]) or _apart(page, match.start()):
                continue
            at, word = page.prose.at(match.start(1)), match[1]
            set_off = page.line(at)[max(at.column - 2, 0) : at.column - 1] in ("*", "_")
            acronym = re.search(rf"\b{word.upper()}\b", text)
            cut = last[0].islower() and _CUT_WORD.fullmatch(last[0]) and not _is_english(last[0])
            set_off = set_off or _is_code(page, word) or not (acronym or _is_english(word))
            if is_plain(page, match.start(1), word) and not (set_off or cut):
                yield _small(at, word, acronym[0] if acronym else word.capitalize())
        for match in _CAPITAL.finditer(text):
            before = _INSIDE.search(text, max(0, match.start() - 2), match.start())
            inside = before and _within(page, match, before.start())
            if inside and is_plain(page, match.start(1), match[1]):
                at, new = page.prose.at(match.start(1)), match[1].lower()
                message = f"there is no full stop before '{match[1]}'; add it, or write '{new}'"
                yield found(at, message)
        for start, block in page.prose.blocks:
            explains = block.startswith(_WHERE) and page.prose.element(start + 6).kind == "math"
            if explains and _below_formula(page, at := page.prose.at(start)):
                message = "'Where' goes on with the sentence that has the formula; write 'where'"
                yield found(at, message, Edit(at, "Where", "where"))


def _after_formula(page: Page, match: re.Match[str]) -> bool:
    """Whether a stop ends a sentence after a formula, and a word follows that begins one."""
    return page.prose.element(max(match.start() - 1, 0)).kind == "math" and match[1] in _BEGINS


_WHERE = f"Where {NOT_TEXT}"


def _below_formula(page: Page, at: Location) -> bool:
    """Whether the last line with something in it before a place ends a formula by itself."""
    lines = (page.line(at._replace(line=line)).rstrip() for line in range(at.line - 1, 0, -1))
    last = next((line for line in lines if line), "")
    return last.endswith(("$$", "\\end{equation}", "\\end{align}", "```", ":::", "\\]")) or bool(
        re.search(r"\$\$ *\([\w:-]+\)$", last)
    )


def _is_code(page: Page, word: str) -> bool:
    """Whether a word is the name of a package or the like, which is set as code elsewhere."""
    return word == "pandas" or any(item.text.strip() == word for item in page.of("code"))


def _is_english(word: str) -> bool:
    """Whether a word is none of those that begin sentences as names do: "cito fits the model"."""
    return word in word_classes() or word in _BEGINS or word in _GOES_ON or word in SMALL.split()


def _small(at: Location, word: str, new: str) -> Finding:
    """Return the finding on a word with a small letter after a stop."""
    message = f"a sentence begins with '{word}'"
    if word in _GOES_ON:
        return found(
            at, f"{message}; if that before it goes on, delete the stop, else write '{new}'"
        )
    if word in _BEGINS:
        advice = f"write '{new}', or a comma for the stop if the sentence goes on"
        return found(at, f"{message}; {advice}", Edit(at, word, new))
    return found(at, f"{message}; write '{new}', or what is missing before it")


def _within(page: Page, match: re.Match[str], start: int) -> bool:
    """Whether a word with a capital, after ``start``, is in a sentence and begins no title."""
    at, text = page.prose.at(match.start(1)), match.string
    titled = page.line(at)[max(at.column - 2, 0) : at.column - 1].strip(" ,;")
    element = page.prose.element(start - 1)
    is_text = text[start - 1 : start] != NOT_TEXT
    kind = "math" if is_text else element.kind
    if not is_text and kind == "math" and element.body.rstrip().endswith((".", "?", "!")):
        return False  # "it is $a + b.$ The loss"
    before = text[max(0, start - 80) : start]
    numbered = before.endswith(")") and not _REMARK.search(before)
    command = re.search(r"\\[A-Za-z]+$", before)
    spanned = _SET_OFF.search(page.line(at)[: at.column - 1]) or _CITED.search(before)
    other = titled or numbered or command or spanned or kind not in ("math", "role")
    return not (other or _apart(page, start))


#: Words with a class, "[Data]{.heading} The texts are from", and a heading or term before its text.
_SET_OFF = re.compile(r"\]\{[^{}]*\} *$|^\s*(?:(?:[-*+]|\d+[.)])\s+)?(\*\*|__)[^*_]+\1 *$")
#: A remark in parentheses within a sentence, rather than the number of what follows.
_REMARK = re.compile(r"\w \([^()\n]*\)$")
#: Words, then their first letters in brackets.
_ACRONYM = re.compile(r"\(([A-Z]{2,6})s?\)")
_BEFORE = re.compile(r"(?<![A-Za-z])(?:[A-Za-z][a-z]{0,30}[ \n-]){1,7}$")
#: An entry of LaTeX's index, the short form of a caption: what follows says it again.
_TWICE_BY_NATURE = re.compile(r"(?:index\{|caption\[)[^\]}]*\Z")


@rule("warning")
def acronym_twice(book: Book) -> Iterator[Finding]:
    """One acronym stands for two things on a page, or is explained twice.

    Bad: ``mean squared error (MSE)`` and, later, ``mean standard estimate (MSE)``

    Good: the second written out, or another acronym; ``MSE`` alone, once it is explained

    Why: the reader takes one for the other, or looks for a difference.
    """
    for page in book.pages.values():
        meanings: dict[str, tuple[str, Location]] = {}
        explained: dict[str, tuple[int, Location]] = {}
        text = page.prose.text
        for match in _ACRONYM.finditer(text) if "(" in text else ():
            near = text[max(0, match.start() - _REACH) : match.start()]
            before = _BEFORE.search(near)
            words = _initialled(before[0], match[1]) if before else ""
            if not words or _TWICE_BY_NATURE.search(near):
                continue
            at = page.prose.at(match.start(1))
            other, there = meanings.setdefault(match[1], (words, at))
            if SequenceMatcher(None, _bare(other), _bare(words)).ratio() < _ALIKE:
                message = f"'{match[1]}' is '{words}' here and '{other}' at {there}"
                yield found(at, f"{message}; write one of them out, or give it another acronym")
            elif not _apart(page, match.start()):
                start, first = explained.get(match[1], (-_FAR, at))
                explained[match[1]] = (match.start(), at)
                if match.start() - start < _FAR and not _in_abstract(page, first):
                    message = f"'{match[0].strip('()')}' is explained already, at {first}"
                    yield found(at, f"{message}; write '{match[0].strip('()')}' alone")


def _in_abstract(page: Page, at: Location) -> bool:
    """Whether a place is in an abstract, which is read by itself."""
    above = [one.text for one in page.of("heading") if one.at.line < at.line]
    return bool(above) and above[-1].strip(" *#\n").lower() in ("abstract", "summary")


@rule("info")
def acronym_late(book: Book) -> Iterator[Finding]:
    """An acronym is used on a page before it is explained there.

    Bad: ``the MSE falls`` and, a page later, ``the mean squared error (MSE)``

    Good: ``the mean squared error (MSE) falls``; from then on, ``MSE``

    Why: who does not know it has to look for it. Headings and captions may have it at any time.
    """
    explained: dict[str, dict[str, int]] = {}
    for page in book.pages.values():
        text = page.prose.text
        for match in _ACRONYM.finditer(text) if "(" in text else ():
            before = _BEFORE.search(text[max(0, match.start() - _REACH) : match.start()])
            if before and _initialled(before[0], match[1]):
                explained.setdefault(match[1], {}).setdefault(page.docname, match.start(1))
    for name, page in book.pages.items():
        for acronym, there in explained.items():
            start = _used_before(page, acronym, there[name]) if list(there) == [name] else None
            if start is not None:
                at = page.prose.at(there[name])
                message = f"'{acronym}' is explained only in line {at.line}"
                yield found(page.prose.at(start), f"{message}; explain it here")


def _used_before(page: Page, acronym: str, end: int) -> int | None:
    """Return where a sentence first has an acronym, well before it is explained."""
    text = page.prose.text
    used = re.compile(rf"(?<!\w){acronym}s?(?!\w)")
    for match in used.finditer(text, 0, max(end - _NEAR, 0)):
        if not _PLAIN.fullmatch(text[max(match.start() - 2, 0) : match.end() + 2]):
            return None  # explained otherwise, or a part of a name
        element = page.prose.element(match.start())
        sentence = text[text.rfind("\n\n", 0, match.start()) + 2 :].partition("\n\n")[0]
        begins = text[max(0, match.start() - 3) : match.start()] != "or "
        if begins and not element.name and not _apart(page, match.start()) and "." in sentence:
            return match.start()
    return None


#: An acronym with what stands around it in a sentence: spaces and stops, no other acronym.
_PLAIN = re.compile(r"[^A-Z(][ \n][A-Za-z]+(?: [^A-Z(]|[,.;:][ \n]|\n.)")
#: So many characters before its explanation an acronym may stand.
_NEAR = 300


def _apart(page: Page, start: int) -> bool:
    """Whether what is there is read by itself: a caption, a heading, a cell of a table."""
    element = page.prose.element(start)
    line = page.line(element.at)
    in_cell = " | " in re.sub(r"\$[^$]*\$", "", line)
    return bool(element.inside) or in_cell or line.lstrip()[:1] in ("#", "|", "*", ">")


#: So many characters later, about six pages, an acronym may be explained once more.
_FAR = 20_000
#: Words that make an acronym are no longer.
_REACH = 100
#: Two spellings of one meaning have at least this share of letters in common.
_ALIKE = 0.75


def _initialled(words: str, acronym: str) -> str:
    """Return the last words, if their first letters are the acronym's; else nothing."""
    parts = re.findall(r"[A-Za-z]+", words)[-len(acronym) :]
    same = "".join(part[0] for part in parts).lower() == acronym.lower()
    return " ".join(parts) if same else ""


def _bare(words: str) -> str:
    """Return words as they are compared: without spaces, capitals and the plural's letter."""
    return "".join(word.lower().removesuffix("s") for word in words.split())


_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|\d{1,2}[.)])[ \t]+\S")
_AFTER = re.compile(r"^[A-ZÄÖÜ][^\n]{60,}$", re.MULTILINE)
_MORE_ITEMS = re.compile(rf"(?:\n(?![ \t]*\n)[^\n]*)*?\n{_ITEM.pattern}")


@rule("warning")
def list_swallows(book: Book) -> Iterator[Finding]:
    """A paragraph right below a list is taken into its last item.

    Bad: a paragraph in the line after ``- last item.``

    Good: an empty line between them

    Why: it is indented as if it belonged to the item.
    """
    for page in book.pages.values():
        for positions in page.positions.values():
            text = positions.text
            if positions.block.is_code or page.source.restructured:
                continue
            lines: set[tuple[str, int, int]] | None = None
            for match in _AFTER.finditer(text):
                if not _ITEM.match(text, text.rfind("\n", 0, max(match.start() - 1, 0)) + 1):
                    continue
                at = positions.location(match.start())
                last = page.line(at._replace(line=at.line - 1))
                above = page.line(at._replace(line=at.line - 2))
                if not _ITEM.match(above) or not last.rstrip().endswith(_ENDS):
                    continue
                if lines is None:
                    apart = not _by_sentences(page.prose.text)
                    lines = {item.at.row for item in page.of("text") if apart}
                # A text before another item goes on in its own.
                goes_on = _MORE_ITEMS.match(text, match.end())
                if at.row in lines and not goes_on:
                    message = "this paragraph is taken into the list above"
                    edit = Edit(at, match[0][:1], "\n" + match[0][:1])
                    yield found(at, f"{message}; write an empty line before it", edit)


def _by_sentences(text: str) -> bool:
    """Whether a page has a line for each sentence: one below an item goes on with it."""
    breaks = len(_BREAK.findall(text))
    return breaks > _FEW and 2 * len(_SENTENCE_BREAK.findall(text)) > breaks


_BREAK, _FEW = re.compile(r"(?<!\n)\n(?!\n)"), 10
_SENTENCE_BREAK = re.compile(r"[.!?:] *\n(?!\n)")
#: What ends a sentence, or an item.
_ENDS = (".", ":", ";", "!", "?", ")")
