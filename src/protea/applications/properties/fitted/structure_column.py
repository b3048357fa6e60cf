"""Sequences of a labelled file that names structures: in the column `structure` a file per row, beside the table.

The column `chain` tells which chain, where a file has several. Its whole sequence is taken, SEQRES where the file has
one: labels of residues and numbers of mutations are of that sequence.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from protea.errors import FileFormatError, describe
from protea.protein.readers.read import read_protein

__all__ = ["sequences_of_structures"]


def sequences_of_structures(columns: Mapping[str, Sequence[Any]], table: Path) -> list[str | None]:
    """Return the sequence of each row, None where it names no structure; each file is read once.

    Raises:
        FileFormatError: if a file cannot be read as a structure, or it is not told which of its chains is meant.
    """
    chains = columns.get("chain", [None] * len(columns["structure"]))
    sequences_of: dict[str, dict[str, str]] = {}
    found: list[str | None] = []
    for row, (name, chain) in enumerate(zip(columns["structure"], chains, strict=True)):
        if not name:
            found.append(None)
            continue
        if name not in sequences_of:
            sequences_of[name] = _sequences(table.parent / name)
        own = sequences_of[name]
        if (chain is None and len(own) != 1) or (chain is not None and chain not in own):
            raise FileFormatError(
                describe("which chain of the structure?", where=f"{table}, row {row + 1}", found=repr(chain),
                         expected=f"one of {', '.join(own)} in the column chain")
            )  # fmt: skip
        found.append(next(iter(own.values())) if chain is None else own[chain])
    return found


def _sequences(path: Path) -> dict[str, str]:
    """Return the whole sequence of each chain."""
    protein = read_protein(path)
    names = [name for place, name in enumerate(protein.chain_ids) if (protein.chain_of == place).any()]
    chains = {name: protein.select_chains((name,)) for name in names}
    return {name: (chain.seqres[0] if chain.seqres else None) or chain.sequence for name, chain in chains.items()}
