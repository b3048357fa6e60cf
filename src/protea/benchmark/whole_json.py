"""JSON files that a crash leaves whole or not at all."""

import json
import os
import uuid
from pathlib import Path
from typing import Any

__all__ = ["write_whole"]


def write_whole(content: dict[str, Any], path: Path) -> None:
    """Write JSON so that a crash leaves what was there, or all of the new."""
    # Machines that share the folder write the same, but not into one file.
    temporary = path.with_suffix(f".{uuid.uuid4().hex}.partial")
    temporary.write_text(json.dumps(content, indent=1), encoding="utf-8")
    os.replace(temporary, path)
