"""The shift is the change of each residue's embedding, no more."""

import numpy as np
import pytest
import torch

from protea.applications.prompts.shift import shift_of
from protea.benchmark.trained import load_run
from protea.errors import ConfigError
from protea.protein.batch import pack
from protea.protein.record import protein_from_sequence
from tests.applications.prompts.made_injections import Injected

PROTEINS = [protein_from_sequence("a", "MKWCWALD"), protein_from_sequence("b", "GAVL")]


def test_it_is_the_length_of_the_difference(injected: Injected) -> None:
    run = load_run(injected.run)
    shifts = shift_of(run, PROTEINS, ["ic"])
    inputs = run.model.featurise(pack(PROTEINS))
    with torch.no_grad():
        before, after = (run.model.encoder(inputs.with_prompts(names)).residue for names in ((), ("ic",)))
    expected = (after - before).norm(dim=1).numpy()
    assert np.allclose(np.concatenate([shift.distance for shift in shifts]), expected, rtol=1e-4)
    assert (expected > 0).all()
    assert np.allclose(shifts[0].size, before[:8].norm(dim=1).numpy(), rtol=1e-4)
    angle = torch.nn.functional.cosine_similarity(before[:8], after[:8])
    assert np.allclose(shifts[0].turn, 1 - angle.numpy(), atol=1e-5)


def test_against_another_prompt_both_ways(injected: Injected) -> None:
    run = load_run(injected.run)
    (one,), (other,) = (shift_of(run, PROTEINS[:1], *sets) for sets in ((["ic"], ["seq"]), (["seq"], ["ic"])))
    assert np.allclose(one.distance, other.distance)
    assert one.prompts == ("ic",)


def test_nothing_and_nobody_are_refused(injected: Injected) -> None:
    run = load_run(injected.run)
    with pytest.raises(ConfigError, match="nothing changes"):
        shift_of(run, PROTEINS, ["ic"], ["ic"])
    with pytest.raises(ConfigError, match="no such prompts"):
        shift_of(run, PROTEINS, ["other"])
