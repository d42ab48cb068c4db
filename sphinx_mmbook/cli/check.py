"""Find every fault of a book, and mend what a machine can.

Reads the sources only: no Sphinx, no kernel, no network. Exit status: 0 nothing at error level,
1 errors, 2 the check could not run.

examples:
  mmbook check                              the book in ./book (or here)
  mmbook check book/chapters/my-chapter     one chapter (the whole book is read all the same)
  mmbook check --fix                        mend what has one right repair
  mmbook check --diff                       show what --fix would change
  mmbook check --watch                      again whenever a file is saved
  mmbook check --changed-since main         what a pull request adds and breaks, no older fault
  mmbook check --explain                    all rules, a line each
  mmbook check --explain label-underscore   why a rule exists, with examples
  mmbook check --format github              annotations on a pull request
  mmbook check --format unix                path:line:col: level: message [rule], for editors
  mmbook check --write-baseline             accept today's faults; from now on only new ones count
"""

from __future__ import annotations

import gc
import sys
from collections import Counter
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx_mmbook.cli.folders import find_book, reason_of
from sphinx_mmbook.cli.halves import by_two, findings_by_halves
from sphinx_mmbook.cli.printing import print_diff, print_findings
from sphinx_mmbook.core.book.book import Book, load_book
from sphinx_mmbook.core.checking import baseline
from sphinx_mmbook.core.checking import report_formats as formats
from sphinx_mmbook.core.checking.judge import faults_of_levels, judge
from sphinx_mmbook.core.escapes import visible
from sphinx_mmbook.core.files.paths import book_above
from sphinx_mmbook.core.finding import LEVELS, Finding
from sphinx_mmbook.core.output.formula_macros import faults_of_macros
from sphinx_mmbook.core.pages.run_limits import faults_of_limits
from sphinx_mmbook.core.provenance.recovery import recover_results
from sphinx_mmbook.core.rules.registry import all_rules
from sphinx_mmbook.core.suggestions import did_you_mean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from sphinx_mmbook.core.checking.new_faults import Since

