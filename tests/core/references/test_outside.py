"""What of a page reaches outside of it."""

from __future__ import annotations

import pytest

from sphinx_mmbook.core.references.outside import loaded_addresses, tex_outside

LIBRARY = 200_000


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://a.example/x.png">',
        "<img src='//a.example/x.png' alt='>'>",
        "<IMG SRC=https://a.example/x.png>",
        '<img srcset="x.png 1x, https://a.example/y.png 2x">',
        '<video poster="https://a.example/x.png"></video>',
        '<object data="https://a.example/x.svg"></object>',
        '<svg><use xlink:href="https://a.example/x.svg#a"></use></svg>',
        '<script href="https://a.example/x"></script>',
        '<link rel="stylesheet" href="https://a.example/x">',
        '<link rel="dns-preconnect" href="https://a.example/">',
        '<img src="https:&#47;&#47;a.example/x.png?a=//b">',
        "<p style=\"background: url('https://a.example/x.png')\">",
        '<style>@import "https://a.example/x.css";</style>',
        "<script>import('https://a.example/x.mjs')</script>",
        '<script>load("https://cdn.a.example/x")</script>',
    ],
)
def test_addresses_are_found_that_a_browser_loads_unasked(html: str) -> None:
    (address,) = loaded_addresses(html)
    assert "//" in address and "a.example/" in address and address.strip("\"'),") == address


@pytest.mark.parametrize(
    "html",
    [
        "https://a.example",
        '<a href="https://a.example/x">x</a>',
        '<link rel="author" href="https://a.example/x">',
        '<img src="x.png" alt="see https://a.example"> <img src="data:image/png;base64,//8=">',
        '<img src="x.png?see=https://a.example">',
        '<p data-src="https://a.example/x.png">',
        "<script>open('https://a.example/page')</script> https://a.example/x.js",
        "<script>open('https://a.example/x.json')</script>",
    ],
)
def test_addresses_that_a_reader_may_follow_are_let_pass(html: str) -> None:
    assert loaded_addresses(html) == []


def test_each_address_is_named_once_in_the_order_of_its_kind() -> None:
    html = '<img srcset="//a.example/1 1x, //b.example/2 2x"><img src="//a.example/1">'
    assert loaded_addresses(html) == ["//a.example/1", "//b.example/2"]


@pytest.mark.parametrize(("length", "count"), [(LIBRARY, 1), (LIBRARY + 1, 0)])
def test_scripts_as_long_as_a_library_are_not_searched(length: int, count: int) -> None:
    script = 'load("https://cdn.a.example/x");'.ljust(length)
    assert len(loaded_addresses(f"<script>{script}</script>")) == count


@pytest.mark.parametrize(
    ("tex", "command"),
    [
        (r"\input{a}", r"\input"),
        (r"x \@@input a", r"\@@input"),
        (r"\begin {filecontents*}{a}", r"\begin {filecontents*}"),
        ("^^5cinput", "^^"),
        (r"\inputs \frac{input}{2} \fontsize", ""),
    ],
)
def test_commands_are_found_by_which_tex_reaches_a_file(tex: str, command: str) -> None:
    assert tex_outside(tex) == command
