"""What a preview adds to a page that a reader's build does not have: findings, and the reload."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx_mmbook.preview.worker import Message

#: No page of a book has an address like this.
EVENTS = "/-mmbook-live/events"
#: A page with hundreds of findings needs no list of them all.
MOST = 20

_STYLE = """\
#mmbook-live{position:fixed;right:1rem;bottom:1rem;z-index:9999;max-width:min(40rem,90vw);
max-height:60vh;overflow:auto;font:0.9rem/1.4 system-ui,sans-serif;color:#1b1b1b;background:#fff8e1;
border:2px solid #b26a00;border-radius:.4rem;padding:.5rem .75rem}
#mmbook-live.stopped{background:#fdecea;border-color:#b3261e}
#mmbook-live summary{cursor:pointer;font-weight:600}
#mmbook-live ul{margin:.4rem 0 0;padding-left:1.2rem}
#mmbook-live pre{white-space:pre-wrap;margin:.4rem 0 0;color:inherit;background:none;border:0}
#mmbook-live code{color:inherit;background:none}
@media print{#mmbook-live{display:none}}
"""
_SCRIPT = """\
new EventSource("%s").onmessage = (event) => {
  const [version, state] = event.data.split(" ");
  document.documentElement.dataset.mmbookLive = state;
  if (version !== "%d") location.reload();
};
"""


def panel(messages: Sequence[Message], stopped: str, version: int) -> str:
    """Return the HTML to add before ``</body>``: the findings of the page, and what reloads it."""
    script = f"<script>{_SCRIPT % (EVENTS, version)}</script>"
    if not messages and not stopped:
        return script
    count = f"{len(messages)} finding{'s' * (len(messages) != 1)}"
    title = "The book was not built; this page is the one before" if stopped else count
    items = [
        f"<li><code>{escape(m.location)}</code> {escape(m.text)}</li>" for m in messages[:MOST]
    ]
    if len(messages) > MOST:
        items.append(f"<li>and {len(messages) - MOST} more, in the terminal</li>")
    body = f"<pre>{escape(stopped.strip())}</pre>" * bool(stopped)
    body += f"<ul>{''.join(items)}</ul>" * bool(items)
    kind = ' class="stopped"' * bool(stopped)
    return (
        f"<style>{_STYLE}</style>"
        f'<aside id="mmbook-live"{kind} aria-label="Findings of the preview"><details open>'
        f"<summary>{title}</summary>{body}</details></aside>{script}"
    )


def with_panel(page: bytes, extra: str) -> bytes:
    """Return a page of HTML with ``extra`` at the end of its body."""
    before, end, after = page.rpartition(b"</body>")
    return before + extra.encode() + end + after if end else page + extra.encode()
