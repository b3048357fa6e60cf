"""Language models against goldens: those of others, and one made here that is then broken in every way."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.check import check_golden
from protea.benchmark.parity.comparison import GoldenReport
from protea.benchmark.parity.golden import Golden
from protea.errors import InputError
from tests.benchmark.parity.made_goldens import perturb_weights
from tests.benchmark.parity.made_language_goldens import write_language_golden

GOLDENS = {
    "esm1/fair_esm1b": "esm1b", "esm1/hf_esm1b": "esm1b", "esm1/fair_esm1v": "esm1v", "esm1/hf_esm1v": "esm1v",
    "esm2/fair_tiny": "esm2", "esm2/hf_tiny": "esm2", "esm2/hf_fp16_freq": "esm2", "esmc/tiny": "esmc",
    "amplify/tiny": "amplify", "prott5/tiny": "prott5", "saprot/tiny": "saprot", "esm_aa/tiny": "esm_aa",
}  # fmt: skip


def changed(folder: Path, file: str, **arrays: np.ndarray) -> GoldenReport:
    """The report of a golden after some of its arrays were replaced."""
    with np.load(folder / file) as content:
        kept = dict(content)
    np.savez(folder / file, **(kept | arrays))
    return check_golden(Golden(folder))


def differing(report: GoldenReport) -> set[str]:
    """The outputs beyond their tolerance."""
    return {item.output for item in report.comparisons if not item.is_within}


@pytest.mark.parametrize("name", GOLDENS)
def test_every_output_of_a_golden_agrees(name: str, shared_goldens: Path) -> None:
    golden = Golden(shared_goldens / name)
    report = check_golden(golden)
    assert (report.kind, report.status) == (f"language model {GOLDENS[name]}", "agrees")
    assert not report.not_compared
    compared = {item.output for item in report.comparisons}
    assert compared == {*golden.outputs, "tokens of the sequences"}
    assert max(item.difference for item in report.comparisons) < 2e-5


def test_a_made_golden_agrees_under_any_name_and_differs_when_its_weights_do(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "esm2" / "tiny")
    report = check_golden(Golden(folder))
    assert (report.kind, report.status, report.not_compared) == ("language model amplify", "agrees", {})
    assert len(report.comparisons) == 5
    perturb_weights(folder, 0.3)
    assert "logits" in differing(check_golden(Golden(folder)))


def test_one_number_of_a_real_token_counts_and_padding_does_not(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    with np.load(folder / "outputs.npz") as content:
        logits = content["logits"]
    logits[1, 8] += 1.0  # the second sequence has 4 + 2 tokens
    assert changed(folder, "outputs.npz", logits=logits).status == "agrees"
    logits[1, 5, 3] += 1e-2
    assert differing(changed(folder, "outputs.npz", logits=logits)) == {"logits"}


def test_a_position_may_be_a_number_or_a_row_of_one(shared_goldens: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shared_goldens / "saprot" / "tiny", tmp_path / "copy"))
    position = np.load(folder / "inputs.npz")["position"]
    assert changed(folder, "inputs.npz", position=np.atleast_1d(position)).status == "agrees"


def test_another_number_of_channels_is_seen(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    with np.load(folder / "outputs.npz") as content:
        logits = content["logits"]
    report = changed(folder, "outputs.npz", logits=np.concatenate([logits, logits[..., :1]], axis=-1))
    assert differing(report) == {"logits"}
    assert "shape" in next(item.note for item in report.comparisons if item.output == "logits")


def test_tokens_that_our_vocabulary_would_not_give_are_seen(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    with np.load(folder / "inputs.npz") as content:
        sequences = content["sequences"]
    sequences[0] = ("W" if sequences[0][0] != "W" else "Y") + sequences[0][1:]
    assert differing(changed(folder, "inputs.npz", sequences=sequences)) == {"tokens of the sequences"}
    sequences[0] = "m" + sequences[0][1:]
    report = changed(folder, "inputs.npz", sequences=sequences)
    assert report.status == "agrees"
    assert "no token" in report.not_compared["tokens of the sequences"]


def test_what_is_unknown_is_named(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    report = changed(folder, "outputs.npz", surprise=np.zeros(2))
    assert set(report.not_compared) == {"surprise"}
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "att_bias": True}))
    golden = Golden(folder)
    report = check_golden(golden)
    assert report.status == "not implemented"
    assert "att_bias" in report.reason


def test_padding_before_tokens_is_refused(tmp_path: Path) -> None:
    folder = write_language_golden(tmp_path / "a")
    with np.load(folder / "inputs.npz") as content:
        mask = content["attention_mask"][:, ::-1].copy()
    with pytest.raises(InputError, match="padding before"):
        changed(folder, "inputs.npz", attention_mask=mask)
