"""The process of a Python kernel of ours: it notes what it reads, and is ipykernel's own then.

``python -m sphinx_mmbook.notebooks.kernel_process -f kernel.json`` is an ordinary kernel; a warm
one calls :func:`start` after it was forked. The order comes by the environment, from which it is
removed: what a chapter's code finds there is the same for both.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

#: The environment variable with a list as JSON: the file to which the kernel adds what it reads,
#: and the folder whose files count.
ORDER = "MMBOOK_OBSERVE"


def start(argv: list[str]) -> None:
    """Be a kernel until it is told to end."""
    order = json.loads(os.environ.pop(ORDER, "[]"))
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415 -- slow

    # ipykernel has read the parent's number at its import, which another process may have done.
    app: Any = IPKernelApp.instance(parent_handle=os.getppid() if os.name != "nt" else 0)
    app.initialize(argv)
    if order:
        from sphinx_mmbook.core.provenance.opened import ReadLog  # noqa: PLC0415

        sys.addaudithook(ReadLog(*order))
    app.start()


def leave_folder() -> None:
    """Let no file of the folder be a module of ours, as ``ipykernel_launcher`` does."""
    if os.path.abspath(sys.path[0] or ".") == os.getcwd():  # noqa: PTH100, PTH109
        del sys.path[0]


if __name__ == "__main__":
    leave_folder()
    start(sys.argv[1:])
