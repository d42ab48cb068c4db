"""Sessions for maintainers: ``nox -l`` lists them. Students need only make or mmbook."""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "types", "tests"]

LOCK = ("-c", "constraints.txt")
GROUPS = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "test")


@nox.session(python=["3.11", "3.12", "3.13"])
def tests(session: nox.Session) -> None:
    """Run all tests, the long ones too, with the locked versions."""
    session.install(*LOCK, "-e", ".[book,live,excel,netcdf]", *GROUPS)
    session.run("pytest", *session.posargs)


@nox.session(python="3.11")
def minimums(session: nox.Session) -> None:
    """Run the tests with the oldest versions that pyproject.toml allows."""
    session.install("uv")
    session.run(
        "uv", "pip", "install", "--resolution", "lowest-direct",
        "-e", ".[book,live,excel,netcdf]", *GROUPS, "--python", session.virtualenv.location,
    )  # fmt: skip
    session.run("pytest", *session.posargs)


@nox.session
def upstream(session: nox.Session) -> None:
    """Run the tests with pre-releases; tests/ext/test_adapters.py says what broke with them."""
    session.install("--pre", "--upgrade", "-e", ".[book,live,excel,netcdf]", *GROUPS)
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style."""
    session.install(*LOCK, "ruff")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly, on the package."""
    lint_group = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "lint")
    session.install(*LOCK, "-e", ".[book]", *lint_group)
    session.run("mypy")


@nox.session
def book(session: nox.Session) -> None:
    """Build the showcase book."""
    session.install(*LOCK, "-e", ".[book]")
    session.run("mmbook", "build", "book", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Make wheel and source distribution."""
    session.install("build")
    session.run("python", "-m", "build")
