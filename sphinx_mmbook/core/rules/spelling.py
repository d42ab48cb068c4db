"""Rules on how words are spelt: articles, abbreviations, common slips, one way for one word."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from sphinx_mmbook.core.finding import Edit
from sphinx_mmbook.core.rules.formulas import broken_blocks
from sphinx_mmbook.core.rules.registry import found, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx_mmbook.core.book.book import Book
    from sphinx_mmbook.core.finding import Finding, Location
    from sphinx_mmbook.core.pages.page import Page


def is_plain(page: Page, start: int, text: str, broken: set[int]) -> bool:
    """Whether prose at an offset is what the file has there, and an author's own words."""
    element = page.prose.element(start)
    own = element.block not in broken and not element.name
    return own and page.has_text(page.prose.at(start), text)


def is_english(page: Page) -> bool:
    """Whether a page has more English articles than those of other languages."""
    text = page.prose.text
    return text.count(" the ") > text.count(" der ") + text.count(" la ") + text.count(" de ")


#: Words after which the article's form does not matter: "a" is the name of something before them.
_NO_NOUN = (
    "(?:and|are|as|at|if|in|into|is|it|its|of|off|on|or|over|all|also|always|only|any|each|else|ever"
    r"|equals|exceeds|under|until|unless|upon|after|about|above|out|al|et)(?![\w-])"
)
#: What begins with a vowel, and is spoken with a consonant.
_SPOKEN = "one|once|eu|ewe|oui|uni(?!n|m[aei]|d(?!i))|us[aeu]|util|ubiq|uto|ura|uk"
_A = re.compile(
    rf"(?<![\w’'*.(-])(?:a|(?:(?<=\n\n)|(?<=[.!?:] )|^)A)[ \n](?!{_SPOKEN}|{_NO_NOUN})"
    r"([aeiou][a-z]{2,})(?![\w’'])"
)
#: Words spoken as they are written, not letter by letter: "an mse" is one of the latter.
_CONSONANTS = (
    "(?:[bcdfgjklmnpqrstvwyz][aeiouy]|bl|br|ch|cl|cr|dr|dw|fl|fr|gl|gr|kn|ph|pl|pr|sc|sh|sk|sl|sm"
    "|sn|sp|st|sw|th|tr|tw|wh|wr)"
)
_AN = re.compile(
    rf"(?<![\w’'*.(-])[Aa]n[ \n]((?:{_CONSONANTS}|unif|uniq|unit(?!e)|unive|unidir|us[aeu])"
    r"[a-z]{2,})(?![\w’'])"
)


@rule("warning")
def article_wrong(book: Book) -> Iterator[Finding]:
    """The article "a" stands before a vowel, or "an" before a consonant.

    Bad: ``a attention layer``, ``an model``, ``an unified view``

    Good: ``an attention layer``, ``a model``, ``a unified view``

    Why: it is printed so. What counts is how the word is spoken: "a unit", "an hour".
    """
    for page in book.pages.values():
        text = page.prose.text
        if not is_english(page):
            continue
        broken = broken_blocks(page)
        for match in (*_A.finditer(text), *_AN.finditer(text)):
            if not is_plain(page, match.start(), match[0].partition("\n")[0], broken):
                continue
            at, old = page.prose.at(match.start()), " ".join(match[0].split())
            if old[1] == " ":
                new = f"{old[0]}n {match[1]}"
                fix = (Edit(at, old, new),) if old == match[0] else ()
                yield found(at, f"'{old}' lacks an 'n'; write '{new}'", *fix)
            else:
                new = f"{old[0]} {match[1]}"
                yield found(at, f"'{old}': write '{new}', or 'and' if that is meant")


class _Slip(NamedTuple):
    pattern: re.Pattern[str]
    new: str
    sign: str


