"""Every published score of variants agrees, under any name; changed outputs, weights and mutations do not pass."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from protea.benchmark.parity.check import check_golden, kind_of_golden
from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.published_language_models import golden_language_model
from protea.benchmark.parity.variant_scores import compare_variant_scores
from protea.encoders.language.tokens import pack_tokens
from protea.errors import InputError


@pytest.fixture
def folder(shared_goldens: Path, tmp_path: Path) -> Path:
    """A copy of the golden under a name of something else."""
    place = tmp_path / "features" / "ca_bb"
    place.mkdir(parents=True)
    for file in (shared_goldens / "variant_scores" / "tiny").iterdir():
        shutil.copyfile(file, place / file.name)
    return place


def changed(folder: Path, file: str, name: str, value: np.ndarray) -> Golden:
    arrays = dict(np.load(folder / file))
    np.savez(folder / file, **{**arrays, name: value})
    return Golden(folder)


def test_every_output_agrees_under_another_name(folder: Path) -> None:
    assert kind_of_golden(Golden(folder))[0] == "scores of variants"
    report = check_golden(Golden(folder))
    assert (report.status, report.not_compared) == ("agrees", {})
    assert {item.output for item in report.comparisons} == set(np.load(folder / "outputs.npz"))


def test_what_the_script_computes_is_not_the_likelihood(folder: Path) -> None:
    outputs = np.load(folder / "outputs.npz")
    assert np.abs(outputs["pppl_example"] - outputs["pll_mutant"]).min() > 1
    golden = changed(folder, "outputs.npz", "pll_mutant", outputs["pppl_example"])
    wrong = [item.output for item in check_golden(golden).comparisons if not item.is_within]
    assert wrong == ["pll_mutant"]


def test_the_two_masked_marginals_are_told_apart(folder: Path) -> None:
    outputs = np.load(folder / "outputs.npz")
    golden = changed(folder, "outputs.npz", "masked_marginals_joint", outputs["masked_marginals"])
    wrong = [item.output for item in check_golden(golden).comparisons if not item.is_within]
    assert wrong == ["masked_marginals_joint"]


def test_numbers_of_residues_may_begin_below_zero(folder: Path) -> None:
    inputs = np.load(folder / "inputs.npz")
    first = int(inputs["offset_idx"]) if "offset_idx" in inputs else 1
    moved = [
        ":".join(f"{one[0]}{int(one[1:-1]) - first - 3}{one[-1]}" for one in str(text).split(":"))
        for text in inputs["mutations"]
    ]
    assert any("-" in name for name in moved)
    changed(folder, "inputs.npz", "mutations", np.array(moved))
    assert check_golden(changed(folder, "inputs.npz", "offset_idx", np.array(-3))).status == "agrees"


def test_changed_weights_differ(folder: Path) -> None:
    tensors = load_file(folder / "weights.safetensors")
    tensors["layers.0.fc1.weight"][0, 0] += 0.01
    save_file(tensors, folder / "weights.safetensors")
    assert check_golden(Golden(folder)).status == "differs"


@pytest.mark.parametrize("name", ["A1K", "M99K", "M1", "M1*", "M1K;Q2K"])
def test_a_mutation_of_another_sequence_is_an_error(folder: Path, name: str) -> None:
    with pytest.raises(InputError, match="no mutation of the sequence"):
        compare_variant_scores(changed(folder, "inputs.npz", "mutations", np.array([name])))


def test_letters_beyond_the_20_count_in_every_score(shared_goldens: Path, tmp_path: Path) -> None:
    shared = shared_goldens / "variant_scores" / "tiny"
    for file in ("config.json", "weights.safetensors"):
        shutil.copyfile(shared / file, tmp_path / file)
    model, sequence = golden_language_model(Golden(shared)), "MKXAYUAK"
    token = model.vocabulary.encode(sequence)
    rows = []
    for place in range(len(token)):
        hidden = token.clone()
        hidden[place] = model.vocabulary.mask_id
        with torch.no_grad():
            logits = model(pack_tokens([hidden]), logits=True).logits
        rows.append(logits[place].log_softmax(-1))
    table = torch.stack(rows)
    own = float(sum(table[place, token[place]] for place in range(1, 9)))
    shifted = float(sum(table[place, token[place + 1]] for place in range(1, 7)))
    outputs = {"masked_log_probs": table.numpy(), "pll_wildtype": [own], "pll_mutant": [own], "pppl_example": [shifted]}
    np.savez(tmp_path / "outputs.npz", **outputs)
    np.savez(tmp_path / "inputs.npz", sequence=sequence, mutations=["K2K"], offset_idx=1)
    (tmp_path / "card.md").write_text("Tolerance: atol 1e-4, rtol 1e-4; pll sums atol 1e-3.")
    report = check_golden(Golden(tmp_path))
    assert {item.output for item in report.comparisons if item.is_within} == set(outputs)
