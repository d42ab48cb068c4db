"""The built pages in a browser: nothing from other hosts, formulas set, accessible."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from conftest import CONF, Book, Built

pytestmark = pytest.mark.long

PAGES = (
    "index",
    "preface",
    "bibliography",
    "search",
    "chapters/writing-a-chapter/index",
    "chapters/architectures/text-to-image/index",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return Debian's Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.fail("Chromium is missing: sudo apt-get install -y chromium")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=flags)
        yield running
        running.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_no_other_host(showcase: Built, browser: Browser, name: str) -> None:
    page = browser.new_page()
    others: list[str] = []
    failed: list[str] = []
    page.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
    page.on(
        "request",
        lambda r: others.append(r.url) if not r.url.startswith(("file:", "data:")) else None,
    )
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((showcase.outdir / f"{name}.html").as_uri(), wait_until="load")
    formulas = page.locator(".math").count()
    if formulas:
        page.wait_for_function(
            "n => document.querySelectorAll('mjx-container').length >= n", arg=formulas
        )
    assert page.locator("mjx-merror").count() == 0
    assert others == []
    assert failed == []
    page.close()


FORMULAS = r"""# Formulas

$\RR \ce{H2O <=> CO2} \cancel{x} \boldsymbol{x} \textcolor{red}{\mathscr{A}}$,
$\href{javascript:alert(1)}{x}$

$$
x = 1
$$

$$
y = SUM
$$
""".replace("SUM", " + ".join("abcdefghijklmnopqrstuvw" * 2))
MACROS = r"""mathjax3_config = {"tex": {"macros": {"RR": r"\mathbb{R}"}}}"""


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Built:
    book = Book(tmp_path_factory.mktemp("formulas") / "book")
    conf = CONF.replace('"basic"', '"sphinx_book_theme"') + MACROS
    return book.write({"conf.py": conf, "index.md": FORMULAS}).build()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_all_that_formulas_need_is_in_the_site(
    formulas: Built, browser: Browser, scheme: str, width: int
) -> None:
    page = browser.new_page(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
    )
    failed: list[str] = []
    said: list[str] = []
    page.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((formulas.outdir / "index.html").as_uri(), wait_until="load")
    page.wait_for_function("document.querySelectorAll('mjx-container').length == 4")
    page.evaluate("MathJax.startup.promise.then(() => document.fonts.ready).then(() => 0)")
    assert page.locator("mjx-merror").count() == 0
    assert page.locator("mjx-assistive-mml").count() == 4
    assert page.locator("mjx-container [href^=javascript]").count() == 0
    assert failed == []
    assert not [text for text in said if "MathJax" in text]
    page.close()


def test_another_host_is_asked_when_the_reader_says_so(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    book = Book(tmp_path_factory.mktemp("ask") / "book")
    address = "https://video.example.org/embed"
    text = f"# A\n\n```{{ask-first}} {address}\n:title: A video\n:height: 300\n```\n"
    built = book.write({"index.md": text}).build()
    assert built.warnings == []
    page = browser.new_page()
    others: list[str] = []
    page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    page.on("request", lambda r: others.append(r.url) if not r.url.startswith("file:") else None)
    page.goto((built.outdir / "index.html").as_uri(), wait_until="load")
    page.wait_for_selector(".mmbook-ask-first button")
    assert others == []
    page.click(".mmbook-ask-first button")
    frame = page.wait_for_selector(".mmbook-ask-first iframe")
    assert frame is not None and frame.get_attribute("height") == "300"
    assert others == [address]
    page.close()


def test_only_formulas_that_scroll_are_tab_stops(formulas: Built, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((formulas.outdir / "index.html").as_uri(), wait_until="load")
    page.wait_for_selector("mjx-container[tabindex='0']")
    assert page.locator("mjx-container[tabindex='0']").count() == 1
    page.set_viewport_size({"width": 3000, "height": 800})
    page.wait_for_function("!document.querySelector('mjx-container[tabindex=\"0\"]')")
    page.close()


def test_no_line_begins_with_the_comma_behind_a_formula(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    book = Book(tmp_path_factory.mktemp("commas") / "book")
    conf = CONF.replace('"basic"', '"sphinx_book_theme"')
    text = "# A\n\nOne says ($Q = Y W_Q$, as above) and more ($K = X W_K$).\n"
    built = book.write({"conf.py": conf, "index.md": text}).build()
    page = browser.new_page()
    page.goto((built.outdir / "index.html").as_uri(), wait_until="load")
    page.wait_for_selector(".mmbook-joined")
    for width in range(150, 420, 3):
        page.evaluate(f"document.querySelector('.bd-article p').style.width = '{width}px'")
        apart = page.evaluate(
            """[...document.querySelectorAll('.mmbook-joined')].filter(
                 box => box.getClientRects().length > 1).length"""
        )
        assert apart == 0, width
    page.close()


def settle(page: Page) -> None:
    """Let buttons have the theme's colours at once.

    They fade into them; on a loaded machine the search button was still too grey when it was judged.
    """
    page.add_style_tag(content="* { transition: none !important; animation: none !important; }")
    page.wait_for_function("document.documentElement.dataset.theme")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(showcase: Built, browser: Browser, name: str, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto((showcase.outdir / f"{name}.html").as_uri(), wait_until="load")
    settle(page)
    found = Axe().run(page).response["violations"]
    serious = [
        (v["id"], [n["target"] for n in v["nodes"]][:3])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
    page.close()


def test_one_word_as_title_of_the_next_page_is_one_line_on_a_telephone(
    showcase: Built, browser: Browser
) -> None:
    """They were "Acknowledg-ements" and "Bibliograph-y"."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((showcase.outdir / "results.html").as_uri(), wait_until="load")
    assert page.locator(".prev-next-title").all_inner_texts() == [
        "Acknowledgements",
        "Bibliography",
    ]
    heights = "[...document.querySelectorAll('.prev-next-title')].map(title => title.offsetHeight)"
    assert max(page.evaluate(heights)) < 30
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_narrow_screen(showcase: Built, browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((showcase.outdir / f"{name}.html").as_uri(), wait_until="load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
