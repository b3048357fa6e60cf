"""JSON files that a crash leaves whole or not at all."""

import json
from pathlib import Path
from typing import Any

from protea.cluster.made_once import whole_file

__all__ = ["write_whole"]


def write_whole(content: dict[str, Any], path: Path) -> None:
    """Write JSON so that a crash leaves what was there, or all of the new.

    Raises:
        ValueError: if a number is not finite: JSON has no such number.
    """
    with whole_file(path) as draft:
        draft.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")
