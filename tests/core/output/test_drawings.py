"""What is found in drawings that do more than show, and what is left alone."""

from __future__ import annotations

import io

import pytest

from sphinx_mmbook.core.output.drawings import BrokenDrawingError, active_part

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def drawing(inside: str, before: str = "", attributes: str = "") -> bytes:
    return f"{before}<svg {SVG} {attributes}>{inside}<rect width='9' height='9'/></svg>".encode()


@pytest.mark.parametrize(
    ("svg", "found"),
    [
        (drawing("<script>x()</script>"), "<script"),
        (drawing('<s:script xmlns:s="http://www.w3.org/2000/svg">x()</s:script>'), "<script"),
        (drawing("<SCRIPT/>"), "<SCRIPT"),
        (drawing("<script>x()</script>").decode().encode("utf-16"), "<script"),
        (drawing('<a href="java&#115;cript:x()">a</a>'), "href=\"javascript:x()"),
        (drawing('<a xlink:href=" java&#10;script:x()">a</a>'), "href=\"javascript:x()"),
        (drawing("", '<?xml-stylesheet href="https://example.org/a.css"?>'), "<?xml-stylesheet"),
        (drawing('<style>@import "https://example.org/a.css";</style>'), "@import"),
        (drawing("<style>@\\69mport url(//example.org)</style>"), "@import"),
        (drawing("<style><![CDATA[a{fill:u/**/rl(https://example.org/a)}]]></style>"), "url("),
        (drawing("<style>a{fill:\\75rl(https://example.org/a)}</style>"), "url("),
        (drawing("", attributes='style="fill: url(https://example.org/a#b)"'), "url("),
        (drawing("<g fill='url(&quot;//example.org/a#b&quot;)'/>"), "url("),
        (drawing("", '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "<!ENTITY"),
        (drawing("", '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'), "<!ENTITY"),
        (drawing("<foreignObject><p/></foreignObject>"), "<foreignObject"),
        (drawing('<iframe xmlns="http://www.w3.org/1999/xhtml" src="a"/>'), "<iframe"),
        (drawing("<rect OnLoad='x()'/>"), "onload="),
        (drawing('<image href="https://example.org/a.png"/>'), 'href="https://example.org'),
        (drawing('<image xlink:href="//example.org/a.png"/>'), 'href="//example.org'),
        (drawing('<image href="file:///etc/passwd"/>'), 'href="file:'),
        (drawing('<image href="photo.png"/>'), 'href="photo.png'),
        (drawing('<image href="data:image/svg+xml,x"/>'), 'href="data:'),
        (drawing('<use href="https://example.org/a.svg#b"/>'), 'href="https:'),
        (drawing('<use href="#a"/>', attributes='xml:base="https://example.org/"'), "xml:base="),
        (drawing('<a><set attributeName="xlink:href" to="javascript:x()"/></a>'), "attributeName"),
        (drawing('<animate attributeName="onclick" values="x()"/>'), "attributeName"),
    ],
)  # fmt: skip
def test_what_makes_a_drawing_a_program_is_found(svg: bytes, found: str) -> None:
    assert active_part(svg).startswith(found)


@pytest.mark.parametrize(
    "svg",
    [
        drawing("<g id='a' fill='url(#b)'/><use xlink:href='#a'/>"),
        drawing('<image href="data:image/png;base64,iVBORw0KGgo="/>'),
        drawing('<a href="https://example.org/"><text>On load, script: alert()</text></a>'),
        drawing('<animate attributeName="x" values="0;9" dur="1s"/>'),
        drawing('<animate attributeName="x" values="on;off" id="onset"/>'),
        drawing("<style>/* https://example.org */ .on { fill: red; } @font-face { src: url(data:font/woff2;base64,AA) }</style>"),
        drawing("<!-- <script> --><desc>&lt;script> onload=</desc>"),
        drawing("", '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'),
        drawing("<metadata><p:license xmlns:p='urn:p' resource='https://example.org'/></metadata>"),
        b"<svg width='9' height='9'><rect/></svg>",
    ],
)  # fmt: skip
def test_what_drawing_programs_write_is_left_alone(svg: bytes) -> None:
    assert active_part(svg) == ""


def test_matplotlibs_own_figures_are_left_alone() -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots().plot([1, 2], label=r"$\alpha$")
    out = io.BytesIO()
    figure.savefig(out, format="svg")
    assert active_part(out.getvalue()) == ""


@pytest.mark.parametrize(
    "svg", [b"", b"<svg", b"\x1f\x8b\x08", b"<svg>&nbsp;</svg>", b"<svg a=1/>"]
)
def test_what_is_no_xml_is_no_drawing(svg: bytes) -> None:
    with pytest.raises(BrokenDrawingError):
        active_part(svg)


def test_a_deep_drawing_is_read() -> None:
    assert active_part(drawing("<g>" * 100_000 + "</g>" * 100_000)) == ""


@pytest.mark.parametrize(
    "style",
    [
        '<style/>@import "https://example.org/a.css";',
        '<b/>@import "https://example.org/a.css";',
        '@im<b>x</b>port "https://example.org/a.css";',
    ],
)
def test_an_element_within_a_style_does_not_hide_what_the_style_loads(style: str) -> None:
    assert active_part(drawing(f"<style>{style}</style>")).startswith("<style><")


def test_each_style_of_a_drawing_is_looked_at_and_the_text_between_them_is_not() -> None:
    harmless = "<style>a{fill:red}</style><text>@import url(//example.org)</text>"
    assert active_part(drawing(harmless)) == ""
    loading = '<style>@im<!-- x -->port "//example.org/a.css";</style>'
    assert active_part(drawing(f"{harmless}{loading}")) == "@import"
