"""A book of three lines has the look of the showcase; other themes keep theirs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from conftest import Book, Built

THREE = (
    'project = "Three lines"\nextensions = ["sphinx_mmbook"]\nhtml_theme = "sphinx_book_theme"\n'
)
STYLE = "mmbook-book-theme.css"
TERM = r"\frac{\exp(\mathrm{sim}(x_i, y_i)/\tau)}{\sum_j \exp(\mathrm{sim}(x_i, y_j)/\tau)} + "
INDEX = f"""\
# Acknowledgementswithoutanyblank

Words and $a = b$, and `a_name_of_a_function_that_is_longer_than_a_telephone_is_wide_and_has_no_blank`.

$$
{TERM * 4} 1
$$ (eq-long)

```{{table}} A caption that is much longer than the table is wide, to see whether the table squeezes it
:name: tab-x

| a | b |
| - | - |
| 1 | 2 |
```

- [x] done

## Two

### Three

#### Four

```{{note}}
Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk.
```
"""


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Built:
    book = Book(tmp_path_factory.mktemp("three") / "book")
    built = book.write({"conf.py": THREE, "index.md": INDEX}).build("-W")
    assert (built.status, built.warnings) == (0, [])
    return built


@pytest.fixture(scope="module")
def page(three: Built) -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto((three.outdir / "index.html").as_uri(), wait_until="load")
        page.wait_for_selector("mjx-container")
        yield page
        browser.close()


def test_three_lines_have_the_style_sheet_and_no_made_up_words(three: Built) -> None:
    soup = three.soup("index")
    assert soup.select(f"link[href*='{STYLE}']")
    text = (three.outdir / "index.html").read_text("utf-8")
    assert "Author name not set" not in text
    assert "Three lines documentation" not in text
    assert soup.select_one(".navbar-brand").get_text().strip() == "Three lines"  # type: ignore[union-attr]


@pytest.mark.long
def test_there_is_one_search_field_and_no_empty_bar(page: Page) -> None:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator("#pst-header").is_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.locator(".search-button-field:visible").count() == 1


@pytest.mark.long
def test_a_narrow_table_does_not_squeeze_its_caption(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    caption = page.locator("table caption").bounding_box()
    row = page.locator("table tbody tr").bounding_box()
    assert caption and row and caption["width"] > 3 * row["width"]


@pytest.mark.long
def test_the_keyboard_s_place_is_seen_on_header_buttons(page: Page) -> None:
    page.locator(".theme-switch-button:visible").first.focus()
    page.keyboard.press("Shift+Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "3px" in style and "none" not in style


@pytest.mark.long
def test_a_formula_that_is_wider_than_a_telephone_scrolls_and_says_so(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    formula = page.locator("div.math mjx-container")
    assert formula.evaluate("e => e.scrollWidth > e.clientWidth")
    assert "gradient" in formula.evaluate("e => getComputedStyle(e).backgroundImage")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.long
def test_code_that_is_longer_than_a_telephone_breaks(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator("p code").evaluate("e => e.getBoundingClientRect().right") <= 390


@pytest.mark.long
def test_headings_are_smaller_the_deeper_they_are(page: Page) -> None:
    size = (
        "[1, 2, 3, 4].map(n => getComputedStyle(document.querySelector('article h' + n)).fontSize)"
    )
    sizes = [float(text.removesuffix("px")) for text in page.evaluate(size)]
    assert sizes == sorted(sizes, reverse=True) and len({*sizes}) == 4


@pytest.mark.long
def test_a_word_that_is_longer_than_a_telephone_breaks_in_a_box(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator(".admonition p").last.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.long
def test_the_box_of_a_task_stands_for_the_bullet(page: Page) -> None:
    item = page.locator(".task-list-item")
    assert item.evaluate("e => getComputedStyle(e).listStyleType") == "none"


@pytest.mark.long
def test_only_formulas_that_scroll_are_tab_stops(page: Page) -> None:
    stops = "[...document.querySelectorAll('mjx-container[tabindex=\"0\"]')]"
    assert page.locator("mjx-container").count() == 2
    assert page.evaluate(f"{stops}.every(e => e.scrollWidth > e.clientWidth)")
    assert page.evaluate(f"{stops}.length") < 2


def test_the_browser_s_print_is_not_called_pdf(three: Built) -> None:
    buttons = [
        tag.get_text().strip()
        for tag in three.soup("index").select(".btn-download-pdf-button, .dropdown-menu button")
    ]
    assert ".pdf" not in buttons and "print" in buttons


@pytest.mark.parametrize(
    ("lines", "has_style"),
    [
        ("", True),
        ('html_theme = "basic"\n', False),
        ('html_theme = "alabaster"\n', False),
        ('html_theme_options = {"description": "for the theme that Sphinx has"}\n', False),
    ],
)  # fmt: skip
def test_a_theme_that_conf_py_names_stays(lines: str, has_style: bool, book: Book) -> None:
    book.write(
        {"conf.py": 'project = "x"\nextensions = ["sphinx_mmbook"]\n' + lines, "index.md": "# X\n"}
    )
    built = book.build("-W")
    assert (built.status, built.warnings) == (0, [])
    assert bool(built.soup("index").select(f"link[href*='{STYLE}']")) == has_style
