"""A Sphinx extension that prints the processor seconds of each phase of a build, on one line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: The event with which each phase ends. All but writing also count what workers have not done.
ENDS = {
    "builder-inited": "start",
    "env-before-read-docs": "before reading",
    "env-updated": "reading",
    "env-check-consistency": "checking",
    "build-finished": "writing",
}


def setup(app: Sphinx) -> dict[str, bool]:
    """Note when each phase ends; print all at the end."""
    found: list[tuple[str, float]] = []

    def note(event: str, *_: object) -> list[str] | None:
        found.append((ENDS[event], time.process_time()))
        if event == "build-finished":
            before = [0.0, *(end for _, end in found)]
            steps = zip(found, before, strict=False)
            print(
                ", ".join(f"{name} {end - start:.1f}" for (name, end), start in steps), flush=True
            )
        return [] if event == "env-updated" else None

    for event in ENDS:
        app.connect(event, lambda *args, event=event: note(event, *args), priority=999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
