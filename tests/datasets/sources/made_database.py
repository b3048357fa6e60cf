"""A tiny FoldComp database on disk."""

from collections.abc import Mapping
from pathlib import Path

from protea.protein.writers.foldcomp import format_foldcomp
from tests.protein.readers.foldcomp.made_chain import full_chain

NAMES = tuple(f"AF-P{index:05d}-F1-model_v4" for index in range(5))


def entries() -> dict[str, bytes]:
    """Five sound entries by name."""
    return {name: format_foldcomp(full_chain(i, length=30 + 5 * i, plddt=True)) for i, name in enumerate(NAMES)}


def write_database(path: Path, content: Mapping[str, bytes], *, lookup_order: int = 1) -> Path:
    """Write a database with keys 3, 4, ...; names end in .pdb, as in the published ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    index, lookup, data = [], [], b""
    for key, (name, entry) in enumerate(content.items(), start=3):
        index.append(f"{key}\t{len(data)}\t{len(entry)}\n")
        lookup.append(f"{key}\t{name}.pdb\t0\n")
        data += entry
    path.write_bytes(data)
    path.with_name(path.name + ".index").write_text("".join(index))
    path.with_name(path.name + ".lookup").write_text("".join(lookup[::lookup_order]))
    path.with_name(path.name + ".dbtype").write_bytes((12).to_bytes(4, "little"))
    return path
