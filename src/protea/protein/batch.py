"""`ProteinBatch`: proteins packed end to end, without padding.

Axes: protein, residue, atom, edge, pair. Each inner axis is cut by a pointer: `residue_ptr` [protein + 1], `atom_ptr`
[residue + 1], `edge_ptr` [residue + 1]. A pair is two proteins of the batch (`pair_member`); each stands there once,
however many pairs it is in. A field declares its axis by the first name of its jaxtyping annotation and, if it
holds indices, the axis that it points into (`index_into`), so that `to`, `concat`, `select` and `unpack` are generic
and shift indices right. A field that declares no axis fails at import. Positions in angstrom.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from protea.errors import ContractError, describe
from protea.protein.chemistry import ATOM_CODE, BACKBONE_ATOMS
from protea.protein.record import Protein

__all__ = ["Axis", "Extra", "ProteinBatch", "concat", "index_into", "pack"]

Axis = Literal["protein", "residue", "atom", "edge", "pair"]
_AXES: tuple[Axis, ...] = ("protein", "residue", "atom", "edge", "pair")
_ATOM_TYPES = 256


class Extra(NamedTuple):
    """A label, stored embedding or other tensor that travels with a batch: its axis, value, and what it points into."""

    axis: Axis
    value: Tensor
    points_into: Axis | None = None


def index_into(axis: Axis, default_factory: Callable[[], Tensor] | None = None) -> Any:
    """Return a dataclass field whose values are indices into `axis`."""
    if default_factory is None:
        return field(metadata={"points_into": axis})
    return field(metadata={"points_into": axis}, default_factory=default_factory)


def _no_pairs() -> Tensor:
    return torch.zeros((0, 2), dtype=torch.int64)


@dataclass(frozen=True, eq=False)
class ProteinBatch:
    """Packed proteins. See the module docstring for axes; `chain_of` counts chains inside each protein."""

    ids: tuple[str, ...]
    residue_ptr: Int[Tensor, " protein_plus_1"]
    residue_type: Int[Tensor, " residue"]
    chain_of: Int[Tensor, " residue"]
    author_number: Int[Tensor, " residue"]
    atom_ptr: Int[Tensor, " residue_plus_1"]
    atom_code: UInt8[Tensor, " atom"]
    atom_position: Float[Tensor, "atom 3"]
    edge_ptr: Int[Tensor, " residue_plus_1"]
    edge_source: Int[Tensor, " edge"] = index_into("residue")
    pair_member: Int[Tensor, "pair 2"] = index_into("protein", _no_pairs)
    extra: Mapping[str, Extra] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))
        if not len(self.pair_member):  # the default knows of no device
            object.__setattr__(self, "pair_member", self.pair_member.to(self.residue_type.device))
        sizes = self.sizes()
        if len(self.ids) != sizes["protein"]:
            raise ContractError(
                describe("one id per protein", expected=str(sizes["protein"]), found=str(len(self.ids)))
            )
        for name, axis in _AXIS_OF.items():
            self._check_rows(name, getattr(self, name), sizes[axis])
        for name, axis in _ROWS_OF_PTR.items():
            self._check_rows(name, getattr(self, name), sizes[axis] + 1)
        for name, item in self.extra.items():
            if item.axis not in _AXES:
                raise ContractError(describe(f"extra {name!r} has no axis", expected=str(_AXES), found=repr(item.axis)))
            self._check_rows(name, item.value, sizes[item.axis])

    def _check_rows(self, name: str, value: Tensor, rows: int) -> None:
        if value.shape[:1] != (rows,):
            raise ContractError(
                describe(f"{name} has another length", where=f"batch of {self.ids[:3]}...", expected=str(rows),
                         found=str(tuple(value.shape)))
            )  # fmt: skip

    def sizes(self) -> dict[Axis, int]:
        """Return the length of each axis."""
        return {
            "protein": len(self.residue_ptr) - 1,
            "residue": len(self.residue_type),
            "atom": len(self.atom_code),
            "edge": len(self.edge_source),
            "pair": len(self.pair_member),
        }

    def __len__(self) -> int:
        return len(self.ids)

    def __reduce__(self) -> tuple[Any, ...]:
        # A mapping proxy cannot be pickled, and a loader's worker must send batches.
        return _restored, ({**vars(self), "extra": dict(self.extra)},)

    @property
    def num_residues(self) -> int:
        """Number of residues over all proteins."""
        return len(self.residue_type)

    @property
    def device(self) -> torch.device:
        """Device of the tensors."""
        return self.residue_type.device

    def replace(self, **changes: Any) -> "ProteinBatch":
        """Return a copy with the named fields changed; checked like a new batch."""
        return replace(self, **changes)

    def with_extra(self, **items: Extra) -> "ProteinBatch":
        """Return a copy that also carries the named extras."""
        return self.replace(extra={**self.extra, **items})

    def _map(self, convert: Callable[[Tensor], Tensor]) -> "ProteinBatch":
        changes: dict[str, Any] = {name: convert(getattr(self, name)) for name in (*_AXIS_OF, *_ROWS_OF_PTR)}
        changes["extra"] = {name: item._replace(value=convert(item.value)) for name, item in self.extra.items()}
        return replace(self, **changes)

    def to(self, target: torch.device | str | torch.dtype) -> "ProteinBatch":
        """Return the batch on a device, or with its floating fields in a dtype."""
        if isinstance(target, torch.dtype):
            return self._map(lambda tensor: tensor.to(target) if tensor.is_floating_point() else tensor)
        return self._map(lambda tensor: tensor.to(target, non_blocking=True))

    def pin_memory(self) -> "ProteinBatch":
        """Return the batch in page-locked memory, for a faster copy to a GPU."""
        return self._map(lambda tensor: tensor.pin_memory())

    def lengths(self) -> Int[Tensor, " protein"]:
        """Return the number of residues of each protein."""
        return self.residue_ptr.diff()

    def protein_of(self) -> Int[Tensor, " residue"]:
        """Return the protein index of each residue."""
        return torch.repeat_interleave(
            torch.arange(len(self), device=self.device), self.lengths(), output_size=self.num_residues
        )

    def index_in_protein(self) -> Int[Tensor, " residue"]:
        """Return 0, 1, 2, ... inside each protein."""
        return torch.arange(self.num_residues, device=self.device) - self.residue_ptr[:-1][self.protein_of()]

    def residue_of_atom(self) -> Int[Tensor, " atom"]:
        """Return the residue index of each atom."""
        return torch.repeat_interleave(
            torch.arange(self.num_residues, device=self.device), self.atom_ptr.diff(), output_size=len(self.atom_code)
        )

    def atoms(self, codes: Sequence[int]) -> tuple[Float[Tensor, "residue type 3"], Bool[Tensor, "residue type"]]:
        """Return positions (0 where unresolved) and a mask for the given atom codes on a dense axis, in angstrom."""
        column_of = torch.full((_ATOM_TYPES,), -1, dtype=torch.long, device=self.device)
        column_of[torch.as_tensor(codes, device=self.device)] = torch.arange(len(codes), device=self.device)
        column = column_of[self.atom_code.long()]
        chosen = column >= 0
        row, column = self.residue_of_atom()[chosen], column[chosen]
        position = self.atom_position.new_zeros((self.num_residues, len(codes), 3))
        is_resolved = torch.zeros((self.num_residues, len(codes)), dtype=torch.bool, device=self.device)
        position[row, column] = self.atom_position[chosen]
        is_resolved[row, column] = True
        return position, is_resolved

    def ca(self) -> tuple[Float[Tensor, "residue 3"], Bool[Tensor, " residue"]]:
        """Return CA positions in angstrom and which are resolved."""
        position, is_resolved = self.atoms([ATOM_CODE["CA"]])
        return position[:, 0], is_resolved[:, 0]

    def backbone(self) -> tuple[Float[Tensor, "residue 4 3"], Bool[Tensor, "residue 4"]]:
        """Return N, CA, C, O in angstrom and which are resolved."""
        return self.atoms([ATOM_CODE[name] for name in BACKBONE_ATOMS])

    def select(self, rows: Int[Tensor, " chosen"] | Sequence[int]) -> "ProteinBatch":
        """Return the batch of the chosen proteins, in the order given; indices are shifted along.

        A pair is kept where both of its members are chosen, and pairs keep their order: of half a pair nothing is left
        to say. So `concat(unpack())` has no pair but those of a protein with itself.
        """
        rows = torch.as_tensor(rows, dtype=torch.long, device=self.device)
        index: dict[str, Tensor] = {"protein": rows}
        ptr: dict[str, Tensor] = {}
        index["residue"], ptr["residue_ptr"] = _gather_segments(self.residue_ptr, rows)
        index["atom"], ptr["atom_ptr"] = _gather_segments(self.atom_ptr, index["residue"])
        index["edge"], ptr["edge_ptr"] = _gather_segments(self.edge_ptr, index["residue"])
        index["pair"] = torch.isin(self.pair_member, rows).all(1).nonzero()[:, 0]
        sizes = self.sizes()

        def take(value: Tensor, axis: Axis, points_into: Axis | None) -> Tensor:
            chosen = value[index[axis]]
            if points_into is None:
                return chosen
            new_of_old = torch.full((sizes[points_into],), -1, dtype=torch.long, device=self.device)
            new_of_old[index[points_into]] = torch.arange(len(index[points_into]), device=self.device)
            return new_of_old[chosen]

        changes: dict[str, Any] = dict(ptr)
        changes["ids"] = tuple(self.ids[row] for row in rows.tolist())
        for name, axis in _AXIS_OF.items():
            changes[name] = take(getattr(self, name), axis, _POINTS_INTO[name])
        changes["extra"] = {
            name: item._replace(value=take(item.value, item.axis, item.points_into))
            for name, item in self.extra.items()
        }
        return ProteinBatch(**changes)

    def unpack(self) -> "list[ProteinBatch]":
        """Return one batch per protein, in order."""
        return [self.select([row]) for row in range(len(self))]


def _restored(changes: dict[str, Any]) -> ProteinBatch:
    return ProteinBatch(**changes)


def _gather_segments(
    ptr: Int[Tensor, " segment_plus_1"], rows: Int[Tensor, " chosen"]
) -> tuple[Int[Tensor, " item"], Int[Tensor, " chosen_plus_1"]]:
    """Return the items of the chosen segments and their new pointer."""
    counts = ptr.diff()[rows]
    new_ptr = torch.cat([counts.new_zeros(1), counts.cumsum(0)])
    shift = torch.repeat_interleave(ptr[:-1][rows] - new_ptr[:-1], counts)
    return torch.arange(len(shift), device=ptr.device) + shift, new_ptr


def _declared_axes() -> tuple[dict[str, Axis], dict[str, Axis], dict[str, Axis | None]]:
    """Return axis per field, parent axis per pointer field, and target axis per index field; fail where undeclared."""
    axis_of: dict[str, Axis] = {}
    rows_of_ptr: dict[str, Axis] = {}
    points_into: dict[str, Axis | None] = {}
    for item in fields(ProteinBatch):
        if item.name in ("ids", "extra"):
            continue
        first = getattr(item.type, "dim_str", "").split()[:1]
        name = first[0].removesuffix("_plus_1") if first else ""
        if name not in _AXES:
            raise ContractError(
                describe("field declares no axis", where=f"ProteinBatch.{item.name}", expected=str(_AXES), found=name)
            )
        if name != first[0]:
            rows_of_ptr[item.name] = name
        else:
            axis_of[item.name] = name
            points_into[item.name] = item.metadata.get("points_into")
    return axis_of, rows_of_ptr, points_into


_AXIS_OF, _ROWS_OF_PTR, _POINTS_INTO = _declared_axes()


def pack(proteins: Sequence[Protein], labels: Sequence[str] = ()) -> ProteinBatch:
    """Return one batch of the proteins; each named label travels as extras `name` and `name.is_known`.

    Raises ContractError where a protein lacks a named label, or where shapes differ between proteins.
    """

    def joined(name: str, dtype: type, shape: tuple[int, ...] = ()) -> Tensor:
        parts: list[np.ndarray] = [np.asarray(getattr(protein, name), dtype=dtype) for protein in proteins]
        return torch.from_numpy(np.concatenate(parts) if parts else np.zeros((0, *shape), dtype))

    def pointer(counts: list[np.ndarray]) -> Tensor:
        ends = np.cumsum(np.concatenate([np.zeros(1, np.int64), *counts]))
        return torch.from_numpy(ends.astype(np.int64))

    num_residues = sum(len(protein) for protein in proteins)
    extra: dict[str, Extra] = {}
    for name in labels:
        extra |= _packed_label(proteins, name)
    types = [protein.residue_type() for protein in proteins]
    return ProteinBatch(
        ids=tuple(protein.id for protein in proteins),
        residue_ptr=pointer([np.array([len(protein) for protein in proteins], np.int64)]),
        residue_type=torch.from_numpy(np.concatenate(types).astype(np.int64) if types else np.zeros(0, np.int64)),
        chain_of=joined("chain_of", np.int64),
        author_number=joined("author_number", np.int64),
        atom_ptr=pointer([np.diff(protein.atom_ptr) for protein in proteins]),
        atom_code=joined("atom_code", np.uint8),
        atom_position=joined("atom_position", np.float32, (3,)),
        edge_ptr=torch.zeros(num_residues + 1, dtype=torch.int64),
        edge_source=torch.zeros(0, dtype=torch.int64),
        extra=extra,
    )


def _packed_label(proteins: Sequence[Protein], name: str) -> dict[str, Extra]:
    for protein in proteins:
        if name not in protein.labels:
            raise ContractError(
                describe(f"no label {name!r}", where=protein.id, expected=f"one of {sorted(protein.labels)}")
            )
    found = [protein.labels[name] for protein in proteins]
    if len({label.level for label in found}) != 1:
        raise ContractError(
            describe(f"label {name!r} is at residue level in some proteins and protein level in others")
        )
    axis: Axis = found[0].level
    join = np.concatenate if axis == "residue" else np.stack
    value = torch.from_numpy(np.ascontiguousarray(join([label.value for label in found])))
    is_known = torch.from_numpy(np.ascontiguousarray(join([label.is_known for label in found])))
    return {name: Extra(axis, value), f"{name}.is_known": Extra(axis, is_known)}


def concat(batches: Sequence[ProteinBatch]) -> ProteinBatch:
    """Return the batches joined end to end; all must carry the same extras."""
    if not batches:
        return pack([])
    names = set(batches[0].extra)
    for batch in batches:
        if set(batch.extra) != names:
            raise ContractError(describe("batches carry other extras", expected=str(sorted(names)),
                                         found=str(sorted(batch.extra))))  # fmt: skip
    offsets = {axis: np.cumsum([0, *(batch.sizes()[axis] for batch in batches)]).tolist() for axis in _AXES}

    def join(values: list[Tensor], points_into: Axis | None) -> Tensor:
        if points_into is None:
            return torch.cat(values)
        return torch.cat([value + offset for value, offset in zip(values, offsets[points_into], strict=False)])

    def join_ptr(name: str) -> Tensor:
        counts = [getattr(batch, name).diff() for batch in batches]
        return torch.cat([counts[0].new_zeros(1), torch.cat(counts).cumsum(0)])

    changes: dict[str, Any] = {"ids": tuple(id for batch in batches for id in batch.ids)}
    for name in _AXIS_OF:
        changes[name] = join([getattr(batch, name) for batch in batches], _POINTS_INTO[name])
    for name in _ROWS_OF_PTR:
        changes[name] = join_ptr(name)
    changes["extra"] = {
        name: batches[0]
        .extra[name]
        ._replace(value=join([batch.extra[name].value for batch in batches], batches[0].extra[name].points_into))
        for name in names
    }
    return ProteinBatch(**changes)
