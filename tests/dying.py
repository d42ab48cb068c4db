"""Programs that kill themselves before the N-th call that changes anything on the disk."""

from __future__ import annotations

#: Before a program's own code; N is its first argument. Calls of ``PLACES`` count.
_CODE = """\
import os, pathlib, signal, sys
left = int(sys.argv[1])
def dying(function):
    def call(*words, **names):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return function(*words, **names)
    return call
for place, name in {places}:
    setattr(place, name, dying(getattr(place, name)))
"""
_RENAMING = ("rename", "replace", "unlink", "rmdir")


def dying(code: str, *calls: str) -> str:
    """Return ``code``, which dies at renaming or removing a file, or at ``calls`` (``os.fsync``)."""
    named = [f"pathlib.Path.{name}" for name in _RENAMING] + list(calls)
    pairs = ", ".join(
        f"({place}, {name!r})" for place, _, name in (n.rpartition(".") for n in named)
    )
    return _CODE.format(places=f"({pairs})") + code
