"""Outputs by the names of goldens: which states are listed, and shares that are squared and summed."""

import numpy as np
import torch

from protea.benchmark.parity.language_outputs import OUTPUT_AXES, LanguagePass, output_axes, outputs_of_pass
from protea.encoders.language.esm_aa import unzipped
from tests.encoders.language.esm_models import ESM2, random_model
from tests.encoders.language.test_esm_aa import TINY, atoms

MODEL = random_model(ESM2)
TOKENS = MODEL.tokens(["MKV", "ACDEF"])


def test_states_are_listed_with_or_without_the_first() -> None:
    with torch.no_grad():
        reading = MODEL(TOKENS, states=[0, 1, 2])
    raw, whole = (
        outputs_of_pass(MODEL, LanguagePass(TOKENS), ["hidden_state_norms"], number)["hidden_state_norms"]
        for number in (2, 3)
    )
    first = TOKENS.slices()[0]
    states = reading.states
    assert np.allclose(raw[0], [states[number][first].norm(dim=1) for number in (1, 2)])
    assert np.allclose(whole[0], [state[first].norm(dim=1) for state in (states[0], states[1], reading.last)])


def test_the_last_state_may_come_before_the_norm() -> None:
    with torch.no_grad():
        reading = MODEL(TOKENS, states=[2])
    before, after = (
        outputs_of_pass(MODEL, LanguagePass(TOKENS, ends_before_norm=is_before), ["last_hidden_state"], 0)
        for is_before in (True, False)
    )
    second = TOKENS.slices()[1]
    assert np.allclose(before["last_hidden_state"][1], reading.states[2][second])
    assert np.allclose(after["last_hidden_state"][1], reading.last[second])


def test_attention_contacts_and_means_per_sequence() -> None:
    wanted = ["attention_layer1", "attention_mean_per_head", "contacts", "mean_residue_embedding", "last_hidden_state"]
    found = outputs_of_pass(MODEL, LanguagePass(TOKENS), wanted, 0)
    assert [array.shape for array in found["attention_layer1"]] == [(3, 5, 5), (3, 7, 7)]
    assert [array.shape for array in found["contacts"]] == [(3, 3), (5, 5)]
    squares = np.square(found["attention_layer1"][1]).sum((1, 2))
    assert np.allclose(found["attention_mean_per_head"][1][1], squares)
    assert np.allclose(found["mean_residue_embedding"][0], found["last_hidden_state"][0][1:4].mean(0))
    assert all(len(OUTPUT_AXES[name]) == array[0].ndim for name, array in found.items())


def test_states_and_attention_of_every_block_by_number() -> None:
    wanted = ["hidden_state_0", "hidden_state_1", "hidden_state_7", "attention_layer0", "attention_layer1"]
    found = outputs_of_pass(MODEL, LanguagePass(TOKENS), wanted, 0)
    with torch.no_grad():
        states = MODEL(TOKENS, states=[0, 1]).states
    first = TOKENS.slices()[0]
    for layer in (0, 1):
        assert np.allclose(found[f"hidden_state_{layer}"][0], states[layer][first], atol=1e-5)
    shares = outputs_of_pass(MODEL, LanguagePass(TOKENS), ["attention_mean_per_head"], 0)["attention_mean_per_head"]
    for layer in (0, 1):
        assert np.allclose(np.square(found[f"attention_layer{layer}"][0]).sum((1, 2)), shares[0][layer])
    assert "hidden_state_7" not in found
    assert [output_axes(name) for name in ("attention_layer12", "hidden_state_3", "hidden_state", "layer_3")] == [
        ".tt", "t.", "t.", None,
    ]  # fmt: skip


def test_atoms_have_a_pair_term_and_distances() -> None:
    model, batch = random_model(TINY), unzipped("MKV", {1: atoms(3)})
    given = LanguagePass(batch.tokens, batch)
    found = outputs_of_pass(model, given, ["pair_rep", "dist_head", "logits", "surprise"], 0)
    assert {name: array[0].shape for name, array in found.items()} == {
        "pair_rep": (8, 8, 3), "dist_head": (8, 8), "logits": (8, 59),
    }  # fmt: skip
