"""Label tables: values per protein or per residue, kept apart from structures and joined by id at load.

A protein that the table does not list is not an error: its label is unknown (`is_known` False, value 0).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Int

from protea.errors import ContractError, FileFormatError, InputError, describe
from protea.protein.batch import Extra
from protea.protein.record import Label, Protein

__all__ = ["LabelTable", "packed_label"]


def packed_label(name: str, level: Literal["residue", "protein"], labels: Sequence[Label]) -> dict[str, Extra]:
    """Return a label as the extras `name` and `name.is_known` of a batch."""
    if not labels:
        return {name: Extra(level, torch.zeros(0)), f"{name}.is_known": Extra(level, torch.zeros(0, dtype=torch.bool))}
    join = np.concatenate if level == "residue" else np.stack
    value = np.ascontiguousarray(join([label.value for label in labels]))
    is_known = np.ascontiguousarray(join([label.is_known for label in labels]))
    return {
        name: Extra(level, torch.from_numpy(value)),
        f"{name}.is_known": Extra(level, torch.from_numpy(is_known)),
    }


@dataclass(frozen=True, eq=False)
class LabelTable:
    """One label by protein id; all entries share level, type and trailing shape."""

    name: str
    level: Literal["residue", "protein"]
    of: Mapping[str, Label]

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", MappingProxyType(dict(self.of)))
        lead = 1 if self.level == "residue" else 0
        kinds = {(label.level, label.value.dtype, label.value.shape[lead:]) for label in self.of.values()}
        if len(kinds) > 1 or any(level != self.level for level, _, _ in kinds):
            raise ContractError(
                describe(f"entries of label {self.name!r} differ", expected=f"one type and shape at {self.level} level",
                         found=str(sorted(str(kind) for kind in kinds)))
            )  # fmt: skip

    def __reduce__(self) -> tuple[Any, ...]:
        return LabelTable, (self.name, self.level, dict(self.of))  # a mapping proxy cannot be pickled

    def __len__(self) -> int:
        return len(self.of)

    def label(self, id: str, length: int) -> Label:
        """Return the label of a protein of `length` residues; unknown where the table does not list it.

        Raises ContractError where a residue label has another length.
        """
        label = self.of.get(id)
        if label is None:
            return self._unknown(length)
        if self.level == "residue" and len(label.value) != length:
            raise ContractError(
                describe(f"label {self.name!r} has another length", where=id, expected=str(length),
                         found=str(len(label.value)))
            )  # fmt: skip
        return label

    def _unknown(self, length: int) -> Label:
        if not self.of:
            raise ContractError(describe("a label table without entries tells no type", where=self.name))
        sample = next(iter(self.of.values()))
        lead = (length,) if self.level == "residue" else ()
        rest = 1 if self.level == "residue" else 0
        value = np.zeros((*lead, *sample.value.shape[rest:]), sample.value.dtype)
        return Label(self.level, value, np.zeros((*lead, *sample.is_known.shape[rest:]), dtype=bool))

    def join(self, protein: Protein) -> Protein:
        """Return the record with this label."""
        return protein.replace(labels={**protein.labels, self.name: self.label(protein.id, len(protein))})

    def packed(self, ids: Sequence[str], lengths: Int[np.ndarray, " protein"]) -> dict[str, Extra]:
        """Return the extras of a batch of these proteins."""
        found = [self.label(id, int(length)) for id, length in zip(ids, lengths, strict=True)]
        return packed_label(self.name, self.level, found)

    def save(self, path: Path) -> None:
        """Write the table as .npz (plain arrays, no pickles)."""
        if path.suffix != ".npz":
            raise InputError(describe("not a label file", where=str(path), expected="a name that ends in .npz"))
        lead = 1 if self.level == "residue" else 0
        labels = list(self.of.values())
        join = np.concatenate if lead else np.stack
        size = [len(label.value) if lead else 1 for label in labels]
        head = json.dumps({"format": "protea-labels-1", "name": self.name, "level": self.level, "ids": list(self.of)})
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                head=np.frombuffer(head.encode(), np.uint8),
                size=np.array(size, np.int64),
                value=join([label.value for label in labels]) if labels else np.zeros(0),
                is_known=join([label.is_known for label in labels]) if labels else np.zeros(0, bool),
            )

    @classmethod
    def load(cls, path: Path) -> "LabelTable":
        """Return the table in a file that `save` wrote."""
        try:
            with np.load(path, allow_pickle=False) as file:
                head = json.loads(file["head"].tobytes())
                size, value, is_known = file["size"], file["value"], file["is_known"]
        except (OSError, ValueError, KeyError) as error:
            raise FileFormatError(describe("not a label table", where=str(path), found=str(error))) from error
        if not isinstance(head, dict) or head.get("format") != "protea-labels-1":
            raise FileFormatError(describe("not a label table", where=str(path), found=str(head)[:80]))
        level, end = head["level"], np.cumsum(size)
        if level == "residue":
            rows = [slice(int(stop - count), int(stop)) for stop, count in zip(end, size, strict=True)]
            of = {id: Label(level, value[row], is_known[row]) for id, row in zip(head["ids"], rows, strict=True)}
        else:
            # One entry of a plain column is a NumPy scalar, which is no array.
            of = {
                id: Label(level, np.asarray(value[row]), np.asarray(is_known[row]))
                for row, id in enumerate(head["ids"])
            }
        return cls(head["name"], level, of)
