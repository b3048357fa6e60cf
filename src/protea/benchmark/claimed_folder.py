"""What the folder of a training or a grid is for: written once, and not changed once something was trained in it."""

import json
from pathlib import Path
from typing import Any

from protea.cluster.whole_file import write_json
from protea.config import differences
from protea.errors import ConfigError, describe

__all__ = ["claim_folder"]


def claim_folder(marker: Path, own: dict[str, Any], what: str, *, has_begun: bool) -> None:
    """Write a configuration into a folder, whole or not at all.

    Args:
        marker: the file.
        own: the configuration, as JSON.
        what: what another one there would be, in words.
        has_begun: whether anything was trained in the folder. Where that only failed, it may be mended.

    Raises:
        ConfigError: if another configuration is there and something was trained under it.
    """
    found = json.loads(marker.read_text(encoding="utf-8")) if marker.exists() else own
    if found != own and has_begun:
        raise ConfigError(
            describe(f"the folder holds {what}", where=str(marker.parent), found=", ".join(differences(found, own)),
                     do="Choose another --out, or delete the folder.")
        )  # fmt: skip
    write_json(own, marker)
