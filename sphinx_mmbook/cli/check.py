"""Find every fault of a book, and mend what a machine can.

Reads the sources only: no Sphinx, no kernel, no network. Exit status: 0 nothing at error level,
1 errors, 2 the check could not run.

examples:
  mmbook check                              the book in ./book (or here)
  mmbook check book/chapters/my-chapter     one chapter (the whole book is read all the same)
  mmbook check --fix                        mend what has one right repair
  mmbook check --diff                       show what --fix would change
  mmbook check --changed-since main         what a pull request touches, and what it breaks
  mmbook check --explain label-underscore   why a rule exists, with examples
  mmbook check --format github              annotations on a pull request
  mmbook check --write-baseline             accept today's faults; from now on only new ones count
"""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from difflib import unified_diff
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import find_book
from sphinx_mmbook.core import baseline, formats
from sphinx_mmbook.core.book import Book, load_book
from sphinx_mmbook.core.judge import LEVELS, judge
from sphinx_mmbook.core.people import did_you_mean
from sphinx_mmbook.core.rules.registry import all_rules

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from sphinx_mmbook.core.finding import Finding, Location

#: Repairs can make room for others; more rounds than this would mean that two rules disagree.
MAX_ROUNDS = 10


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the check."""
    add = parser.add_argument
    add("paths", nargs="*", type=Path, metavar="PATH", help="the book, or files and folders of it")
    add("--format", choices=("text", "json", "github", "sarif"), default="text", help="of output")
    add("--select", metavar="RULES", help="only these rules or groups, with commas; * is allowed")
    add("--ignore", metavar="RULES", help="all but these rules or groups")
    add("--level", choices=LEVELS, help="least level to print (default: warning; all in JSON)")
    add("--fix", action="store_true", help="mend what has one right repair")
    add("--diff", action="store_true", help="show the repairs; changes nothing without --fix")
    add("--changed-since", metavar="REV", help="only what changed since REV, and what that breaks")
    add("--write-baseline", action="store_true", help="accept all faults there are now")
    add("--no-baseline", action="store_true", help=f"show also the faults in {baseline.NAME}")
    add("--explain", metavar="RULE", help="say what a rule is about ('all': every rule)")


def run(args: argparse.Namespace) -> int:
    """Check, print, and return the exit status."""
    if args.explain:
        return explain(args.explain)
    # A book is a hundred thousand small objects without cycles; collecting them costs a tenth.
    gc.disable()
    folder = book_of(args.paths)
    try:
        return check(folder, args)
    except ValueError as error:
        print(f"mmbook check: {error}", file=sys.stderr)
        return 2


def check(folder: Path, args: argparse.Namespace) -> int:
    """Check the book in ``folder`` as the arguments say."""
    wanted = chosen(args.select, args.ignore)

    def look(at: Path) -> tuple[Book, list[Finding]]:
        book = load_book(at)
        return book, [finding for finding in judge(book) if wanted(finding.rule)]

    book, findings = look(folder)
    if args.write_baseline:
        (folder / baseline.NAME).write_text(baseline.baseline_text(findings), "utf-8")
        print(f"accepted: {formats.summary(findings)}; written to {folder / baseline.NAME}")
        return 0
    old = baseline.read_baseline(book.folder)
    keep = shown(book, args, look, Counter() if args.no_baseline else old)
    findings = keep(findings)
    if args.fix or args.diff:
        book, findings = mend(book, findings, args, lambda: look(folder), keep)
    print_findings(book, findings, args.format, args.level)
    return int(any(finding.level == "error" for finding in findings))


def shown(
    book: Book,
    args: argparse.Namespace,
    look: Callable[[Path], tuple[Book, list[Finding]]],
    old: Counter[baseline.Fingerprint],
) -> Callable[[list[Finding]], list[Finding]]:
    """Return what chooses the findings to show: new ones, on the paths named, since a revision."""
    scope = [path.resolve() for path in args.paths]
    changed, before = since(book.folder, args.changed_since, look)

    def keep(findings: list[Finding]) -> list[Finding]:
        findings = baseline.without(findings, old)
        if args.changed_since:
            broken = {id(item) for item in baseline.without(findings, before)}
            findings = [f for f in findings if f.location.path in changed or id(f) in broken]
        if scope:
            places = {path: (book.folder / path).resolve() for path in paths_of(findings)}
            findings = [
                finding
                for finding in findings
                if any(places[finding.location.path].is_relative_to(path) for path in scope)
            ]
        return findings

    return keep


def since(
    book: Path, revision: str | None, look: Callable[[Path], tuple[Book, list[Finding]]]
) -> tuple[set[str], Counter[baseline.Fingerprint]]:
    """Return the paths that changed since a revision, and the faults of then."""
    if not revision:
        return set(), Counter()
    # What few checks need is imported where it is: a check is over in the time that imports take.
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    from sphinx_mmbook.core.revision import changed_paths, extract, start_of  # noqa: PLC0415

    commit = start_of(book, revision)
    with TemporaryDirectory() as folder:
        extract(book, commit, Path(folder))
        before = Counter(baseline.fingerprint(item) for item in look(Path(folder))[1])
    return set(changed_paths(book, commit)), before


def paths_of(findings: Sequence[Finding]) -> set[str]:
    """Return the paths that findings are in."""
    return {finding.location.path for finding in findings}


def mend(
    book: Book,
    findings: list[Finding],
    args: argparse.Namespace,
    look: Callable[[], tuple[Book, list[Finding]]],
    keep: Callable[[list[Finding]], list[Finding]],
) -> tuple[Book, list[Finding]]:
    """Show and make the repairs; return the book and what is left."""
    from sphinx_mmbook.core import fixing  # noqa: PLC0415

    for _ in range(MAX_ROUNDS):
        changed = fixing.mended(book.folder, findings)
        if args.diff:
            print_diff(changed)
        if not args.fix or not changed:
            break
        for path, (_old, new) in changed.items():
            fixing.write_whole(book.folder / path, new)
        book, findings = look()
        findings = keep(findings)
    return book, findings


def print_diff(changed: dict[str, tuple[str, str]]) -> None:
    """Print the repairs as a unified diff."""
    for path, (old, new) in changed.items():
        lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
        for line in unified_diff(*lines, f"a/{path}", f"b/{path}"):
            print(
                line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n", end=""
            )


def print_findings(book: Book, findings: list[Finding], kind: str, level: str | None) -> None:
    """Print findings in the format asked for, from ``level`` on."""
    least = LEVELS.index(level or ("warning" if kind == "text" else "info"))
    printed = [finding for finding in findings if LEVELS.index(finding.level) <= least]
    if kind == "text":
        colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        where = relative_to(book, Path.cwd())
        print(formats.as_text(printed, source_lines(book), where, colour), end="")
        if hidden := len(findings) - len(printed):
            print(f"{hidden} more of a lower level; --level info prints them")
    elif kind == "json":
        print(formats.as_json(printed), end="")
    else:
        write = formats.as_github if kind == "github" else formats.as_sarif
        print(write(printed, relative_to(book, repository(book.folder))), end="")


def source_lines(book: Book) -> Callable[[Location], str]:
    """Return what gives a location's line of text; empty where there is none to show."""
    blocks = {
        (page.path, block.cell): block
        for page in book.pages.values()
        for block in page.source.blocks
    }

    @cache
    def lines_of(path: str, cell: int) -> tuple[int, list[str]]:
        if cell:
            block = blocks.get((path, cell))
            return (block.first_line, block.text.split("\n")) if block else (1, [])
        try:
            return 1, (book.folder / path).read_text("utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError):
            return 1, []

    def line(at: Location) -> str:
        first, lines = lines_of(at.path, at.cell)
        return lines[at.line - first] if 0 <= at.line - first < len(lines) else ""

    return line


def relative_to(book: Book, base: Path) -> Callable[[str], str]:
    """Return what makes a book's path relative to ``base``, if the book is below it."""
    try:
        prefix = book.folder.relative_to(base.resolve()).as_posix()
    except ValueError:
        prefix = book.folder.as_posix()
    return lambda path: path if prefix == "." else f"{prefix}/{path}"


def repository(folder: Path) -> Path:
    """Return the top of the repository, to which annotations are relative; else this folder."""
    from sphinx_mmbook.core.revision import GitError, git  # noqa: PLC0415

    try:
        return Path(git(folder, "rev-parse", "--show-toplevel").decode().strip())
    except GitError:
        return Path.cwd()


def book_of(paths: Sequence[Path]) -> Path:
    """Return the book that the paths are in: the nearest folder above with a ``conf.py``.

    :raises SystemExit: with status 2 if there is none.
    """
    for path in paths:
        if not path.exists():
            print(f"mmbook check: '{path}' does not exist", file=sys.stderr)
            raise SystemExit(2)
        for folder in (path.resolve(), *path.resolve().parents):
            if (folder / "conf.py").is_file():
                return folder
    return find_book(paths[0] if paths else None)


def chosen(select: str | None, ignore: str | None) -> Callable[[str], bool]:
    """Return whether a rule is to be run.

    :raises ValueError: if a pattern fits no rule.
    """
    groups = {rule.slug: rule.group for rule in all_rules()}

    def expand(text: str | None) -> set[str]:
        found: set[str] = set()
        for pattern in (text or "").replace(" ", "").split(","):
            fits = {s for s, g in groups.items() if fnmatch(s, pattern) or g == pattern}
            if pattern and not fits:
                hint = did_you_mean(pattern, [*groups, *set(groups.values())])
                raise ValueError(f"there is no rule '{pattern}'{hint}")
            found |= fits
        return found

    selected, ignored = expand(select), expand(ignore)
    return lambda slug: (slug in selected or not select) and slug not in ignored


def explain(name: str) -> int:
    """Print what a rule is about, or all rules."""
    rules = {rule.slug: rule for rule in all_rules()}
    if name == "all":
        print("\n".join(f"{r.slug:28} {r.level:8} {r.summary}" for r in rules.values()))
        return 0
    if name not in rules:
        print(f"there is no rule '{name}'{did_you_mean(name, rules)}", file=sys.stderr)
        return 2
    rule = rules[name]
    print(f"{rule.slug} ({rule.level})\n\n{rule.help}")
    if rule.build:
        print("\nThe build reports it as well.")
    print(f'\nTo change its level, in conf.py: mmbook_rules = {{"{rule.slug}": "off"}}')
    return 0
