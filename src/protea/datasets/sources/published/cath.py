"""Chains of CATH 4.2 with the split by topology of Ingraham et al. (NeurIPS 2019), for inverse folding."""

import json
from typing import Literal

from protea.datasets.sources.published.interface import ListedChain, PublishedConfig, parse_chain
from protea.errors import FileFormatError, describe

__all__ = ["CATHConfig"]

_PARTS = {"train": "train", "validation": "validation", "test": "test"}


class CATHConfig(PublishedConfig):
    """About 19,000 chains of CATH 4.2; no topology stands in two parts of the split."""

    kind: Literal["cath"] = "cath"

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return ("cath",)

    def listing(self) -> tuple[ListedChain, ...]:
        """Return the chains of the three parts."""
        path = self.place("chain_set_splits.json")
        try:
            tree = json.loads(path.read_text(encoding="utf-8"))
            lists = {part: [str(name) for name in tree[key]] for key, part in _PARTS.items()}
        except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
            raise FileFormatError(
                describe("not the list of splits", where=str(path), expected=f"lists {list(_PARTS)}",
                         found=f"{type(error).__name__}: {error}")
            ) from error  # fmt: skip
        return tuple(parse_chain(name, str(path), part) for part, names in lists.items() for name in names)