#: Abbreviations as they are mistyped: what finds them, what to write, and a sign that they have.
_SLIPS = (
    _Slip(re.compile(r"(?<![\w.])e\.g(?=[ ,)])"), "e.g.", "e.g"),
    _Slip(re.compile(r"(?<![\w.])i\.e(?=[ ,)])"), "i.e.", "i.e"),
    _Slip(re.compile(r"(?<=[ (])eg\.?(?=[ ,])"), "e.g.", "eg"),
    _Slip(re.compile(r"(?<=[ (])ie\.?(?=[ ,])"), "i.e.", "ie"),
    _Slip(re.compile(r"(?<![\w.])e\.g\.(?=[A-Za-z]{2})"), "e.g. ", "e.g."),
    _Slip(re.compile(r"(?<![\w.])i\.e\.(?=[A-Za-z]{2})"), "i.e. ", "i.e."),
    _Slip(re.compile(r"(?<![\w./])(?:and|und) etc\.?(?!\w)"), "etc.", " etc"),
    _Slip(re.compile(r"(?<![\w./])(?<!and )etc(?![\w.…])"), "etc.", "etc"),
    _Slip(re.compile(r"(?<![\w./])(?<!and )etc(?:\.{2,}|\.?…)"), "etc.", "etc"),
    _Slip(re.compile(r"(?<![\w.])et\. al\.?(?!\w)"), "et al.", "et. al"),
    _Slip(re.compile(r"(?<![\w.])et al(?![\w.])"), "et al.", "et al"),
)


@rule("warning")
def abbreviation(book: Book) -> Iterator[Finding]:
    """An abbreviation lacks a stop or a blank, or has too many of them.

    Bad: ``e.g images``, ``i.e.the loss``, ``Lin et. al``, ``and etc.``

    Good: ``e.g. images``, ``i.e. the loss``, ``Lin et al.``, ``etc.``

    Why: it is printed so.
    """
    for page in book.pages.values():
        text = page.prose.text
        broken: set[int] | None = None
        for slip in _SLIPS:
            for match in slip.pattern.finditer(text) if slip.sign in text else ():
                broken = broken_blocks(page) if broken is None else broken
                if is_plain(page, match.start(), match[0], broken):
                    at, new = page.prose.at(match.start()), slip.new
                    message = f"'{match[0]}' is mistyped; write '{new}'"
                    if new[-1] == " ":
                        message = f"there is no blank after '{match[0]}'; write one"
                    yield found(at, message, Edit(at, match[0], new))


#: Beginnings of words as they are misspelt, and what is meant. No right word begins so.
_STEMS = """
accomodat:accommodat acommodat:accommodat acheiv:achiev additionaly:additionally adress:address
agressi:aggressi algoritm:algorithm aproach:approach appraoch:approach apropriat:appropriat
aquir:acquir architechtur:architectur artifical:artificial asociat:associat avaliab:availab
becuase:because begining:beginning beleiv:believ caluclat:calculat catagor:categor
challange:challenge characterstic:characteristic choosen:chosen classfi:classifi commited:committed
committment:commitment comparision:comparison completly:completely concious:conscious
consistan:consisten continous:continuous controled:controlled convinien:convenien
convolutinal:convolutional correspondan:corresponden definatly:definitely definitly:definitely
dependend:dependent desicion:decision developement:development dimenson:dimension
dissapear:disappear distrubut:distribut elliminat:eliminat embeding:embedding emperical:empirical
enviroment:environment equivelant:equivalent evalution:evaluation excercise:exercise
existance:existence experiement:experiment explaination:explanation familar:familiar
finaly:finally funtion:function futher:further generaly:generally gradiant:gradient
heigth:height heirarch:hierarch heterogenity:heterogeneity hierach:hierarch homogenity:homogeneity
implemention:implementation improtan:importan improvment:improvement incorperat:incorporat
independan:independen indiviual:individual infered:inferred infering:inferring
infomation:information inhertit:inherit inital:initial intepret:interpret
interpet:interpret intial:initial intrest:interest
knowlege:knowledge langauge:language lenght:length liklihood:likelihood
maintainance:maintenance managment:management mechansim:mechanism minumum:minimum
neccess:necess necesar:necessar neigbo:neighbo netowrk:network noticable:noticeable
occassion:occasion occured:occurred occurence:occurrence occuring:occurring ommit:omit
oppurtunit:opportunit optmi:optimi orginal:original overlaping:overlapping paralell:parallel
paramater:parameter paramter:parameter parmeter:parameter particulary:particularly perfom:perform
performace:performance permanant:permanent posess:possess preceeding:preceding prefered:preferred
privelege:privilege proccess:process profesor:professor propabilit:probabilit publically:publicly
realy:really reccomend:recommend reccommend:recommend recieve:receive recomend:recommend
recurent:recurrent refered:referred refering:referring relavant:relevant
representaion:representation reproducab:reproducib resouce:resource sentance:sentence
seperat:separat signifcan:significan similiar:similar simliar:similar simultanous:simultaneous
specifc:specific straightfoward:straightforward strenght:strength succesful:successful
sucess:success suprising:surprising syntatic:syntactic sytem:system techique:technique
tecnique:technique tendancy:tendency threshhold:threshold trainig:training tranform:transform
transfered:transferred transfering:transferring transfomer:transformer unforseen:unforeseen
unfortunatly:unfortunately vairabl:variabl varient:variant vocabluary:vocabulary weigth:weight
wheter:whether yeild:yield
"""
_MISSPELT = dict(pair.split(":") for pair in _STEMS.split())
#: Whole words.
_WHOLE = """
acces:access allready:already allways:always alot:a-lot aswell:as-well atleast:at-least
eachother:each-other eventhough:even-though fourty:forty higer:higher incase:in-case infact:in-fact
inspite:in-spite proces:process responce:response sofar:so-far successfull:successful teh:the
bayesian:Bayesian english:English euclidean:Euclidean european:European gaussian:Gaussian
german:German
thier:their truely:truly untill:until upto:up-to usefull:useful wether:whether whch:which wich:which
"""
_MISSPELT |= {
    f"{old} ": new.replace("-", " ") for old, new in (pair.split(":") for pair in _WHOLE.split())
}
#: How long a misspelt beginning can be; all begin with four letters of these.
_LONGEST = max(map(len, _MISSPELT))
_FIRST = frozenset(old[:4].strip() for old in _MISSPELT)


