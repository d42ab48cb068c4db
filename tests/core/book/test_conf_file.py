"""conf.py is read, never run; patterns match as Sphinx's, and none takes for ever."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patience import patience
from sphinx_mmbook.core.book.book import load_book
from sphinx_mmbook.core.book.conf_file import MAX_BYTES, read_conf
from sphinx_mmbook.core.book.settings import BookSettings
from sphinx_mmbook.core.checking.judge import judge
from sphinx_mmbook.core.files.patterns import MAX_DEPTHS, excluder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text", ["-" * 100_000, "not " * 20_000, "(" * 5000, "a = 1\n" * MAX_BYTES]
)
def test_a_conf_that_python_cannot_read_says_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(text)
    assert not read_conf(tmp_path).texts


def plainly(pattern: str) -> str:
    """Return a pattern as an expression that tries everything."""
    text = re.sub(
        r"\\\*\\\*(/?)",
        lambda match: "(?:.*/)?" if match[1] else ".*",
        re.escape(pattern.strip("/")),
    )
    return text.replace(r"\*", "[^/]*").replace(r"\?", "[^/]") + "(?:/.*)?"


@given(st.text("ab*?/", max_size=12), st.text("ab/", min_size=1, max_size=12))
@example("**a*b", "a/ab")
@example("a*b*a/**/b", "abba/a/b")
@example("*a*", "ba/b")
@example("***/?", "a")
def test_patterns_match_as_if_all_were_tried(pattern: str, path: str) -> None:
    if pattern.count("**") <= MAX_DEPTHS:
        expected = bool(re.fullmatch(plainly(pattern), path))
        assert bool(excluder((pattern,)).fullmatch(path)) == expected


@pytest.mark.parametrize(
    "pattern", ["*a" * 40 + "b", "**/" * 30 + "b", "**a" * 30, "*a/" * 9 + "b"]
)
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    with patience():
        assert not excluder((pattern,)).fullmatch("a" * 120 + "/a" * 60 + "c")


#: What a conf.py may say, and what that is.
SAID = {
    "mmbook_rules: dict[str, str] = {'label-unused': 'off'}": {"rules": {"label-unused": "off"}},
    "mmbook_rules = {}\nmmbook_rules |= {'a': 'off'}\nmmbook_rules['b'] = 'info'": {
        "rules": {"a": "off", "b": "info"}
    },
    "mmbook_rules = dict(a='off')\nmmbook_rules.update({'b': 'off'}, c='info')": {
        "rules": {"a": "off", "b": "off", "c": "info"}
    },
    "old = {'a': 'off'}\nmmbook_rules = {**old, 'b': 'off'} | {'c': 'off'}": {
        "rules": {"a": "off", "b": "off", "c": "off"}
    },
    "suppress_warnings = ['a']\nsuppress_warnings += ['b']\nsuppress_warnings.append('c')": {
        "suppressed": ("a", "b", "c")
    },
    "a = b = ['x']\na.append('y')\nsuppress_warnings = [*b, *('z',)] + ['w']": {
        "suppressed": ("x", "z", "w")
    },
    "import os\nroot_doc = os.environ.get('ROOT', 'start')": {"root": "start"},
    "from os import getenv\nmaster_doc = getenv('ROOT', 'start')": {"root": "start"},
    "myst_enable_extensions = {'substitution'}": {
        "syntax": BookSettings().syntax | {"substitution"}
    },
    "(root_doc, language) = ('start', 'de')": {"root": "start"},
    "root_doc: str\nroot_doc = ('st' + 'art')": {"root": "start"},
    "NAMES = {'root': 'start'}\nroot_doc = NAMES['root']": {"root": "start"},
    "def setup(app):\n    root_doc = other()\n\nroot_doc = 'start'": {"root": "start"},
    "extensions = ['sphinx.ext.autosectionlabel']": {"labels_elsewhere": True},
    "nb_execution_mode = 'off'": {"runs_notebooks": False},
}


@pytest.mark.parametrize("text", SAID)
def test_what_a_conf_says_is_understood(text: str, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(text)
    settings = read_conf(tmp_path)
    assert {name: getattr(settings, name) for name in SAID[text]} == SAID[text]
    assert not settings.findings


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("exclude_patterns = find()", "'exclude_patterns'"),
        ("exclude_patterns = ['a']\nif draft:\n    exclude_patterns += ['b']", "'exclude_patterns'"),
        ("exclude_patterns = ['a']\nexclude_patterns.remove('b')", "'exclude_patterns'"),
        ("exclude_patterns = ['a']\nfor x in 'bc':\n    exclude_patterns.append(x)", "'exclude_patterns'"),
        ("mmbook_rules = {}\nmmbook_rules[x] = 'off'\nroot_doc = f()", "'mmbook_rules', 'root_doc'"),
        ("import os\nroot_doc = os.environ.get('ROOT')", "'root_doc'"),
        ("import os\nroot_doc = os.environ['ROOT']", "'root_doc'"),
        ("from base import *", "what 'import *' sets"),
        ("myst_enable_extensions = ['x']\nmyst_enable_extensions += [*myst_enable_extensions] * 2",
         "'myst_enable_extensions'"),
    ],
)  # fmt: skip
def test_what_a_conf_computes_is_named_once_and_its_plain_part_counts(
    text: str, names: str, tmp_path: Path
) -> None:
    (tmp_path / "conf.py").write_text(
        f"from tools import draft, f, find, version, x\n{text}\nrelease = version()\n"
    )
    (found,) = read_conf(tmp_path).findings
    assert (found.rule, found.level) == ("conf-computed", "info")
    assert found.message.startswith(f"{names}: computed here")
    assert found.location.line > 1
    if "exclude_patterns = ['a']" in text:
        assert "a" in read_conf(tmp_path).excluded


def test_the_environment_of_the_check_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hidden")
    (tmp_path / "conf.py").write_text("import os\nroot_doc = os.environ.get('SECRET', 'index')")
    assert read_conf(tmp_path).root == "index"


@pytest.mark.parametrize(
    "text",
    [
        "a = ['x']\n" + "a = [*a, *a]\n" * 60, "a = ['x']\n" + "a = [a, a]\n" * 60,
        "a = ['x']\n" + "a += a\n" * 60, "a = 'x'\n" + "a = a + a\n" * 90,
        "a = []\n" + "a.append(a)\n" * 60, "a = ['x']\n" + "a = a + a\n" * 60 + "a = [a, a]\n" * 9000,
        "a = " + "{1:" * 90 + "1" + "}" * 90, "a = b" + "()" * 5000, "a = " + "[" * 90 + "]" * 90,
    ],
)  # fmt: skip
def test_no_conf_takes_for_ever(text: str, tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(f"{text}\n")
    with patience():
        read_conf(tmp_path)


def test_the_body_of_an_unknown_directive_is_neither_read_nor_repaired(tmp_path: Path) -> None:
    """A label with an underscore in a diagram is the diagram's; what it may define is not missed."""
    body = "@startuml\n(node_a)=\n:b: {numref}`fig_b`\n[x](gone.md) {cite:p}`key`\n@enduml"
    unknown = f"```{{uml-diagram}}\n{body}\n```\n\n:::{{mermaid}}\n{body}\n:::\n"
    text = f"# A\n\n{unknown}\nSee {{ref}}`node_a`, {{ref}}`gone-b`.\n"
    (tmp_path / "conf.py").write_text("")
    (tmp_path / "index.md").write_text(text)
    (tmp_path / "references.bib").write_text("@misc{key, title={A}, year=2000, author={B, C}}\n")
    found = judge(load_book(tmp_path))
    assert [str(f.location) for f in found if f.rule == "reference-undefined"] == ["index.md:19:26"]
    assert not [f for f in found if f.rule in ("label-underscore", "link-dead", "bib-unused")]
    assert not any(f.fix for f in found)


def test_the_extensions_of_a_page_count_before_those_of_the_book(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("myst_enable_extensions = ['colon_fence']")
    inner = "$$\na\n$$ (eq_a)"
    (tmp_path / "index.md").write_text(f"# A\n\n{inner}\n")
    (tmp_path / "plain.md").write_text(
        f"---\nmyst: {{enable_extensions: []}}\n---\n# A\n\n{inner}\n"
    )
    labels = {
        path: [x.name for x in facts.labels]
        for path, facts in load_book(tmp_path).facts.pages.items()
    }
    assert labels == {"index": ["eq_a"], "plain": []}


def test_a_conf_py_that_python_cannot_take_in_is_told_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("x = " + "-" * 200_000 + "1\n")
    (found,) = read_conf(tmp_path).findings
    assert "cannot be read: ; " not in found.message
    assert found.message.endswith("; nothing can be built until it is mended")
