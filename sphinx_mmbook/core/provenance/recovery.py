"""What a kill or a crash left half done is brought to an end before anything of the book is read.

So whatever was killed, and when: each command finds the old result or the new one, whole.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from sphinx_mmbook.core.files.paths import work_folder
from sphinx_mmbook.core.files.staging import recover_all


def recover_results(book: Path) -> list[str]:
    """Finish what was interrupted in the book's stored results; return what was done, as sentences.

    What is still going on is left alone, and so is all in a book that cannot be written.
    """
    done = []
    # First the files of each single result, then the results of a run that was not finished.
    with suppress(OSError):
        for path in recover_all(book):
            name = path.relative_to(book).as_posix()
            done.append(f"{name}: put in place what a program had stored when it was stopped")
    if (work_folder(book) / "before").is_dir():
        done += _put_back(book)
    return done


def _put_back(book: Path) -> list[str]:
    from sphinx_mmbook.core.provenance import backup  # noqa: PLC0415 -- few checks need it

    left = backup.interrupted_folder(book).relative_to(book).as_posix()
    with suppress(backup.RunInProgress, OSError, ValueError), backup.locked(book):
        return [
            f"{path}: put back, since the run that was making it anew was stopped; what the "
            f"run left is in {left}/{Path(path).parent.as_posix()}"
            for path in backup.put_back_interrupted(book)
        ]
    return []
