"""Every output of the geometric model agrees, under any name; changed axioms, weights and the right radius do not."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from protea.benchmark.parity import ontology
from protea.benchmark.parity.check import check_golden, kind_of_golden
from protea.benchmark.parity.golden import Golden
from protea.errors import InputError


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


def made_anew(folder: Path, **inputs: np.ndarray) -> set[str]:
    """Change inputs, and return what is wrong then."""
    np.savez(folder / "inputs.npz", **{**np.load(folder / "inputs.npz"), **inputs})
    return wrong(folder)


def test_cross_entropy_is_of_degrees_that_saturate(folder: Path) -> None:
    arrays = dict(np.load(folder / "inputs.npz"))
    features, labels = arrays["features"], arrays["labels"].astype(np.float32)
    tensors = load_file(folder / "weights.safetensors")
    tensors["go_rad.weight"] += 30.0  # degrees of 1, whose distance from 1 float32 does not hold
    save_file(tensors, folder / "weights.safetensors")
    model = ontology._built(Golden(folder), ontology.normal_forms(
        str(arrays["norm_text"]).splitlines(), [str(term) for term in arrays["terms"]]
    ))  # fmt: skip
    truth = model.eval().logits(torch.from_numpy(features)).sigmoid().detach()
    assert (truth == 1).any()
    outputs = dict(np.load(folder / "outputs.npz"))
    outputs["bce"] = torch.nn.BCELoss()(truth, torch.from_numpy(labels)).numpy()
    np.savez(folder / "outputs.npz", **outputs)
    assert "bce" not in wrong(folder)


def test_texts_are_read_as_leniently_as_published(folder: Path) -> None:
    arrays = np.load(folder / "inputs.npz")
    axioms, obo = str(arrays["norm_text"]), str(arrays["obo_text"])
    assert not made_anew(folder, norm_text=np.array(f"Declaration(x)\n{axioms}\nowl:Nothing SubClassOf owl:Thing"))
    # A link to nothing, and a circle through a relationship that adds no ancestor.
    child = re.search(r"id: (GO:\d+)\n(?:(?!\n\n).)*?is_a: (GO:\d+)", obo, re.DOTALL)
    assert child is not None
    stranger = obo.replace(f"id: {child[1]}\n", f"id: {child[1]}\nis_a: GO:9999999\nrelationship: part_of {child[1]}\n")
    assert not made_anew(folder, obo_text=np.array(stranger))


def test_labels_and_features_may_have_other_types(folder: Path) -> None:
    arrays = np.load(folder / "inputs.npz")
    assert not made_anew(
        folder, labels=arrays["labels"].astype(np.int64), features=arrays["features"].astype(np.float64)
    )


def test_classes_and_relations_may_be_counted_that_no_text_names(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    tensors = load_file(folder / "weights.safetensors")
    shift = tensors["rel_embed.weight"]
    # The shift of hasFunction stays the last row.
    tensors["rel_embed.weight"] = torch.cat([shift[:-1], shift[:2], shift[-1:]])
    for name in ("go_embed.weight", "go_rad.weight"):
        tensors[name] = torch.cat([tensors[name], tensors[name][:1]])
    save_file(tensors, folder / "weights.safetensors")
    more = {"nb_rels": config["nb_rels"] + 2, "nb_zero_gos": config["nb_zero_gos"] + 1}
    (folder / "config.json").write_text(json.dumps({**config, **more}))
    differing = {name for name in wrong(folder) if not name.startswith("grad_")}
    assert differing == set()
    (folder / "config.json").write_text(json.dumps({**config, "nb_rels": 1}))
    with pytest.raises(InputError, match="other numbers than the settings"):
        check_golden(Golden(folder))
