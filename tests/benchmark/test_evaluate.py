"""An evaluation says what the model itself says about the same residues, with labels of the new data."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from protea.benchmark.evaluate import evaluate_run
from protea.benchmark.trained import OWN, load_run
from protea.datasets.sources.docking import DockingConfig
from protea.errors import InputError
from protea.metrics.auroc import auroc
from protea.objectives.catalogue import AnyObjectiveConfig
from protea.objectives.multiview_contrast import MultiviewContrastConfig
from protea.objectives.plddt_regression import PLDDTRegressionConfig
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from protea.protein.batch import pack
from protea.training.config import BatchConfig, TrainingConfig
from tests.benchmark.made_runs import FOLDING, model_config, write_complexes, write_run
from tests.protein.samples import atom_line


def by_hand(run_folder: Path, data: Path, state: str) -> float:
    """AUROC over all known residues, one protein at a time."""
    run = load_run(run_folder)
    target, score = [], []
    for protein in DockingConfig(path=data, state=state).proteins():  # type: ignore[arg-type]
        with torch.no_grad():
            value = run.model(run.model.featurise(pack([protein])))["interface"].sigmoid().numpy()
        label = protein.labels["interface"]
        target.append(label.value[label.is_known])
        score.append(value[label.is_known])
    return auroc(np.concatenate(target), np.concatenate(score))


def test_values_are_those_of_the_model_on_the_new_data(tmp_path: Path) -> None:
    run, data = write_run(tmp_path / "run"), write_complexes(tmp_path / "data")
    found = evaluate_run(load_run(run), data, tmp_path / "cache", num_resamples=20)
    assert (found.suite, list(found.variants)) == ("ppi_site", ["unbound", "bound"])
    for state, num_items in (("unbound", 48), ("bound", 51)):
        result = found.variants[state]
        assert (result.num_proteins, result.unit) == (6, "complex")
        measured = result.tasks["interface"]["auroc"]
        assert measured.value == pytest.approx(by_hand(run, data, state), abs=2e-2)  # the store rounds positions
        assert (measured.num_items, measured.num_units) == (num_items, 3)
        assert measured.low is not None
        # All complexes are alike, so resampling them changes nothing.
        assert measured.low == pytest.approx(measured.value) == pytest.approx(measured.high)
        assert set(result.tasks["interface"]) == {"auprc", "auroc"}


def test_the_answer_follows_the_weights(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC",))
    run = load_run(write_run(tmp_path / "run"))
    first = evaluate_run(run, data, tmp_path / "cache", num_resamples=2)
    with torch.no_grad():
        for parameter in run.model.objectives.parameters():
            parameter.neg_()
    second = evaluate_run(run, data, tmp_path / "cache", num_resamples=2)
    one, other = (item.variants["unbound"].tasks["interface"]["auroc"] for item in (first, second))
    assert one.value != other.value
    assert one.low is None
    assert "nothing to resample" in one.reason


def test_settings_can_be_changed_and_data_that_are_absent_are_refused(tmp_path: Path) -> None:
    run, data = load_run(write_run(tmp_path / "run")), write_complexes(tmp_path / "data")
    near = evaluate_run(run, data, tmp_path / "c", overrides=["source.contact_cutoff=0.1"], num_resamples=2)
    measured = near.variants["unbound"].tasks["interface"]["auprc"]
    assert measured.value is None
    assert measured.reason
    with pytest.raises(InputError, match="no such file"):
        evaluate_run(run, tmp_path / "absent", tmp_path / "c")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no docking complex"):
        evaluate_run(run, tmp_path / "empty", tmp_path / "c")


def test_incomplete_complexes_are_named(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC",))
    (data / "1ABC" / "1ABC_l_u.pdb").unlink()
    found = evaluate_run(load_run(write_run(tmp_path / "run")), data, tmp_path / "c", num_resamples=2)
    assert found.variants["unbound"].num_proteins == 0
    assert any("1ABC_l_u.pdb" in note for note in found.variants["unbound"].notes)
    assert found.variants["bound"].num_proteins == 2


def test_inverse_folding_is_judged_by_perplexity(tmp_path: Path) -> None:
    suite = {"kind": "inverse_folding", "source": {"kind": "docking", "path": "x"}}
    run = load_run(write_run(tmp_path / "run", FOLDING, suite))
    found = evaluate_run(run, write_complexes(tmp_path / "data"), tmp_path / "c", num_resamples=5)
    perplexity = found.variants["unbound"].tasks["residue_type"]["perplexity"].value
    assert perplexity is not None
    assert 5 < perplexity < 60  # untrained: near 20


def test_a_suite_that_makes_its_own_proteins_is_refused(tmp_path: Path) -> None:
    run = load_run(write_run(tmp_path / "run", suite={"kind": "diagnostics", "source": {"kind": "generated"}}))
    with pytest.raises(InputError, match="makes its own proteins"):
        evaluate_run(run, tmp_path, tmp_path / "c")


def write_predicted(folder: Path, num: int = 3) -> Path:
    """Write structures of six residues that say that they were predicted; pLDDT is 60 in each residue."""
    folder.mkdir()
    for number in range(num):
        places = [(3.8 * place, 0.5 * number, 0) for place in range(6)]
        atoms = [atom_line(row, "CA", "GLY", row, place, b_factor=60) for row, place in enumerate(places)]
        (folder / f"p{number}.pdb").write_text("\n".join(["TITLE     ALPHAFOLD PREDICTION", *atoms, "END", ""]))
    return folder


def own_run(folder: Path, objective: AnyObjectiveConfig, metric: str, data: Path) -> Path:
    """Write a run of one objective that belongs to no suite."""
    suite = {"kind": OWN, "source": {"kind": "folder", "path": str(data)}, "metric": metric}
    return write_run(folder, model_config(objective, "own"), suite)


def test_a_run_of_plddt_is_judged_by_the_plddt_of_the_new_data(tmp_path: Path) -> None:
    data = write_predicted(tmp_path / "data")
    run = load_run(own_run(tmp_path / "run", PLDDTRegressionConfig(), "mae", data))
    with torch.no_grad():
        for parameter in run.model.objectives.parameters():
            parameter.zero_()
    measured = evaluate_run(run, data, tmp_path / "c", num_resamples=3).variants["structures"].tasks["own"]["mae"]
    assert measured.value == pytest.approx(0.6)  # it answers 0 everywhere
    assert (measured.num_items, measured.num_units) == (18, 3)


def test_an_objective_that_compares_views_is_judged_with_each_view_beside_its_protein(tmp_path: Path) -> None:
    data = write_predicted(tmp_path / "data")
    run = load_run(own_run(tmp_path / "run", MultiviewContrastConfig(), "mae", data))
    measured = evaluate_run(run, data, tmp_path / "c", num_resamples=3).variants["structures"].tasks["own"]["mae"]
    # Batches of at most two proteins of nine residues: each is alone, and holds nothing to tell it from.
    assert (measured.num_items, measured.reason) == (0, "no supervised item")
    sizes = BatchConfig(max_proteins=3, max_residues=99)
    record = run.record.model_copy(update={"training": TrainingConfig(batch=sizes)})
    found = evaluate_run(replace(run, record=record), data, tmp_path / "c", num_resamples=3)
    measured = found.variants["structures"].tasks["own"]["mae"]
    assert (measured.num_items, measured.num_units) == (6, 3)
    assert (measured.value or 0) > 0


def test_a_run_that_watched_its_loss_is_judged_by_it(tmp_path: Path) -> None:
    data = write_predicted(tmp_path / "data")
    run = load_run(own_run(tmp_path / "run", SequenceDenoisingConfig(rate=1.0), "loss", data))
    with torch.no_grad():
        for parameter in run.model.objectives.parameters():
            parameter.zero_()
    measured = evaluate_run(run, data, tmp_path / "c", num_resamples=3).variants["structures"].tasks["own"]["loss"]
    assert measured.value == pytest.approx(np.log(20))  # all types are as likely
    assert (measured.low, measured.high, measured.num_items, measured.num_units) == (None, None, 18, 3)
    assert measured.reason == "a mean loss has no interval"