def _slip(word: str) -> tuple[str, str] | None:
    """Return the beginning of a word that is misspelt, and what is meant."""
    for end in range(3, _LONGEST):
        part = word[:end]
        if part in _MISSPELT:
            return part, _MISSPELT[part]
        if end >= len(word):
            break
    whole = f"{word} "
    return (word, _MISSPELT[whole]) if whole in _MISSPELT else None


@rule("warning")
def word_misspelt(book: Book) -> Iterator[Finding]:
    """A word is spelt as many people spell it, and wrong.

    Bad: ``seperate layers``, ``the lenght of a sentence``, ``upto ten words``

    Good: ``separate layers``, ``the length of a sentence``, ``up to ten words``

    Why: it is printed so. Some two hundred slips are known here; a spelling program knows more.
    """
    for page in book.pages.values():
        text = page.prose.text
        if not is_english(page):
            continue
        words = {word.strip(_MARKS) for word in set(text.split()) if word[:4] in _FIRST}
        for word in sorted(words):
            slip = _slip(word) if word.isalpha() else None
            for match in re.finditer(rf"(?<![\w-]){word}(?!\w)", text) if slip else ():
                if slip and is_plain(page, match.start(), word, set()):
                    at, right = page.prose.at(match.start()), slip[1] + word[len(slip[0]) :]
                    yield found(at, f"'{word}' is misspelt; write '{right}'", Edit(at, word, right))


#: What may stand around a word.
_MARKS = ".,;:!?()[]\"'“”‘’*_"
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9]+(?:-[A-Za-z]{2,})?")
#: Spellings of British and American English: as they end, or what is in them.
_BRITISH = (
    (re.compile(r"(\w{3})is(e[drs]?|ers|ing|ations?)$"), r"\1iz\2"),
    (re.compile(r"(al)ys(e|ed|ing)$"), r"\1yz\2"),
    (re.compile(r"(behavi|neighb|^col|^fav|^lab|^hon|^flav)our"), r"\1or"),
    (re.compile(r"(model|label|signal|travel|cancel)l(ed|ing|ers?)$"), r"\1\2"),
    (re.compile(r"^centre"), "center"),
    (re.compile(r"^artefact"), "artifact"),
    (re.compile(r"(^judg|knowledg)ement"), r"\1ment"),
)


def _key(word: str) -> str:
    """Return what all spellings of a word have in common."""
    key = word.lower().replace("-", "")
    for pattern, american in _BRITISH if len(key) > 5 else ():
        key = pattern.sub(american, key)
    return key.removesuffix("s") if not key.endswith("ss") else key


