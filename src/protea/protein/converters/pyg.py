"""To and from PyTorch Geometric's `Data`: a packed batch as one graph whose nodes are residues.

| `Data` | `ProteinBatch` |
|---|---|
| `pos`, `has_pos` | CA positions (0 where unresolved) and which are resolved |
| `residue_type`, `chain_of`, `author_number` | the same |
| `batch`, `ptr` | protein of each residue, `residue_ptr` |
| `edge_index` [2, edge] | row 0 `edge_source`, row 1 the residue whose message it is |
| `protein_id`, `atom_count`, `atom_code`, `atom_position` | ids; atoms, cut by their count per residue |
| `extra_<axis>_<name>` | extras of the axes protein, residue, atom, edge |

An extra that points into an axis is refused, and so are pairs of proteins: PyG would not shift them.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import torch

from protea.errors import InputError, MissingExtraError, describe
from protea.protein.batch import Axis, Extra, ProteinBatch

if TYPE_CHECKING:
    from torch_geometric.data import Data

__all__ = ["from_pyg", "to_pyg"]

_AXES: tuple[Axis, ...] = ("protein", "residue", "atom", "edge")
_NEEDED = (
    "residue_type", "chain_of", "author_number", "ptr", "edge_index", "protein_id", "atom_count", "atom_code",
    "atom_position",
)  # fmt: skip


def to_pyg(batch: ProteinBatch) -> Data:
    """Return the batch as one `Data`. Raises MissingExtraError where torch_geometric is not installed."""
    if find_spec("torch_geometric") is None:
        raise MissingExtraError(describe("torch_geometric is not installed", do="pip install 'protea[pyg]'"))
    from torch_geometric.data import Data

    position, is_resolved = batch.ca()
    target = torch.repeat_interleave(torch.arange(batch.num_residues, device=batch.device), batch.edge_ptr.diff())
    data = Data(
        pos=position,
        edge_index=torch.stack([batch.edge_source, target]),
        has_pos=is_resolved,
        residue_type=batch.residue_type,
        chain_of=batch.chain_of,
        author_number=batch.author_number,
        batch=batch.protein_of(),
        ptr=batch.residue_ptr,
        protein_id=list(batch.ids),
        atom_count=batch.atom_ptr.diff(),
        atom_code=batch.atom_code,
        atom_position=batch.atom_position,
        num_nodes=batch.num_residues,
    )
    if len(batch.pair_member) or any(extra.axis == "pair" for extra in batch.extra.values()):
        raise InputError(
            describe("the batch holds pairs of proteins", where="to_pyg", expected="proteins alone",
                     found=f"{len(batch.pair_member)} pairs", do="Drop the pairs and their extras first.")
        )  # fmt: skip
    for name, extra in batch.extra.items():
        if extra.points_into is not None:
            raise InputError(
                describe(
                    f"extra {name!r} holds indices into {extra.points_into}", expected="values", do="Drop it first"
                )
            )
        data[f"extra_{extra.axis}_{name}"] = extra.value
    return data


def from_pyg(data: Data) -> ProteinBatch:
    """Return the batch that `to_pyg` turned into `data`; edges are grouped by their target again.

    Raises InputError where an attribute is missing.
    """
    missing = [name for name in _NEEDED if name not in data]
    if missing:
        raise InputError(
            describe("attributes are missing", where="Data", expected="what to_pyg writes", found=f"without {missing}")
        )
    source, target = data["edge_index"]
    order = torch.argsort(target, stable=True)
    extras = {}
    for key in data.keys():  # noqa: SIM118  (Data iterates over pairs)
        for axis in _AXES:
            if key.startswith(f"extra_{axis}_"):
                extras[key.removeprefix(f"extra_{axis}_")] = Extra(axis, data[key])
    return ProteinBatch(
        ids=tuple(data["protein_id"]),
        residue_ptr=data["ptr"],
        residue_type=data["residue_type"],
        chain_of=data["chain_of"],
        author_number=data["author_number"],
        atom_ptr=_pointer(data["atom_count"]),
        atom_code=data["atom_code"],
        atom_position=data["atom_position"],
        edge_ptr=_pointer(torch.bincount(target, minlength=len(data["residue_type"]))),
        edge_source=source[order],
        extra=extras,
    )


def _pointer(count: torch.Tensor) -> torch.Tensor:
    return torch.cat([count.new_zeros(1), count.cumsum(0)])
