"""The supervised tasks of TAPE (Rao et al. 2019) from its JSON files: labelled sequences with the published parts.

TAPE also publishes LMDB files, whose values are pickled: those are not read. Secondary structure, accessibility,
disorder and interfaces are those of NetSurfP-2.0, which TAPE divides into training and validation; remote homology is
of Hou et al. (2018), fluorescence of Sarkisyan et al. (2016), and stability of Rocklin et al. (2017). Contacts come as
CA positions of ProteinNet (AlQuraishi 2019), whose part `train_unfiltered` is not read.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool
from pydantic import Field

from protea.datasets.sources.fetched import FetchedSource
from protea.datasets.sources.labelled_sequences import LabelledSequences, SequenceRow, number_label
from protea.datasets.sources.positioned_chains import RESIDUE_POSITION
from protea.datasets.sources.published.json_records import archived_records
from protea.errors import FileFormatError, describe
from protea.protein.record import Label, Protein, protein_from_sequence

__all__ = ["TAPEConfig", "TAPESet"]

TAPESet = Literal["secondary_structure", "proteinnet", "remote_homology", "fluorescence", "stability"]
"""The sets by the names of their archives."""

_PARTS: dict[TAPESet, dict[str, str]] = {
    "secondary_structure": {
        "train": "train", "valid": "validation", "casp12": "casp12", "ts115": "ts115", "cb513": "cb513"
    },
    "proteinnet": {"train": "train", "valid": "validation", "test": "casp12"},
    "remote_homology": {
        "train": "train", "valid": "validation", "test_fold_holdout": "fold",
        "test_superfamily_holdout": "superfamily", "test_family_holdout": "family",
    },
    "fluorescence": {"train": "train", "valid": "validation", "test": "test"},
    "stability": {"train": "train", "valid": "validation", "test": "test"},
}  # fmt: skip
_NUMBERS: dict[TAPESet, tuple[str, str, bool]] = {
    "remote_homology": ("fold", "fold_label", True),
    "fluorescence": ("fluorescence", "log_fluorescence", False),
    "stability": ("stability", "stability_score", False),
}
"""Label, field, and whether it is a class."""
_THREE_OF_EIGHT = np.array([0, 0, 0, 1, 1, 2, 2, 2], np.uint8)
"""H, E or C of G, H, I, B, E, S, T, C."""


class TAPEConfig(FetchedSource, LabelledSequences):
    """Sequences of one task, called `<part>_<row>`, since its own ids are not unique; those are kept as the entry.

    `secondary_structure` gives the residue labels `ss3` (H, E, C), `ss8` (G, H, I, B, E, S, T, C), `accessibility`
    (relative, of the chain alone), `buried`, `interface` (more than 1 square angstrom of the residue's surface is lost
    in the complex) and `disorder`. Where a residue is not resolved, only `disorder` is known: the files say helix and
    0 there. `proteinnet` gives the residue label `residue_position` (CA, angstrom). The other sets give one protein
    label each: `fold`, `fluorescence`, `stability`.
    """

    kind: Literal["tape"] = "tape"
    task: TAPESet = Field(description="Which of the sets")
    buried_below: float = Field(
        default=0.25, gt=0, le=1, description="Relative accessibility below which a residue is buried"
    )

    def address_sets(self) -> tuple[str, ...]:
        """Return the row of the address table."""
        return (f"tape_{self.task}",)

    def rows(self) -> Iterator[SequenceRow]:
        """Yield the records of the archive in its order."""
        path = self.place(f"{self.task}.tar.gz")
        part_of = {f"{self.task}_{name}.json": part for name, part in _PARTS[self.task].items()}
        for name, place, record in archived_records(path, part_of):
            part = part_of[name]
            yield SequenceRow(f"{part}_{place}", part, f"{path}: {name}, record {place}", record)

    def protein(self, row: SequenceRow) -> Protein:
        """Return the record of a row."""
        sequence = row.content.get("primary")
        if not isinstance(sequence, str) or not sequence:
            raise FileFormatError(
                describe("no sequence", where=row.where, expected="letters under 'primary'", found=repr(sequence)[:40])
            )
        if self.task == "secondary_structure":
            labels = _residue_labels(row.content, len(sequence), self.buried_below, row.where)
        elif self.task == "proteinnet":
            labels = {RESIDUE_POSITION: _position(row.content, len(sequence), row.where)}
        else:
            name, field, is_integer = _NUMBERS[self.task]
            labels = {name: number_label(_single(row.content, field, row.where), row.where, is_integer=is_integer)}
        protein = protein_from_sequence(row.id, sequence, source=f"TAPE {self.task}", file_format="json")
        provenance = replace(protein.provenance, entry_id=str(row.content.get("id", "")) or None)
        return protein.replace(labels=labels, provenance=provenance)

    def fingerprint(self) -> str:
        """Return a digest of the archive and the settings."""
        return hashlib.sha256("\n".join(["tape-1", self.settings(), *self.digests()]).encode()).hexdigest()


def _single(record: Mapping[str, Any], field: str, where: str) -> Any:
    """Return the number under a field, which some of the files wrap into a list of one."""
    value = record.get(field)
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    if value is None:
        raise FileFormatError(describe(f"no {field!r}", where=where, found=str(sorted(record))))
    return value


def _residue_labels(record: Mapping[str, Any], length: int, buried_below: float, where: str) -> dict[str, Label]:
    """Return the labels of NetSurfP-2.0."""
    is_judged = _column(record, "valid_mask", length, where) > 0
    is_ordered = _column(record, "disorder", length, where) > 0  # the files say 1 where a residue is resolved
    is_known = is_judged & is_ordered
    eight = _column(record, "ss8", length, where)
    accessibility = _column(record, "rsa", length, where)
    if not np.isin(eight, np.arange(8)).all():
        raise FileFormatError(
            describe("not states of DSSP", where=where, expected="0 to 7", found=str(np.unique(eight)))
        )
    states = eight.astype(np.uint8)
    return {
        "ss8": _known(states, is_known),
        "ss3": _known(_THREE_OF_EIGHT[states], is_known),
        "accessibility": _known(accessibility.astype(np.float32), is_known),
        "buried": _known((accessibility < buried_below).astype(np.uint8), is_known),
        "interface": _known((_column(record, "interface", length, where) > 0).astype(np.uint8), is_known),
        "disorder": _known((~is_ordered).astype(np.uint8), is_judged),
    }


def _position(record: Mapping[str, Any], length: int, where: str) -> Label:
    """Return the positions of CA; those outside of the mask of the file are unknown."""
    place = _numbers(record, "tertiary", where)
    if place.shape != (length, 3) or not np.isfinite(place).all():
        raise FileFormatError(
            describe("'tertiary' is not one finite position per residue", where=where, expected=f"({length}, 3)",
                     found=str(place.shape))
        )  # fmt: skip
    return _known(place.astype(np.float32), _column(record, "valid_mask", length, where) > 0)


def _known(value: np.ndarray, is_known: Bool[np.ndarray, " residue"]) -> Label:
    return Label("residue", value * is_known.reshape(-1, *[1] * (value.ndim - 1)), is_known.copy())


def _column(record: Mapping[str, Any], field: str, length: int, where: str) -> np.ndarray:
    """Return a number per residue; raise FileFormatError where there are others, or more or fewer."""
    found = _numbers(record, field, where)
    if found.shape != (length, 1) or not np.isfinite(found).all():
        raise FileFormatError(
            describe(f"{field!r} is not one number per residue", where=where, expected=str(length),
                     found=str(found.shape))
        )  # fmt: skip
    return found[:, 0]


def _numbers(record: Mapping[str, Any], field: str, where: str) -> np.ndarray:
    """Return the numbers [row, column] under a field; raise FileFormatError where there are others."""
    values: Sequence[Any] = record.get(field, ())
    try:
        return np.asarray(values, dtype=np.float64).reshape(len(values), -1)
    except (TypeError, ValueError) as error:
        raise FileFormatError(describe(f"{field!r} holds no numbers", where=where, found=str(error))) from error
