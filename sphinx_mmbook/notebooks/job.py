"""A chapter to run, and what came of it: plain data, which goes to other processes and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nbformat import NotebookNode


@dataclass(frozen=True)
class Limits:
    """What a run may take; 0: no limit.

    ``cell_seconds`` is for each cell, ``output_bytes`` for the outputs of each; ``chapter_seconds``
    for all cells, ``memory_bytes`` for the kernel (0: most of what the machine has).
    """

    cell_seconds: int = 30
    output_bytes: int = 10_000_000
    chapter_seconds: float = 0
    memory_bytes: int = 0


@dataclass(frozen=True)
class Job:
    """A chapter to run.

    ``name`` is what progress calls it, ``file`` its page, in whose folder the code runs.
    What the code reads from the ``repository`` is noted; not set, from the page's folder.
    ``depends`` are patterns of files, from the folder, that the page declares to depend on.
    ``estimate`` are the seconds that its last run took, ``None`` if it never ran.
    ``resources`` are what it asks of a worker of a cluster, such as ``{"gpu": 1}``.
    """

    name: str
    file: Path
    notebook: NotebookNode
    limits: Limits = field(default_factory=Limits)
    allow_errors: bool = False
    estimate: float | None = None
    repository: Path | None = None
    depends: tuple[str, ...] = ()
    resources: Mapping[str, float] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder in which the code runs."""
        return self.file.parent

    @property
    def root(self) -> Path:
        """The folder below which files count."""
        return self.repository or self.folder

    @property
    def is_python(self) -> bool:
        """Whether the kernel is that of the Python which runs the build."""
        return self.kernel == "python3"

    @property
    def kernel(self) -> str:
        """The name of the kernel that the notebook asks for."""
        return str(self.notebook.metadata.get("kernelspec", {}).get("name") or "python3")

    @property
    def cells(self) -> int:
        """The number of code cells."""
        return sum(cell.cell_type == "code" for cell in self.notebook.cells)


@dataclass(frozen=True)
class Failure:
    """Why a run ended early.

    ``rule`` is one of ``cell-error``, ``cell-timeout``, ``cell-output``, ``cell-memory``,
    ``chapter-timeout``, ``kernel-died``, ``kernel-start`` and ``kernel-missing``. ``cell`` is the
    index of the failing cell, -1 if none had begun; ``line`` the line in it (from 1), 0 if
    not known.
    """

    rule: str
    message: str
    cell: int = -1
    line: int = 0


@dataclass(frozen=True)
class Used:
    """What a run depends on. Paths are from the chapter's folder, but ``page`` from the root.

    ``code`` is the hash of its code and kernel. ``files`` has the hash of each file that it read,
    empty if it was not there, and with a slash after the name that of a folder's names.
    ``declared`` has the hash of what each pattern matches; ``stats`` the times and size of files
    that are too large to be read at every build; ``written`` are the files that the code makes.
    """

    code: str
    page: str
    python: str = ""
    packages: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    stats: dict[str, list[int]] = field(default_factory=dict)
    written: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The notebook with all outputs until the end or the failure, which is shown as one."""

    notebook: NotebookNode
    seconds: float
    failure: Failure | None = None
    used: Used | None = None