@rule("warning")
def spelling_mixed(book: Book) -> Iterator[Finding]:
    """A page spells one word in two ways.

    Bad: ``pre-trained`` and ``pretrained``, ``behaviour`` and ``behavior``, ``Pytorch`` and
    ``PyTorch``

    Good: one of them throughout

    Why: the reader wonders whether two things are meant, and a search finds half of the places.
    """
    for page in book.pages.values():
        forms: dict[str, Counter[str]] = {}
        for token, number in Counter(page.prose.text.split()).items():
            word = token.strip(_MARKS).removesuffix("’s").removesuffix("'s")
            if len(word) > 3 and _TERM.fullmatch(word):
                forms.setdefault(_key(word), Counter())[word] += number
        broken = broken_blocks(page) if forms else set()
        if is_english(page):
            yield from _two_words(page, broken)
        for some in forms.values():
            pair = _mixed(some) if len(some) > 1 else None
            at = _first(page, pair[0], broken) if pair else None
            if pair and at:
                times = some[pair[1]]
                message = f"'{pair[0]}' is also spelt '{pair[1]}' on this page"
                message += f", {times} times" if times > 1 else ""
                yield found(at, f"{message}; write one of them throughout")


#: How nouns begin that are written as one word or two.
_FIRST_PARTS = "auto|back|chat|code|cross|data|fine|hyper|meta|multi|soft|sub|time|word"
_OPENED = re.compile(rf"(?<![\w-])({_FIRST_PARTS})[ \n]([a-z]{{3,}}?)s?(?![\w-])", re.IGNORECASE)


def _two_words(page: Page, broken: set[int]) -> Iterator[Finding]:
    """Yield words that a page writes as one and as two: "dataset" and "data set"."""
    text = page.prose.text
    opened: dict[str, list[str]] = {}
    for match in _OPENED.finditer(text):
        opened.setdefault((match[1] + match[2]).lower(), []).append(match[0])
    for word, apart in opened.items():
        joined = re.findall(rf"(?<![\w-])[{word[0]}{word[0].upper()}]{word[1:]}s?(?![\w-])", text)
        few, many = sorted((apart, joined), key=len)
        if few and (at := _first(page, few[0], broken)):
            message = f"'{' '.join(few[0].split())}' is also spelt '{' '.join(many[0].split())}'"
            times = f", {len(many)} times" if len(many) > 1 else ""
            yield found(at, f"{message} on this page{times}; write one of them throughout")


def _mixed(forms: Counter[str]) -> tuple[str, str] | None:
    """Return two spellings of one word, the rarer first; none if all is in order."""
    by_letters: dict[str, Counter[str]] = {}
    for form, number in forms.items():
        by_letters.setdefault(form.lower().removesuffix("s"), Counter())[form] += number
    if len(by_letters) > 1:
        ranked = sorted(by_letters.values(), key=lambda some: some.total())
        rare, usual = (some.most_common(1)[0][0] for some in (ranked[0], ranked[-1]))
        return (
            None
            if rare.lower().startswith("re-") or usual.lower().startswith("re-")
            else (rare, usual)
        )
    proper = [form for form, _ in forms.most_common() if _INNER.search(form.removesuffix("s"))]
    if not proper or any(form.islower() and form.isalpha() for form in forms):
        return None
    usual = forms.most_common(1)[0][0]
    # A sentence may begin with the name.
    others = [form for form, _ in forms.most_common() if _inner(form) != _inner(usual)]
    if not others:
        return None
    rare = others[-1]
    titled = [form for form in forms if form.istitle() and form.isalpha()]
    return None if titled and forms[proper[0]] < 2 else (rare, usual)


def _inner(form: str) -> str:
    return form[1:].removesuffix("s")


#: A name has capitals within.
_INNER = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2,}[a-z]")


def _first(page: Page, word: str, broken: set[int]) -> Location | None:
    """Return where a word first stands as it is written; a name not before another capital."""
    text = page.prose.text
    for match in re.finditer(rf"(?<![\w/.@-]){re.escape(word)}(?![\w/@-])", text):
        if word.istitle() and re.match(r" [A-Z]", text[match.end() : match.end() + 2]):
            continue
        if is_plain(page, match.start(), word, broken):
            return page.prose.at(match.start())
    return None