FORMATS = ("text", "json", "github", "sarif", "unix")
#: Repairs can make room for others; more rounds than this would mean that two rules disagree.
MAX_ROUNDS = 10


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the check."""
    add = parser.add_argument
    add("paths", nargs="*", type=Path, metavar="PATH", help="the book, or files and folders of it")
    add("--format", choices=FORMATS, default="text", help="of output")
    add("--all", action="store_true", help="print each place of what is found again and again")
    add("--select", metavar="RULES", help="only these rules or groups, with commas; * is allowed")
    add("--ignore", metavar="RULES", help="all but these rules or groups")
    add(
        "--level", choices=LEVELS, help="least level to print (default: warning in text, else info)"
    )
    add("--fix", action="store_true", help="mend what has one right repair")
    add("--diff", action="store_true", help="show the repairs; changes nothing without --fix")
    add("--changed-since", metavar="REV", help="only the faults that were not there at REV")
    add("--write-baseline", action="store_true", help="accept all faults there are now")
    add("--no-baseline", action="store_true", help=f"show also the faults in {baseline.NAME}")
    add("--watch", action="store_true", help="check again whenever a file is saved")
    explain = "say what a rule is about; without a name, list the rules"
    add("--explain", nargs="?", const="all", metavar="RULE", help=explain)


class CheckRefused(Exception):
    """What the user asked for cannot be done; the message says why."""


def run(args: argparse.Namespace) -> int:
    """Check as the arguments say, and return the exit status."""
    if args.explain:
        return explain(args.explain)
    if args.watch:
        from sphinx_mmbook.cli.watch import watch  # noqa: PLC0415 -- see ``since``

        return watch(book_of(args.paths), lambda: check_once(args))
    return check_once(args)


def check_once(args: argparse.Namespace) -> int:
    """Check, print, and return the exit status."""
    # A book is a hundred thousand small objects without cycles; collecting them costs a tenth.
    gc.disable()
    folder = book_of(args.paths)
    try:
        refuse(folder, args)
        for sentence in recover_results(folder.resolve()):
            print(sentence, file=sys.stderr)
        return check(folder, args)
    except (CheckRefused, baseline.BaselineError) as error:
        message = str(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        message = reason_of(error)
    print(f"mmbook check: {message}", file=sys.stderr)
    return 2


def refuse(folder: Path, args: argparse.Namespace) -> None:
    """Refuse options that contradict each other.

    :raises CheckRefused: with what to do instead.
    """
    if args.watch and args.write_baseline:
        raise CheckRefused("--write-baseline accepts faults once; leave out --watch")
    if args.diff and args.format != "text":
        raise CheckRefused(
            "--diff prints text; leave out --format (its 'fix' has the same repairs)"
        )
    narrow = [f"--{name.replace('_', '-')}" for name in NARROWING if getattr(args, name)]
    if any(path.resolve() != folder.resolve() for path in args.paths):
        narrow.append("PATH")
    if args.write_baseline and narrow:
        raise CheckRefused(
            f"--write-baseline accepts all faults of the book; leave out {narrow[0]}"
        )


#: Options that mean nothing for a baseline, or with which it would silently lose faults.
NARROWING = ("changed_since", "fix", "diff")


def check(folder: Path, args: argparse.Namespace) -> int:
    """Check the book in ``folder`` as the arguments say."""
    wanted = rule_filter(args.select, args.ignore)

    def find_faults(at: Path) -> tuple[Book, list[Finding]]:
        book = load_book(at, by_two)
        findings = judge(book, findings_by_halves)
        return book, [finding for finding in findings if wanted(finding.rule)]

    book, findings = find_faults(folder)
    own = book.settings.own
    faults = faults_of_levels(own.get("mmbook_rules", {}))
    faults += faults_of_macros(own.get("mmbook_macros", {}))
    if faults := [*faults, *faults_of_limits(own.get("mmbook_limits", {}))]:
        raise CheckRefused(f"conf.py: {'; '.join(faults)}")
    if args.write_baseline:
        from sphinx_mmbook.core.files.writing import write_whole  # noqa: PLC0415 -- see ``since``

        write_whole({folder / baseline.NAME: baseline.baseline_text(findings)})
        print(f"accepted: {formats.summary(findings)}; written to {folder / baseline.NAME}")
        return 0
    old = baseline.read_baseline(book.folder)
    keep = finding_filter(book, args, find_faults, Counter() if args.no_baseline else old)
    findings = keep(findings)
    if args.fix or args.diff:
        book, findings = mend(book, findings, args, lambda: find_faults(folder), keep)
    print_findings(book, findings, args.format, args.level, folded=not args.all)
    return int(any(finding.level == "error" for finding in findings))


def finding_filter(
    book: Book,
    args: argparse.Namespace,
    find_faults: Callable[[Path], tuple[Book, list[Finding]]],
    old: Counter[baseline.Fingerprint],
) -> Callable[[list[Finding]], list[Finding]]:
    """Return what chooses the findings to show: new ones, on the paths named, since a revision."""
    # A path may be a link, or lead through one; findings are where the book has them.
    scope = [path.resolve() for path in args.paths]
    scope += [path.parent.resolve() / path.name for path in args.paths]
    changed = since(book.folder, args.changed_since, find_faults)

    def keep(findings: list[Finding]) -> list[Finding]:
        findings = baseline.without(findings, old)
        if changed is not None:
            from sphinx_mmbook.core.checking.new_faults import new_findings  # noqa: PLC0415

            findings = new_findings(findings, changed)
        if scope:
            paths = {path: book.folder / path for path in {at.location.path for at in findings}}
            inside = {p for p, file in paths.items() if any(map(file.is_relative_to, scope))}
            findings = [finding for finding in findings if finding.location.path in inside]
        return findings

    return keep


def since(
    book: Path, revision: str | None, find_faults: Callable[[Path], tuple[Book, list[Finding]]]
) -> Since | None:
    """Return what changed since a revision.

    :raises CheckRefused: if git does not know.
    """
    if revision is None:
        return None
    # What few checks need is imported where it is: a check is over in the time that imports take.
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    from sphinx_mmbook.core.checking.new_faults import changes  # noqa: PLC0415
    from sphinx_mmbook.core.files.git import (  # noqa: PLC0415
        GitError,
        changed_paths,
        extract,
        repository_of,
        start_of,
    )

    try:
        repository = repository_of(book)
        commit = start_of(repository, revision)
        with TemporaryDirectory() as folder:
            extract(repository, commit, Path(folder))
            before = find_faults(Path(folder))[1]
            paths = changed_paths(repository, commit)
            return changes(Path(folder), book, paths, before, (".md", ".rst", ".bib", ".yml"))
    except GitError as error:
        raise CheckRefused(str(error)) from None


def mend(
    book: Book,
    findings: list[Finding],
    args: argparse.Namespace,
    find_faults: Callable[[], tuple[Book, list[Finding]]],
    keep: Callable[[list[Finding]], list[Finding]],
) -> tuple[Book, list[Finding]]:
    """Show and make the repairs; return the book and what is left."""
    from sphinx_mmbook.core.checking import fixing  # noqa: PLC0415 -- see ``since``
    from sphinx_mmbook.core.files.writing import write_whole  # noqa: PLC0415

    texts: dict[str, tuple[str, str]] = {}
    for _ in range(MAX_ROUNDS):
        changed = fixing.mended(book.folder, findings)
        texts |= {path: (texts.get(path, pair)[0], pair[1]) for path, pair in changed.items()}
        if not args.fix or not changed:
            break
        write_whole({book.folder / path: new for path, (_, new) in changed.items()})
        book, findings = find_faults()
        findings = keep(findings)
    if args.diff:
        print_diff(texts)
    elif texts:
        print(f"mended {', '.join(sorted(texts))}", file=sys.stderr)
    return book, findings


def book_of(paths: Sequence[Path]) -> Path:
    """Return the book that the paths are in: the nearest folder above with a ``conf.py``.

    Without paths the one that a command takes. Paths outside of the book are named; a hook may
    pass them.

    :raises SystemExit: with status 2 if there is none.
    """
    for path in paths:
        if not path.exists():
            beside: list[str] = []
            with suppress(OSError):  # there is no such folder, or nobody may look into it
                beside = [one.name for one in path.parent.iterdir()]
            hint = visible(did_you_mean(path.name, beside))
            print(f"mmbook check: '{path}' does not exist{hint}", file=sys.stderr)
            raise SystemExit(2)
    books = {path: book_above(path.resolve()) for path in paths}
    book = next((found for found in books.values() if found), None)
    for path, found in books.items():
        if book and found != book:
            print(f"mmbook check: '{path}' is not in the book '{book}'", file=sys.stderr)
    return book or find_book(paths[0] if paths else None)


def rule_filter(select: str | None, ignore: str | None) -> Callable[[str], bool]:
    """Return which rules to run, as a function of a rule's slug.

    :raises CheckRefused: if a pattern fits no rule.
    """

    def expand(text: str | None) -> set[str]:
        found: set[str] = set()
        for pattern in filter(None, (text or "").replace(" ", "").split(",")):
            groups = {rule.slug: rule.group for rule in all_rules()}  # imports them all
            fits = {s for s, g in groups.items() if fnmatch(s, pattern) or g == pattern}
            if not fits:
                hint = did_you_mean(pattern, [*groups, *set(groups.values())])
                raise CheckRefused(f"there is no rule '{pattern}'{hint}")
            found |= fits
        if text is not None and not found:
            raise CheckRefused("name rules, such as label-unused, or groups, such as labels")
        return found

    selected, ignored = expand(select), expand(ignore)
    return lambda slug: (slug in selected or select is None) and slug not in ignored


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
    if rule.build or rule.only_build:
        print(
            "\nOnly the build reports it." if rule.only_build else "\nThe build reports it as well."
        )
    print(f'\nTo change its level, in conf.py: mmbook_rules = {{"{rule.slug}": "off"}}')
    return 0
