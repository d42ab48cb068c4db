"""What jupyter-cache never promised: where a record's files lie, and how a record is removed.

Read in jupyter-cache 1.0. Its own ``remove_cache`` fails where the files are gone already.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from jupyter_cache.cache.db import NbCacheRecord


def file_of(cache: Any, record: Any) -> Path:
    """Return the executed notebook of a record."""
    folder = Path(cache.path) / "executed" / str(record.hashkey)
    return folder / "base.ipynb"


def remove_record(cache: Any, record: Any) -> None:
    """Remove a record and its files, as far as they are there."""
    NbCacheRecord.remove_records([record.pk], cache.db)
    shutil.rmtree(file_of(cache, record).parent, ignore_errors=True)
