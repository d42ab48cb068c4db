r"""Citations in the syntax of pandoc (``[@key]``) or LaTeX (``\citep{key}``), no use in MyST."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx_mmbook.core import expressions as re
from sphinx_mmbook.core.references.citation_groups import REACH, TYPED_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.finding import Location
    from sphinx_mmbook.core.pages.page import Page
    from sphinx_mmbook.core.pages.positions import Positions

#: Commands of natbib and biblatex -> our roles.
COMMANDS = {
    "cite": "p", "citep": "p", "parencite": "p", "autocite": "p", "footcite": "p", "Citep": "p",
    "citet": "t", "textcite": "t", "Citet": "ct", "Textcite": "ct", "Parencite": "p",
    "citealt": "alp", "citealp": "alp", "citeauthor": "author", "Citeauthor": "cauthor",
    "citeyear": "year", "citeyearpar": "yearpar",
}  # fmt: skip

#: What a page with any has one of; what begins with one sign is found in a sixth of the time.
_HINTS = [*map(re.compile, (r"@ ?[\w{]", r"\\\w*cite", r"\[[A-Za-z][\w:.-]*\d"))]
#: A key alone in brackets, its ``@`` forgotten; whether it is one, the bibliography says.
_KEY_ALONE = re.compile(r"\[([A-Za-z](?=[\w:.-]*\d)[\w:.-]*+)@?\](?![(\[:])")
_BRACKET = re.compile(r"\[([^\[\]]*+)\]|\{(@[\w:./-]++)\}")
#: As pandoc reads a key: inner punctuation belongs to it, the last does not.
_KEY = r"(?:\{(?P<braced>[^{}\s@]+)\}|(?P<key>\w(?:[\w:.#$%&+?<>~/-]*\w)?))"
_ITEM = re.compile(
    rf"(?P<pre>[^@]*?)(?P<minus>-?)(?<!\w)(?<!\w-)@\s?{_KEY}(?P<post>[^@]*)", re.DOTALL
)
#: What names a work, or words before one, and what ends it.
_WORK = re.compile(r"([\s\S]+?)(;|,(?=\s*-?@)|\Z)")
_LOCATOR = r"(?:[ ]\[(?P<post>(?:(?:pp?|chap|ch|sec|fig|eq|tab)\.|\d)[^\[\]@]*)\])?"
_BARE = re.compile(rf"(?<![^\s(\[\"'“‘—–,;/-])(?P<minus>-?)(?<!\w-)@{_KEY}{_LOCATOR}")
_COMMAND = re.compile(
    rf"\\({'|'.join(sorted(COMMANDS))})\*?((?:\s?\[[^\[\]]*+\]){{0,2}})\s?\{{([^{{}}]*+)\}}"
)
#: As in ``the ` key``; two of them, which LaTeX has for quotes, are closed by two.
_TICK = re.compile(r"(?<!`)`(?!`)")
_OPTION = re.compile(r"\[([^\[\]]*)\]")


class ForeignCitation(NamedTuple):
    """A citation in another markup, which MyST does not know.

    ``syntax``: ``pandoc`` with brackets, ``bare`` for pandoc's ``@key``, ``key`` for ``[key]``, or
    ``latex``. ``text`` is what stands at ``at``, ``repair`` the same in MyST; empty where there is
    no exact one. ``is_account``: the words around tell of a network, where people have such names.
    ``before`` and ``after``: the text around one work in parentheses, ``named`` where names begin
    that are typed before it, ``advice`` what to do where no other markup helps.
    """

    syntax: str
    text: str
    at: Location
    keys: tuple[str, ...]
    repair: str = ""
    is_account: bool = False
    before: str = ""
    after: str = ""
    named: Location | None = None
    advice: str = ""


#: What is said of somebody's account: "on Twitter, @ann2014 writes".
_ACCOUNT = re.compile(
    r"twitter|tweet|mastodon|instagram|facebook|github|reddit|bluesky|youtube|\baccount |\bhandle\b"
    r"|follower|hashtag|username|posted",
    re.IGNORECASE,
)
_NEARBY = 80


def foreign_citations_of(page: Page) -> tuple[ForeignCitation, ...]:
    """Return what pandoc or LaTeX would take for citations on a page, in its order."""
    texts = [block.text for block in page.source.blocks if not block.is_code]
    if not any(hint.search(text) for hint in _HINTS for text in texts):
        return ()
    text = page.prose.text
    ticks = _paragraphs_with_ticks(text)
    found = []
    for start, end, (syntax, keys, repair) in _joined(
        text, sorted((*_in_brackets(text), *_commands(text), *_bare(text), *_alone(text)))
    ):
        if text[start - 1 : start] in ("^", "}") and text[start] == "[":
            continue  # a footnote as pandoc writes it, or nearly a role
        if page.prose.element(start).name:  # a link: somebody's name on a network
            continue
        at = page.prose.at(start)
        raw = _Raw(page.positions_at(at), at, page.prose.at(end - 1), text[start:end])
        if not raw.escaped:
            # A backtick alone would take those of the repair for its end.
            joined = "`" in text[max(0, start - 1) : start] + text[end : end + 1]
            safe = raw.exact and not joined and bisect_right(ticks, start) % 2 == 0
            near = text[max(0, start - _NEARBY) : end + _NEARBY] if syntax == "bare" else ""
            item = ForeignCitation(syntax, raw.text, raw.at, keys, repair if safe else "")
            item = item._replace(is_account=bool(_ACCOUNT.search(near)))
            if item.repair.startswith("{cite:p}`") and len(keys) == 1:
                item = item._replace(**raw.around())
            found.append(item)
    return tuple(found)


def _joined(text: str, found: list[_Found]) -> Iterator[_Found]:
    """Yield what is found; a work that is cited twice side by side, ``@a [@a]``, once."""
    last: _Found | None = None
    for one in found:
        if last and one[2][1] == last[2][1] and not text[last[1] : one[0]].strip():
            last = (last[0], one[1], last[2])
        else:
            yield from [last] if last else ()
            last = one
    yield from [last] if last else ()


def _paragraphs_with_ticks(text: str) -> list[int]:
    """Return begin and end of each paragraph that has a backtick that is not markup."""
    bounds: list[int] = []
    if "`" in text:
        start = 0
        for paragraph in text.split("\n\n"):
            if _TICK.search(paragraph):
                bounds += [start, start + len(paragraph) + 1]
            start += len(paragraph) + 2
    return bounds


#: A backslash before a sign that means nothing to Markdown: pandoc's authors write it to be sure.
_ESCAPED = re.compile(r"\\(?=[;,:.&%#])")
_Found = tuple[int, int, tuple[str, tuple[str, ...], str]]
#: So far from the place that prose tells a text may be, where escapes stand before it.
_NEAR = 200


class _Raw:
    """How a piece of prose is written in the file.

    ``exact``: as it reads; else something in it is marked up. ``escaped``: the author wants it so.
    """

    def __init__(self, positions: Positions, first: Location, last: Location, prose: str) -> None:
        text, start = positions.text, positions.offset(first)
        self.at, self.text = first, text[start : positions.offset(last) + 1]
        self.exact = _ESCAPED.sub("", " ".join(self.text.split())) == " ".join(prose.split())
        self.escaped = text[max(0, start - 1) : start] == "\\" or (
            text[start : start + 1] == "\\" != prose[0]
        )
        if not self.exact and not self.escaped:
            near = max(0, start - _NEAR)
            window = text[near : start + len(prose) + _NEAR]
            starts = [match.start() + near for match in re.finditer(re.escape(prose), window)]
            self.exact, self.text = bool(starts), prose
            start = min(starts, key=lambda other: abs(other - start), default=start)
            self.at = positions.location(start)
            self.escaped = text[max(0, start - 1) : start] == "\\" or (
                not self.exact and bool(re.search(r"\\[\[@\]]", window))
            )
        self.start, self.positions = start, positions

    def around(self) -> dict[str, Any]:
        """Return the text before and after, and where names begin that are typed before."""
        text, end = self.positions.text, self.start + len(self.text)
        before = text[max(0, self.start - REACH) : self.start]
        names = TYPED_NAMES.search(before)
        close = names and "\n\n" not in names[0]
        named = self.positions.location(self.start - len(names[0])) if names and close else None
        return {"before": before, "after": text[end : end + REACH], "named": named}


def _in_brackets(text: str) -> Iterator[_Found]:
    for match in _BRACKET.finditer(text):
        inner = match[1] or match[2] or ""
        if "@" not in inner or "\n\n" in inner:
            continue
        items = [_ITEM.fullmatch(item) for item in _items(inner)]
        keys = tuple(item["key"] or item["braced"] for item in items if item)
        if keys:
            works = [_work(item) for item in items]
            repair = _role("p", works)
            minus = [bool(item and item["minus"]) for item in items]
            if any(minus):
                repair = _role("yearpar", works) if all(minus) else ""
            yield match.start(), match.end(), ("pandoc", keys, repair)


def _items(text: str) -> list[str]:
    """Return the works in brackets, each with the words before it; the last with those after."""
    works: list[str] = []
    words = ""
    for item, separator in _WORK.findall(text):
        if "@" in item:
            works.append(words + item.strip())
            words = ""
        else:
            words += f"{item.strip()}{separator} "
    if words and works:
        works[-1] += f", {words.rstrip(' ,;')}"
    return works


def _work(item: re.Match[str] | None) -> str:
    """Return a work as our roles name it, ``{see}key{p. 3}``; empty if they cannot."""
    if item is None:
        return ""
    return _target(item["key"] or item["braced"], item["pre"], item["post"])


def _target(key: str, pre: str = "", post: str = "") -> str:
    pre, post = " ".join(pre.split()), " ".join(post.split()).removeprefix(",").strip()
    if re.search(r"[{}`\\\ufffc]", pre + post) or re.search(r"[{}`\s,]", key) or not key:
        return ""
    return (f"{{{pre}}}" if pre else "") + key + (f"{{{post}}}" if post else "")


def _role(style: str, works: list[str]) -> str:
    return f"{{cite:{style}}}`{','.join(works)}`" if all(works) and works else ""


def _bare(text: str) -> Iterator[_Found]:
    inside = [match.span() for match in _BRACKET.finditer(text) if "@" in match[0]]
    spans = iter([*inside, (len(text), len(text))])
    begin, end = next(spans)
    for match in _BARE.finditer(text):
        while end <= match.start():
            begin, end = next(spans)
        if begin <= match.start():
            continue
        key = match["key"] or match["braced"]
        work = _target(key, "", match["post"] or "")
        repair = _role("year" if match["minus"] else "t", [work])
        yield match.start(), match.end(), ("bare", (key,), repair)


def _alone(text: str) -> Iterator[_Found]:
    for match in _KEY_ALONE.finditer(text):
        yield match.start(), match.end(), ("key", (match[1],), _role("p", [match[1]]))


def _commands(text: str) -> Iterator[_Found]:
    for match in _COMMAND.finditer(text):
        keys = tuple(key.strip() for key in match[3].split(","))
        options = _OPTION.findall(match[2])
        # One option is the locator, two are prefix and locator.
        pre, post = ("", *options)[-2:] if options else ("", "")
        works = [_target(key) for key in keys]
        if pre:
            works[0] = _target(keys[0], pre)
        if post:
            works[-1] = _target(keys[-1], pre if len(keys) == 1 else "", post)
        yield match.start(), match.end(), ("latex", keys, _role(COMMANDS[match[1]], works))
