"""Table, structure and picture say the same, residue by residue."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.applications.explanations.explain import Question, explain
from protea.applications.explanations.explanation_files import write_explanation
from protea.benchmark.trained import load_run
from protea.errors import InputError
from protea.protein.readers.read import read_protein
from protea.protein.writers.pdb import write_pdb
from tests.benchmark.made_runs import write_run
from tests.datasets.made_proteins import made_protein


@pytest.mark.parametrize(("structure_format", "bound"), [("mmcif", 1e-6), ("pdb", 0.00501)])
def test_the_attributions_stand_in_all_three(structure_format, bound: float, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write_pdb(made_protein("a", 10, is_plain=True), tmp_path / "a.pdb")
    found = explain(load_run(write_run(tmp_path / "run")), tmp_path / "a.pdb", Question(), torch.device("cpu"))
    files = write_explanation(found, tmp_path / "out", structure_format)
    rows = list(csv.DictReader(io.StringIO(files.table.read_text())))
    np.testing.assert_array_equal([float(row["attribution"]) for row in rows], found.residue)
    for place, name in enumerate(found.features):
        np.testing.assert_array_equal([float(row[name]) for row in rows], found.by_feature[:, place])
    assert [row["residue"] for row in rows] == list(found.protein.sequence)
    back = read_protein(files.structure)
    assert back.b_factor is not None
    np.testing.assert_allclose(back.b_factor, found.residue[found.protein.residue_of_atom()], atol=bound)
    assert files.picture.read_text().count("<rect") == 10
    assert f"{found.value:.4g}" in files.picture.read_text()


def test_the_input_is_never_replaced(tmp_path: Path) -> None:
    write_pdb(made_protein("a", 6, is_plain=True), tmp_path / "a.pdb")
    found = explain(load_run(write_run(tmp_path / "run")), tmp_path / "a.pdb", Question(), torch.device("cpu"))
    with pytest.raises(InputError, match="replace its input"):
        write_explanation(found, tmp_path, "pdb")
