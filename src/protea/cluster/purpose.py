"""What a shared folder is for: written by the machine that comes first, and the same for all that follow."""

import json
import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from protea.config import differences
from protea.errors import ConfigError, describe

__all__ = ["begin"]


def begin(path: Path, purpose: dict[str, Any], do: str) -> None:
    """Write what a folder is for, or raise ConfigError where it is for something else.

    Of several machines that begin at once one writes, and the others compare.

    Args:
        path: the file; its folder is made.
        purpose: what must be the same on every machine, as JSON.
        do: what the user can do where it is not.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    own = json.loads(json.dumps(purpose))
    temporary = path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
    temporary.write_text(json.dumps(own, indent=1, sort_keys=True), encoding="utf-8")
    with suppress(FileExistsError):
        os.link(temporary, path)  # whole at once, and only where there is none
    temporary.unlink()
    found = json.loads(path.read_text(encoding="utf-8"))
    if found != own:
        raise ConfigError(
            describe("the folder was begun for something else", where=str(path.parent),
                     found=", ".join(differences(found, own)), do=do)
        )  # fmt: skip
