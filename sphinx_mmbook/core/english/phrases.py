"""English words that are wrong together, and what is meant: small words, singular and plural.

Harper (Apache-2.0, in Rust, with bindings for Python) knows more of them: it takes two seconds to
start and 0.7 ms for a word, where a check of twenty chapters takes less than one second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core import expressions as re

if TYPE_CHECKING:
    from collections.abc import Iterator


class Phrase(NamedTuple):
    """Words that are wrong together: what begins the search, what finds them, what is meant.

    ``sure`` if that may be written without looking; ``word`` is the longest one of ``sign``,
    ``words`` are those between spaces.
    """

    sign: str
    pattern: re.Pattern[str]
    new: str
    sure: bool
    word: str
    words: frozenset[str]

    def matches(self, line: str) -> Iterator[re.Match[str]]:
        """Iterate over the matches: to look around the sign is faster, if that is rare."""
        number = line.count(self.sign)
        if number * 2 * _AROUND > len(line):
            yield from self.pattern.finditer(line)
            return
        end, start = 0, line.find(self.sign) if number else -1
        while start >= 0:
            begin = max(end, start - _AROUND)
            if match := self.pattern.search(line, begin, start + 2 * _AROUND):
                end = match.end()
                yield match
            start = line.find(self.sign, start + 1)


#: So far from its sign a phrase may begin.
_AROUND = 50


def _phrase(sign: str, pattern: str, new: str, *, sure: bool = True) -> Phrase:
    # What begins with a letter is found faster than what begins by looking back.
    first = _FIRST.match(pattern)
    group = re.sub(r"\(\?:[^()]*\)", "", pattern).partition(")")[0]
    length = len(first[0]) if first and not (group[0] == "(" and "|" in group) else 0
    back = r"(?<![\w-].)" if length else r"(?<![\w-])"
    found_by = re.compile(rf"{pattern[:length]}{back}{pattern[length:]}(?!\w)")
    words = frozenset(one for one in sign.split(" ")[1:-1] if one.isalpha())
    return Phrase(sign, found_by, new, sure, max(sign.split(), key=len).rstrip(","), words)


_FIRST = re.compile(r"\(?(?:\[[A-Za-z]+\]|[A-Za-z])(?![?*+])")


_SAYS = r"describe[sd]?|explain(?:s|ed)?|discuss(?:es|ed)?|analy[sz]e[sd]?|examine[sd]?"
#: A word that begins no remark between two commas, such as ", for example,".
_NOT_ASIDE = (
    "(?!(?:but|for|without|most|among|amongst|perhaps|inter|where|when|though|not)(?!\\w))"
    "([a-z]{3,})(?= [a-z])"
)
_SUBJECTS = "it|this|these|they|we|there|the|an?|no"
_NOUN = (
    "algorithm|architecture|aspect|author|chapter|component|concept|dataset"
    "|embedding|example|experiment|feature|function|image|layer|method|metric|model|network|paper"
    "|parameter|problem|question|researcher|result|sample|section|sentence|system"
    "|task|technique|token|value|variable|vector|word"
)
#: After a noun: what shows that the name ends there.
_NOUN_ENDS = r"(?=[.,;)]| (?:are|is|was|were|has|have|can|will|that|which|of|to)(?!\w))"
#: What stands before "number of", with an article before it.
_HOW_MANY = (
    "(?:very |relatively )?"
    "(?:small|large|limited|high|low|growing|decreasing|huge|great|wide|vast)(?:er)?"
)
#: What something is counted per.
_MEASURED = (
    "second|minute|hour|day|week|month|year|meter|metre|kilometer|person|epoch|iteration|image"
    "|pixel|sample|word|sentence|document|step|participant"
)
_KNOWN = "evident|used|known|common|research|work|experts?|advances?|progress"
#: What something is done with, in the singular before the name of that.
_THINGS = (
    "outlier|feature|image|object|parameter|variable|error|topic|text|token|document|face"
    "|hyperparameter"
)
_BE = r"([IiAawb](?:s|re|as|ere|e|een)(?<!\bwe)(?<!\b[aA]s))"
PHRASES = (
    _phrase(
        " build ", r"(is|are|was|were|be|been) build (on|upon|from|by|with|in)", r"\1 built \2"
    ),
    _phrase(" lead to", r"([Tt]his) lead to (the|an?)", r"\1 led to \2", sure=False),
    _phrase("among of", "among of", "among"),
    _phrase("Which ", "Which (shows|means|implies|indicates|suggests) that", r"This \1 that"),
    _phrase("into detail", rf"({_SAYS}) into detail", r"\1 in detail"),
    _phrase("in to account", "in to account", "into account"),
    _phrase("can not", "can not(?! (?:only|just|merely|simply|but))", "cannot"),
    _phrase(
        "trade off", "([Tt]he|a|this) trade off(?= (?:for|between|of|in|is|was))", r"\1 trade-off"
    ),
    _phrase("referred as", "referred as", "referred to as"),
    _phrase("consist", "(consist(?:s|ed|ing)?) (?:on|out of)(?= [a-z])", r"\1 of"),
    _phrase("consisted of", "(?:is|are) consisted of", "consists of", sure=False),
    _phrase(
        " know as",
        "(is|are|(?<!t )(?<!y )(?<!u )also|well|better|best|commonly) know as",
        r"\1 known as",
    ),
    _phrase(" not know ", "(is|are) not know(?= [a-z\ufffc]|[.,])", r"\1 not known", sure=False),
    _phrase(" thought as", "be thought as", "be thought of as"),
    _phrase(" though as", "be though as", "be thought of as"),
    _phrase("y the contrary", "by the contrary", "on the contrary"),
    _phrase("n respect to", "in respect to", "with respect to"),
    _phrase("with the respect to", "with the respect to", "with respect to"),
    _phrase(" an so ", "an so (on|forth)", r"and so \1"),
    _phrase("countless of ", "countless of", "countless"),
    _phrase(" dozen of ", "a dozen of(?= [A-Za-z])", "a dozen"),
    _phrase("s following", "as following(?=[:.,])", "as follows"),
    _phrase(" due the ", "due the", "due to the"),
    _phrase(
        "n the other side",
        "([Oo]n the other) side(?:,|(?<=On the other side)(?= (?:the|we|it|if|there|this|they) ))",
        r"\1 hand,",
        sure=False,
    ),
    _phrase("espite of", "([Dd])espite of", r"\1espite"),
    _phrase("discuss", "([Dd]iscuss(?:es|ed)?) about(?= [a-z])", r"\1"),
    _phrase("lacks of", "(?<!the )lacks of(?= [a-z])", "lacks"),
    _phrase("egardless the ", "([Rr])egardless the", r"\1egardless of the"),
    _phrase("epend", "([Dd]epend(?:s|ing|ed)?) of(?! course)", r"\1 on"),
    _phrase(" an another ", "an another", "another"),
    _phrase("hese ", "([Tt]hese) (kind|type|sort) of", r"\1 \2s of"),
    _phrase("hose ", "([Tt]hose) (kind|type|sort) of", r"\1 \2s of"),
    _phrase(
        " good",
        "([Ww]ork(?:s|ed)?|[Pp]erform(?:s|ed)?) (very |quite |really |so |as )?good"
        r"(?=[.,;)]| (?:on|in|for|with|at|and|as|when|if|but|enough)(?!\w))",
        r"\1 \2well",
    ),
    _phrase(
        "llow",
        r"([Aa]llows?) to (?!(?:be|the|an?|you|us|me|re)(?!\w))([a-z]+)",
        r"\1 us to \2",
        sure=False,
    ),
    _phrase(" feed ", f"{_BE} feed (into|to|as|through|back)", r"\1 fed \2"),
    _phrase("benchmark against", f"{_BE} benchmark against", r"\1 benchmarked against"),
    _phrase("enables to", "enables to(?= [a-z])", "enables us to", sure=False),
    _phrase(
        " as well as ",
        r"([Bb])oth (?!of |[a-z]+[^isu]s )((?:(?!and )[^.,;:()\ufffc]){3,38}?) as well as",
        r"\1oth \2 and",
        sure=False,
    ),
    _phrase("Although, ", f"Although, ({_SUBJECTS}|[a-z]+ly(?= ))", r"Although \1", sure=False),
    *(
        _phrase(
            f" {have} been ",
            rf"{have} been ([a-z]+ed|shown|written) in ((?:19|20)\d\d)(?![\d/–-]| [A-Z])",
            rf"{was} \1 in \2",
            sure=False,
        )
        for have, was in (("has", "was"), ("have", "were"))
    ),
    *(
        _phrase(
            f" {to} which ",
            rf"{to} which(?<!(?:ds|ng) .. which) ([^.,;:()\ufffc]{{3,38}}?) {to}(?=[.,;:)])",
            rf"{to} which \1",
            sure=False,
        )
        for to in ("on", "to")
    ),
    _phrase("hough, ", f"([Ee])ven though, ({_SUBJECTS})", r"\1ven though \2", sure=False),
    _phrase("so that, ", f"so that, ({_SUBJECTS})", r"so that \1", sure=False),
    _phrase("Whereas, ", rf"Whereas, ({_SUBJECTS}|[A-Z]\w+)", r"Whereas \1", sure=False),
    _phrase("such as, ", rf"such as, {_NOT_ASIDE}", r"such as \1", sure=False),
    _phrase("including, ", rf"including, (?!the){_NOT_ASIDE}", r"including \1", sure=False),
    _phrase("0s", r"(during|in|since|of|from|until|by) ((?:1[89]|20)\d0s)(?! [A-Z])", r"\1 the \2"),
    _phrase(
        "majority of",
        "(that|for|because|since|while|when|where|but) majority of",
        r"\1 the majority of",
    ),
    *(
        _phrase(
            f"{what} of",
            f"(with|by|in|for|from|on|into|to) ({_HOW_MANY}) {what} of",
            rf"\1 a \2 {what} of",
        )
        for what in ("number", "amount", "proportion", "variety", "range")
    ),
    _phrase(
        "used as ",
        "used as ([a-z]+(?:ive|al|ic|ar|ary|ed)) (model|method|algorithm|network|function|tool"
        "|metric|example|classifier|technique|baseline)(?= (?:in|for|of|to|that)(?!\\w)|[.,;])",
        r"used as a \1 \2",
        sure=False,
    ),
    _phrase(
        "rinciple ",
        "([Pp])rinciple ([cC]omponents?|investigators?|ax[ei]s|reasons?|causes?)",
        r"\1rincipal \2",
    ),
    _phrase(
        "straight forward",
        "(quite|very|rather|fairly|relatively|pretty|more|most|not|always|a|is|are)"
        " straight forward",
        r"\1 straightforward",
    ),
    _phrase("nowhere insight", "nowhere insight", "nowhere in sight"),
    _phrase(" no so ", "no so (?!called)([a-z]+)", r"not so \1"),
    _phrase(
        "Other ",
        rf"Other ({_NOUN}|approach|option|possibility|reason|strategy|way) (is|was)",
        r"Another \1 \2",
        sure=False,
    ),
    _phrase(
        "than other ", f"than other ({_NOUN}|policy){_NOUN_ENDS}", r"than another \1", sure=False
    ),
    _phrase("know as", "([a-z]{2,}, )know as", r"\1known as"),
    _phrase("per ", rf"per ((?:square |cubic )?)({_MEASURED})s(?![-/])", r"per \1\2"),
    _phrase(" role on", "(play(?:s|ed|ing)? an? (?:[a-z]+ )?role) on", r"\1 in"),
    _phrase("based in", "(loosely|mainly|purely|partly|solely|heavily) based in", r"\1 based on"),
    _phrase(
        "As ", r"As ((?:19|20)\d\d)(?=,? (?:a|an|the|we|it|there)(?!\w))", r"As of \1", sure=False
    ),
    _phrase(" on the field of", f"({_KNOWN}) on the field of", r"\1 in the field of", sure=False),
    _phrase(
        "thought of being", "(is|are|was|were|been?) thought of being", r"\1 thought of as being"
    ),
    _phrase(
        "such ",
        "such ([a-z]{3,}s) like(?! (?:to|this|that|these)(?!\\w))",
        r"such \1 as",
        sure=False,
    ),
    _phrase(
        " according ", "the according (?!to(?!\\w))([a-z]{3,})", r"the corresponding \1", sure=False
    ),
    *(
        _phrase(f"s {what}", rf"({_THINGS})s {what}", rf"\1 {what}", sure=False)
        for what in ("detection", "extraction", "selection", "classification", "recognition")
    ),
    _phrase("pre-process ", "pre-process (steps?|stages?|phases?|pipelines?)", r"preprocessing \1"),
    _phrase(
        "more simple",
        f"more simple(?= (?:{_NOUN})(?!s)| than(?!\\w)|[.,;)])",
        "simpler",
        sure=False,
    ),
    _phrase("relies of", "relies of(?! course)", "relies on"),
    _phrase("relying of", "relying of(?! course)", "relying on"),
    _phrase(
        "he most of the ",
        "(?<!make )(?<!makes )(?<!making )(?<!made )the most of the",
        "most of the",
        sure=False,
    ),
    _phrase("he both ", "([Tt])he both(?= [a-z]+s(?!\\w)| of)", r"\1he two", sure=False),
    _phrase("n other ", "an other(?= [a-z])", "another"),
    _phrase("each others ", "each others(?= [a-z])", "each other's", sure=False),
    _phrase(
        "n the one side", "([Oo])n the one side(?! (?:of|and))", r"\1n the one hand", sure=False
    ),
    _phrase(
        " then ",
        "(larger|smaller|higher|lower|greater|bigger|faster|fewer|rather|less|more) then"
        "(?= (?:the|an?|one|two|other|others|in|\\d)(?!\\w))",
        r"\1 than",
        sure=False,
    ),
    _phrase("ould of ", "([wcs]h?ould) of(?! course)", r"\1 have"),
    _phrase("be use ", "be use (to|for|as|in|by)", r"be used \1"),
    _phrase(" they ", "(o[fn]) they", r"\1 the", sure=False),
    _phrase("n of ", "([Oo])n of (the|many|these|our)", r"\1ne of \2", sure=False),
    _phrase("of the of ", "of the of(?: the)?(?! [a-z]+-)", "of the", sure=False),
    _phrase("or this reasons", "([Ff])or this reasons", r"\1or these reasons"),
    _phrase("enable to ", "enable to(?= [a-z])", "enable us to", sure=False),
    _phrase("to use", "(recommend|suggest)(s?) to use", r"\1\2 using"),
    _phrase("avoid to use", "avoid to use", "avoid using"),
    _phrase(
        "Open AI",
        "Open AI(?! (?:in|for|and|systems?|models?|research|tools?|data|platforms?)(?!\\w))",
        "OpenAI",
    ),
    _phrase("Bayes ", "Bayes (theorem|rule|law|formula)", r"Bayes' \1"),
    _phrase("Students t", "Students t(?=-(?:test|distribution))", "Student's t"),
    _phrase(
        " for example ",
        r"(is|are|was|were|be|has|have) for example ([a-z]+)",
        r"\1, for example, \2",
        sure=False,
    ),
    _phrase("I.e", r"(?<=[.!?] )I\.e\.,?", "That is,", sure=False),
    _phrase("E.g", r"(?<=[.!?] )E\.g\.,?", "For example,", sure=False),
    *(
        _phrase(
            " etc",
            rf"(e\.g\.|such as)( [^.{no};:()\ufffc]{{3,38}}?){more}"
            r" ?,? (?:and )?etc(?:\.(?!\s+[A-Z])|\b)",
            rf"\1\2{new}",
            sure=False,
        )
        for no, more, new in (
            (",", "", ""),
            ("", r" ?, (?:and |or )?([^.,;:()\ufffc]{2,30}?)", r" and \3"),
        )
    ),
    *(
        _phrase(
            f" {more} ",
            rf"(is|are|was|were|all|always|strictly) {more} (\d)",
            rf"\1 {more} than \2",
        )
        for more in ("larger", "smaller", "greater", "higher", "lower")
    ),
    _phrase("cikit ", "[Ss]cikit [Ll]earn", "scikit-learn"),
    _phrase("Scikit-", "(?<=[a-z,(] )Scikit-[Ll]earn", "scikit-learn"),
    _phrase(" like e.g.", "like,? e\\.g\\.", "such as", sure=False),
    _phrase("such as e.g.", "such as,? e\\.g\\.", "such as"),
    _phrase(
        "; which ",
        "([a-z]+); which(?= (?:means|is|are|can|allows|makes|leads|was|were) )",
        r"\1, which",
    ),
    _phrase(" Mio", r"(\d{1,3}) Mio\.?(?= [a-z])", r"\1 million"),
    _phrase(" Mrd", r"(\d{1,3}) Mrd\.?(?= [a-z])", r"\1 billion"),
    _phrase(
        "lthough ",
        r"([Aa]lthough|[Ee]ven though) (?!not )([^.,;:()\ufffc]{5,80}), but",
        r"\1 \2,",
        sure=False,
    ),
    _phrase("loosing ", "loosing (the|an?|its|their|any|some|information)", r"losing \1"),
    _phrase("he year of ", r"([Tt])he year of (\d{4})", r"\1he year \2"),
    _phrase(
        " time ",
        r"(\d+) time (faster|slower|larger|smaller|higher|lower|more|less|as)",
        r"\1 times \2",
    ),
    *(
        _phrase(f"{what} ", rf"({what}) (\d+) and (\d+)(?= [a-z])", r"\1s \2 and \3", sure=False)
        for what in ("Section", "Chapter", "Table", "Figure", "Equation", "Experiment")
    ),
    _phrase("in more details", "in more details(?! (?:on|about|of|than)(?!\\w))", "in more detail"),
    _phrase("as follow", "as follow(?=[:.,])", "as follows"),
    _phrase(" asses ", "to asses (the|their|its|how|whether|this|if|our)", r"to assess \1"),
    _phrase("eb scrapping", "([Ww])eb scrapping", r"\1eb scraping"),
    _phrase(" ocean", "(Atlantic|Pacific|Indian|Arctic) ocean", r"\1 Ocean"),
    _phrase(" sea", "(Baltic|North|Black) sea", r"\1 Sea"),
    _phrase("ach ", rf"([Ee])ach ([2-9]|\d\d+) ({_MEASURED})s", r"\1very \2 \3s", sure=False),
    _phrase("OVID19", "(C(?:OVID|ovid))19", r"\1-19"),
    _phrase("In respect to", "In respect to", "With respect to"),
    _phrase("United states", "United states", "United States"),
    _phrase(" proof ", "to proof (the|that|this|our|its?)", r"to prove \1"),
    _phrase(" analysis ", "to analysis (the|these|this|our|how)", r"to analyze \1", sure=False),
    _phrase("plugged in to", "plugged in to", "plugged into"),
    _phrase("eutral net", "([Nn])eutral (nets?|networks?)(?! effect)", r"\1eural \2", sure=False),
    _phrase(
        "how good ",
        "how good(?= (?:the|an?|this|these|it|they|our|each)(?: [a-z-]+){0,3}"
        " (?:performs?|works?|fits?|generali[sz]es?|predicts?|does|do|did)(?!\\w))",
        "how well",
        sure=False,
    ),
    *(
        _phrase(f"{last}th", rf"(?<![.,])((?:\d*[02-9])?{last})th", rf"\1{end}")
        for last, end in (("1", "st"), ("2", "nd"), ("3", "rd"))
    ),
    _phrase(
        " income ",
        "([Ll]ow|[Ll]ower|[Mm]iddle|[Hh]igh) (and|or) (low|middle|high) income (countries|groups?)",
        r"\1- \2 \3-income \4",
    ),
    _phrase(
        " dimension",
        "(one|two|high|higher|lower) dimensions? (random|vectors?|spaces?|arrays?|matri(?:x|ces))",
        r"\1-dimensional \2",
        sure=False,
    ),
)
