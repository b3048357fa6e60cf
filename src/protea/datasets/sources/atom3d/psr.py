"""Models of CASP targets with their GDT-TS (ATOM3D's PSR), divided by the year of the competition."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from protea.datasets.sources.atom3d.frames import atom_table, protein_of_atoms
from protea.datasets.sources.atom3d.interface import ATOM3DConfig
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein

__all__ = ["ATOM3DPSRConfig"]


class ATOM3DPSRConfig(ATOM3DConfig):
    """Models `<target>:<decoy>` with the protein label `gdt_ts`: global distance test to the true structure, 0 to 1."""

    of_split: ClassVar[str] = "by year of CASP"
    kind: Literal["atom3d_psr"] = "atom3d_psr"

    def prefix(self, item_id: str, where: str) -> str:
        """Return `<target>:<decoy>`; the published id is a pair of texts as Python writes it, read as a literal."""
        try:
            pair = ast.literal_eval(item_id)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            pair = None
        if not isinstance(pair, tuple) or len(pair) != 2 or not all(isinstance(name, str) and name for name in pair):
            raise FileFormatError(
                describe("not an id", where=where, expected="('target', 'decoy')", found=repr(item_id)[:80])
            )
        return f"{pair[0]}:{pair[1].replace(':', '_')}"

    def records(self, prefix: str, item: Mapping[str, Any], report: SourceReport | None) -> Iterator[Protein]:
        """Yield the model."""
        scores = item.get("scores")
        value = scores.get("gdt_ts") if isinstance(scores, Mapping) else None
        if not isinstance(value, int | float) or not 0 <= value <= 1:
            raise FileFormatError(describe("no gdt_ts", where=prefix, expected="0 to 1", found=repr(value)[:80]))
        protein = protein_of_atoms(prefix, atom_table(item.get("atoms"), prefix), f"ATOM3D PSR {prefix}")
        yield protein.replace(labels={"gdt_ts": Label("protein", np.array(value, np.float32), np.array(True))})
