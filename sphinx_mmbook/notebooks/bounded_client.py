"""A run whose cells can put out only so much: what 200 MB print, no page can show."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from nbclient import NotebookClient

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Messages of a kernel that are outputs of the cell.
_OUTPUTS = {"stream", "display_data", "execute_result", "error"}
#: Printed text is for reading: so much less of it is kept than of figures and tables.
PRINTED_SHARE = 10


class BoundedClient(NotebookClient):  # type: ignore[misc]
    """Drops the outputs of a cell once they are too many, while it runs on.

    ``most`` is in bytes, 0 for no bound; ``cut`` are the indices of the cells that had more.
    """

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        self.cut: set[int] = set()
        self.used: Counter[tuple[int, bool]] = Counter()

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Process a message of the kernel, if there is room for what it brings."""
        if self.most and msg["msg_type"] in _OUTPUTS and not self._fit(msg, cell_index):
            return None
        return super().process_message(msg, cell, cell_index)

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str, cell_index: int
    ) -> NotebookNode | None:
        """Add an output to a cell; what is printed in one go is one, however often it is sent.

        A kernel sends what is printed after some time, so that a busy machine made another page.
        (nbclient's ``coalesce_streams`` moves also what is printed after a figure before it.)
        """
        made: NotebookNode | None = super().output(outs, msg, display_id, cell_index)
        last = outs[-2:]
        if [one.output_type for one in last] == ["stream"] * 2 and last[0].name == last[1].name:
            last[0].text += outs.pop().text
            return last[0]
        return made

    def _fit(self, msg: dict[str, Any], cell: int) -> bool:
        """Cut printed text to the room that is left; say whether anything is left of the output."""
        content, printed = msg["content"], msg["msg_type"] == "stream"
        room = (self.most // PRINTED_SHARE if printed else self.most) - self.used[cell, printed]
        parts = content.get("data") or content
        size = len(content["text"]) if printed else sum(len(str(part)) for part in parts.values())
        if size <= room:
            self.used[cell, printed] += size
            return True
        self.cut.add(cell)
        if printed and room > 0:
            content["text"] = content["text"][:room]
            self.used[cell, printed] += room
        return printed and room > 0
