"""Answers for files are those of the model, residue by residue, also in the B-factor column."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.benchmark.predict_files import predict_files, rows_of, to_csv, write_structure
from protea.benchmark.trained import load_run
from protea.errors import ConfigError, FileFormatError, InputError
from protea.protein.batch import pack
from protea.protein.readers.read import read_protein
from protea.training.model import ModelConfig
from tests.benchmark.made_runs import FOLDING, SITE, write_complexes, write_run

LIGAND = "1ABC/1ABC_l_u.pdb"


def test_values_are_those_of_the_model(tmp_path: Path) -> None:
    file = write_complexes(tmp_path, ("1ABC",)) / LIGAND
    run = load_run(write_run(tmp_path / "run"))
    answer = next(iter(predict_files(run, [file])))
    with torch.no_grad():
        expected = run.model(run.model.featurise(pack([read_protein(file)])))["interface"].sigmoid()
    np.testing.assert_allclose(answer.value, expected.numpy(), rtol=1e-6)
    rows = rows_of(answer)
    assert [row["number"] for row in rows] == [8, 10, 11, 12, 13, 14]
    assert {row["chain"] for row in rows} == {"B"}
    assert [row["interface"] for row in rows] == answer.value.tolist()
    assert len(set(answer.value.tolist())) > 1
    read = list(csv.DictReader(io.StringIO(to_csv(rows))))
    assert [float(row["interface"]) for row in read] == answer.value.tolist()


@pytest.mark.parametrize(("structure_format", "bound"), [("mmcif", 1e-6), ("pdb", 0.00501)])
def test_the_value_stands_in_the_b_factor_column(tmp_path: Path, structure_format, bound: float) -> None:  # type: ignore[no-untyped-def]
    file = write_complexes(tmp_path, ("1ABC",)) / LIGAND
    answer = next(iter(predict_files(load_run(write_run(tmp_path / "run")), [file])))
    back = read_protein(write_structure(answer, tmp_path / "out", structure_format))
    assert back.b_factor is not None
    np.testing.assert_allclose(back.b_factor, answer.value[answer.protein.residue_of_atom()], atol=bound)
    assert back.sequence == answer.protein.sequence


def test_sequences_are_enough_for_encoders_of_sequences(tmp_path: Path) -> None:
    (tmp_path / "s.fasta").write_text(">a\nMKV\n>b\nMKVLW\n")
    with pytest.raises(InputError, match="cannot place a sequence alone"):
        list(predict_files(load_run(write_run(tmp_path / "structures")), [tmp_path / "s.fasta"]))
    encoder = {"kind": "language_model", "model": {"kind": "protea_mini", "num_layers": 1, "width": 64}}
    tree = SITE.model_dump(mode="json") | {"scheme": {"kind": "sequence"}, "encoder": encoder}
    model = ModelConfig.model_validate(tree)
    run = load_run(write_run(tmp_path / "letters", model))
    answers = list(predict_files(run, [tmp_path / "s.fasta"]))
    assert [(one.protein.id, len(one.value), bool(one.has_ca.any())) for one in answers] == [
        ("a", 3, False),
        ("b", 5, False),
    ]
    batch = pack([answer.protein for answer in answers])
    with torch.no_grad():
        expected = run.model(run.model.featurise(batch))["interface"].sigmoid().numpy()
    np.testing.assert_allclose(np.concatenate([one.value for one in answers]), expected, rtol=1e-5)
    with pytest.raises(InputError, match="no structure to write"):
        write_structure(answers[0], tmp_path / "out", "mmcif")


def test_an_answer_never_replaces_its_input(tmp_path: Path) -> None:
    file = write_complexes(tmp_path, ("1ABC",)) / LIGAND
    answer = next(iter(predict_files(load_run(write_run(tmp_path / "run")), [file])))
    with pytest.raises(InputError, match="replace its input"):
        write_structure(answer, file.parent, "pdb")


def test_a_predicted_distribution_comes_as_value_and_what_is_stated_beside_it(tmp_path: Path) -> None:
    file = write_complexes(tmp_path, ("1ABC",)) / LIGAND
    objective = {"main": {"kind": "mean_variance", "label": "interface", "level": "residue", "mean": 5.0, "scale": 2.0}}
    model = SITE.model_validate({**SITE.model_dump(), "objectives": objective, "weights": {"main": 1.0}})
    run = load_run(write_run(tmp_path / "run", model))
    answer = next(iter(predict_files(run, [file])))
    with torch.no_grad():
        mean, variance = run.model(run.model.featurise(pack([read_protein(file)])))["main"].unbind(1)
    np.testing.assert_allclose(answer.value, (5 + 2 * mean).numpy(), rtol=1e-5)
    np.testing.assert_allclose(answer.stated["sigma"], (2 * variance.sqrt()).numpy(), rtol=1e-5)
    assert answer.predicted is None
    assert [row["main_sigma"] for row in rows_of(answer)] == answer.stated["sigma"].tolist()


def test_classes_come_as_letters_with_their_probability(tmp_path: Path) -> None:
    file = write_complexes(tmp_path, ("1ABC",)) / LIGAND
    run = load_run(write_run(tmp_path / "run", FOLDING, {"kind": "inverse_folding"}))
    answer = next(iter(predict_files(run, [file])))
    with torch.no_grad():
        logits = run.model(run.model.featurise(pack([read_protein(file)])))["residue_type"]
    probability, best = logits.softmax(-1).max(-1)
    np.testing.assert_allclose(answer.value, probability.numpy(), rtol=1e-5)
    assert answer.predicted is not None
    assert "".join(answer.predicted) == "".join("ACDEFGHIKLMNPQRSTVWY"[index] for index in best)
    assert rows_of(answer)[0]["predicted"] == answer.predicted[0]


def test_what_cannot_be_predicted_is_refused(tmp_path: Path) -> None:
    run = load_run(write_run(tmp_path / "run"))
    fasta = tmp_path / "a.fasta"
    fasta.write_text(">a\nACDE\n")
    with pytest.raises(InputError, match="no residue with a CA"):
        list(predict_files(run, [fasta]))
    with pytest.raises(FileFormatError, match="cannot be opened"):
        list(predict_files(run, [tmp_path / "absent.pdb"]))
    with pytest.raises(ConfigError, match="interface"):
        list(predict_files(run, [fasta], "no_such_objective"))
