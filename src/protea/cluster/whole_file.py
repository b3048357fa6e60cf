"""Files that a crash leaves as they were, or with all of the new content; several processes may write one at once."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["whole_file", "write_json"]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a path beside a file; what was written there takes its place, or is gone where writing failed."""
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
    try:
        yield draft
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(content: dict[str, Any], path: Path) -> None:
    """Write one JSON object.

    Raises:
        ValueError: if a number is not finite: JSON has no such number.
    """
    with whole_file(path) as draft:
        draft.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
