"""Prompts against goldens: the shared one, and one made here by the plain way, with other heads and sets of prompts."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from protea.benchmark.parity.check import check_golden
from protea.benchmark.parity.golden import Golden
from protea.encoders.prompts import PromptsConfig
from protea.errors import InputError
from tests.encoders.dense_prompts import dense_reading
from tests.encoders.language.esm_models import random_model
from tests.encoders.language.test_prompt_protein import TINY, under_published_names

SETTINGS = {
    "layer_num": 2, "embed_dim": 24, "attention_head_num": 3, "ffn_embed_dim": 40, "max_position_num": 30,
    "emb_layer_norm_before": True, "token_dropout": True,
}  # fmt: skip
SEQUENCES = ["MKVLA", "AC", "DEFGHIK"]
CASES = {
    "none": (), "crd": ("crd",), "ppi_seq_crd": ("ppi", "seq", "crd"), "seq_learned": ("seq", "learned_0"),
    "crd_ppi": ("crd", "ppi"), "ppi_crd": ("ppi", "crd"),
}  # fmt: skip
"""The last two hold the same words: the order of a case's name tells whose tokens it reads."""


def write_prompt_golden(folder: Path) -> Path:
    """Write a golden whose outputs are those of the explicit mask, padding between tokens and prompts."""
    folder.mkdir(parents=True)
    (folder / "card.md").write_text("- Tolerance: atol 1e-4, rtol 1e-4.", encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    model, vector = random_model(TINY), torch.randn(24)
    save_file(under_published_names(model), folder / "weights.safetensors")
    model.add_prompts(PromptsConfig(names=("seq", "ppi", "crd", "learned_0"), kind="gated"))
    model.prompts.row["<learned_0>"].data.copy_(vector)
    ids = np.full((3, 9), 1)
    for row, text in zip(ids, SEQUENCES, strict=True):
        own = model.vocabulary.encode(text)
        row[: len(own)] = own
    inputs = {"sequences": np.array(SEQUENCES), "tokens": ids, "learnable_prompt": vector.numpy()[None]}
    outputs = {}
    id_of = {"seq": 33, "ppi": 34, "crd": 35}
    for case, names in CASES.items():
        named = [name for name in names if name in id_of]
        columns = np.broadcast_to([id_of[name] for name in named], (3, len(named)))
        inputs["_".join(["tokens", *named])] = np.concatenate([ids, columns.astype(np.int64)], axis=1)
        with torch.no_grad():
            found = dense_reading(model, SEQUENCES, names)
            states = model.prompt_states(names)
        outputs[case] = np.zeros((3, 9, 24), np.float32)
        for row, own in zip(outputs[case], found, strict=True):
            own = own[: len(own) - len(names)]
            row[: len(own)] = own.numpy()
        if states is not None:
            last = states.last[[states.names.index(name) for name in names]].numpy()
            outputs[f"{case}_prompt_states"] = np.repeat(last[None], 3, axis=0)
    np.savez(folder / "inputs.npz", **inputs)
    np.savez(folder / "outputs.npz", **outputs)
    return folder


def test_every_output_of_the_golden_agrees(shared_goldens: Path) -> None:
    golden = Golden(shared_goldens / "promptprotein" / "tiny")
    report = check_golden(golden)
    assert (report.kind, report.status) == ("language model prompt_protein", "agrees")
    assert not report.not_compared
    assert {item.output for item in report.comparisons} == {*golden.outputs, "tokens of the sequences"}
    assert max(item.difference for item in report.comparisons) < 2e-6


def test_a_made_golden_agrees_and_differs_when_its_weights_do(tmp_path: Path) -> None:
    folder = write_prompt_golden(tmp_path / "a")
    report = check_golden(Golden(folder))
    assert (report.kind, report.status, report.not_compared) == ("language model prompt_protein", "agrees", {})
    assert len(report.comparisons) == 1 + len(CASES) + 5
    tensors = load_file(folder / "weights.safetensors")
    for name in ("layers.1.layer_gated.weight", "embed_tokens.weight"):
        changed = tensors[name].clone()
        changed[-1] *= -1  # a gate; the last prompt
        save_file(tensors | {name: changed}, folder / "weights.safetensors")
        beyond = {item.output for item in check_golden(Golden(folder)).comparisons if not item.is_within}
        assert {"crd", "ppi_seq_crd"} <= beyond
        assert "none" not in beyond


def test_one_number_of_a_case_counts(tmp_path: Path) -> None:
    folder = write_prompt_golden(tmp_path / "a")
    with np.load(folder / "outputs.npz") as content:
        outputs = dict(content)
    outputs["ppi_seq_crd_prompt_states"][2, 1, 5] += 0.1
    outputs["crd"][1, 3, 0] += 0.1
    outputs["none"][1, 8] += 1.0  # padding
    outputs["crd_norms"] = np.ones((3, 4, 9), np.float32)
    np.savez(folder / "outputs.npz", **outputs)
    report = check_golden(Golden(folder))
    beyond = {item.output for item in report.comparisons if not item.is_within}
    assert beyond == {"ppi_seq_crd_prompt_states", "crd", "crd_norms"}


def test_cases_that_cannot_be_told_are_named(tmp_path: Path) -> None:
    folder = write_prompt_golden(tmp_path / "a")
    with np.load(folder / "outputs.npz") as content:
        np.savez(folder / "outputs.npz", **content, ppi=content["none"], other_norms=np.ones(2))
    report = check_golden(Golden(folder))
    assert report.status == "agrees"
    assert report.not_compared == {"ppi": "no tokens of such a case", "other_norms": "no such case"}


def test_prompts_that_contradict_the_name_or_each_other_are_refused(tmp_path: Path) -> None:
    for number, (change, message) in enumerate(((35, "other prompts than the name"), (7, "last columns"))):
        folder = write_prompt_golden(tmp_path / str(number))
        with np.load(folder / "inputs.npz") as content:
            inputs = dict(content)
        inputs["tokens_seq"][:, -1] = change
        if change == 7:
            inputs["tokens_seq"][0, -1] = 33
        np.savez(folder / "inputs.npz", **inputs)
        with pytest.raises(InputError, match=message):
            check_golden(Golden(folder))
