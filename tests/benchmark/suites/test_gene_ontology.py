"""GO terms: chains of one ontology, columns as in the file, subsets by identity to the training chains."""

import math
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.suites.catalogue import parse_suite
from protea.benchmark.suites.interface import Suite
from tests.benchmark.suites.published_files import labels_of, parts_of, placed, uninformed_losses
from tests.datasets.sources.published.made_site import zipped
from tests.datasets.sources.published.test_gene_ontology import TEXTS


def suite_in(folder: Path, ontology: str = "MF", identity: int = 95) -> Suite:
    path = placed(folder, {"GeneOntology.zip": zipped(TEXTS)}, "1aaa 1bbb 1ccc")
    source = {"kind": "gene_ontology", "folder": path, "ontology": ontology, "test_identity": identity}
    return parse_suite({"kind": "gene_ontology", "source": source})


def test_terms_parts_and_identities(tmp_path: Path) -> None:
    suite = suite_in(tmp_path / "data")
    data = suite.prepare(tmp_path / "cache")
    assert parts_of(data) == (("1aaa_A",), ("1bbb_A",), ("1ccc_A", "1ccc_B"))
    labels = labels_of(data, "go_terms")
    assert {id: value.tolist() for id, value in labels.items()} == {
        "1aaa_A": [1, 1, 0], "1bbb_A": [0, 0, 1], "1ccc_A": [1, 0, 0], "1ccc_B": [1, 0, 0],
    }  # fmt: skip
    found = {name: tuple(np.array(data.ids)[mask]) for name, mask in data.subsets.items()}
    assert found == {"test below 50 % identity": ("1ccc_A",), "test below 70 % identity": ("1ccc_A",)}
    ((name, task),) = suite.tasks(data).items()
    assert (name, task.metric) == ("go_terms", "fmax")
    assert task.objective.num_labels == 3  # type: ignore[union-attr]
    assert uninformed_losses(suite, data) == pytest.approx({"go_terms": math.log(2)})


def test_the_ontology_chooses_chains_and_terms(tmp_path: Path) -> None:
    # No chain of these lists that validates has a term of BP or CC.
    with pytest.raises(ValueError, match="no protein with structure and label in validation, test"):
        suite_in(tmp_path / "data", "BP").prepare(tmp_path / "cache")
    near = suite_in(tmp_path / "data", identity=50).prepare(tmp_path / "cache")
    assert parts_of(near)[2] == ("1ccc_A",)
    assert near.subsets == {}
