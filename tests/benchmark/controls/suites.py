"""Small data for the tests of controls: CA traces or backbones with labels that are known functions of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from protea.benchmark.controls.items import ControlData
from protea.benchmark.suites.interface import Suite, SuiteData, Task
from protea.datasets.splits import Split
from protea.objectives.binary import BinaryConfig
from protea.objectives.multiclass import MultiClassConfig
from protea.objectives.regression import RegressionConfig
from protea.protein.batch import ProteinBatch, pack
from protea.protein.chemistry import ATOM_CODE
from protea.protein.record import Label, Protein, protein_from_sequence
from protea.training.data import Rows


class SiteSuite(Suite):
    """A suite of one task whose data a test gives."""

    title: ClassVar[str] = "Sites"
    kind: Literal["site_test"] = "site_test"

    def prepare(self, cache: Path) -> SuiteData:
        raise NotImplementedError

    def tasks(self, data: SuiteData) -> dict[str, Task]:
        return {"y": BINARY}


BINARY = Task(BinaryConfig(label="y", level="residue"), "auprc")
CLASSES = Task(MultiClassConfig(label="y", level="residue", num_classes=3), "accuracy")
VALUE = Task(RegressionConfig(label="y", level="residue", mean=1.0, scale=2.0), "rmse")
PROTEIN_CLASS = Task(MultiClassConfig(label="y", level="protein", num_classes=3), "accuracy")


def ca_protein(id: str, sequence: str, position: np.ndarray) -> Protein:
    """A protein of one chain with nothing but CA atoms."""
    return protein_from_sequence(id, sequence).replace(
        atom_ptr=np.arange(len(sequence) + 1),
        atom_code=np.full(len(sequence), ATOM_CODE["CA"], np.uint8),
        atom_position=position.astype(np.float32),
    )


def random_sequence(length: int, random: np.random.Generator) -> str:
    return "".join(random.choice(list("ACDEFGHIKLMNPQRSTVWY"), length))


def globule(id: str, length: int, seed: int) -> Protein:
    """A compact CA trace: a walk of 3.8 angstrom steps drawn to its start, so that it has a core and a surface."""
    random = np.random.default_rng(seed)
    position = np.zeros((length, 3))
    for index in range(1, length):
        step = random.normal(size=3) - 0.15 * position[index - 1]
        position[index] = position[index - 1] + 3.8 * step / np.linalg.norm(step)
    return ca_protein(id, random_sequence(length, random), position)


def labelled(protein: Protein, value: np.ndarray, is_known: np.ndarray | None = None) -> Protein:
    known = np.ones(len(value), bool) if is_known is None else is_known
    return protein.replace(labels={"y": Label("residue", value, known)})


def protein_labelled(protein: Protein, value: int) -> Protein:
    return protein.replace(labels={"y": Label("protein", np.array(value), np.array(True))})


def suite_data(
    proteins: Sequence[Protein], num_train: int, num_validation: int, variants: Mapping[str, Sequence[Protein]] = {}
) -> SuiteData:
    """One fold: the first proteins train, then validation, then test. A variant may lack proteins."""
    ids = tuple(protein.id for protein in proteins)
    last = num_train + num_validation
    return SuiteData(
        ids=ids,
        lengths=np.array([len(protein) for protein in proteins]),
        inputs={"main": _rows(proteins, ids), **{name: _rows(found, ids) for name, found in variants.items()}},
        folds=(Split("fold-0", ids[:num_train], ids[num_train:last], ids[last:]),),
        unit_of=np.arange(len(ids)),
        fingerprint="test",
    )


def _rows(proteins: Sequence[Protein], ids: Sequence[str]) -> Rows:
    place_of = {protein.id: place for place, protein in enumerate(proteins)}
    rows = np.array([place_of.get(id, -1) for id in ids])
    lengths = np.array([len(proteins[row]) if row >= 0 else 0 for row in rows])

    def load(chosen: Sequence[int]) -> ProteinBatch:
        found = [proteins[row] for row in chosen]
        return pack(found, sorted(set.intersection(*(set(protein.labels) for protein in found))))

    return Rows(rows, lengths, load)


def control_data(data: SuiteData, task: Task) -> ControlData:
    return ControlData(data, {"y": task})
