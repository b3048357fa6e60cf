"""Every output of the geometric model agrees, under any name; changed axioms, weights and the right radius do not."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from protea.benchmark.parity import ontology
from protea.benchmark.parity.check import check_golden, kind_of_golden
from protea.benchmark.parity.golden import Golden


@pytest.fixture
def folder(shared_goldens: Path, tmp_path: Path) -> Path:
    """A copy of the golden under a name of something else."""
    place = tmp_path / "features" / "ca_bb"
    place.mkdir(parents=True)
    for file in (shared_goldens / "deepgose" / "tiny").iterdir():
        shutil.copyfile(file, place / file.name)
    return place


def wrong(folder: Path) -> set[str]:
    return {item.output for item in check_golden(Golden(folder)).comparisons if not item.is_within}


def test_every_output_agrees_under_another_name(folder: Path) -> None:
    assert kind_of_golden(Golden(folder))[0] == "geometric model of an ontology"
    report = check_golden(Golden(folder))
    assert (report.status, report.not_compared) == ("agrees", {})
    assert {item.output for item in report.comparisons} == set(np.load(folder / "outputs.npz"))


def test_the_right_radius_is_not_the_published_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = ontology._built

    def corrected(golden: Golden, forms: ontology.NormalForms) -> ontology.OntologyModel:
        model = built(golden, forms)
        model.published_nf4_radius = False
        return model

    monkeypatch.setattr(ontology, "_built", corrected)
    # Every gap stays open, so that a wrong radius moves the loss and the gradients of radii alone.
    assert wrong(folder) == {
        "nf4_loss_eval", "el_loss_eval", "nf4_loss_train", "el_loss_train", "grad_el_train_go_rad_weight",
    }  # fmt: skip


def test_changed_weights_and_axioms_differ(folder: Path) -> None:
    tensors = load_file(folder / "weights.safetensors")
    tensors["rel_embed.weight"][-1] += 0.01
    save_file(tensors, folder / "weights.safetensors")
    assert wrong(folder) == {"truth", "bce", "nf4_distance"}
    arrays = dict(np.load(folder / "inputs.npz"))
    lines = str(arrays["norm_text"]).splitlines()
    text = str(arrays["obo_text"]).replace("is_a: GO:0000016 ! toy term 16\n", "")
    arrays |= {"norm_text": np.array("\n".join([*lines[:2], *lines[3:]])), "obo_text": np.array(text)}
    np.savez(folder / "inputs.npz", **arrays)
    assert wrong(folder) >= {"parsed_nf1", "nf1_loss_eval", "truth_propagated", "truth_propagated_is_a_only"}
