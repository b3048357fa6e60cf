"""lDDT by hand, its invariances, masks, and the golden values."""

import numpy as np
import torch

from protea.geometry.lddt import lddt


def test_a_hand_worked_case(dtype):
    # Distances 3, 4, 5 become 3, 7, sqrt(58) = 7.62: changes 0, 3, 2.62, so 4, 1 and 1 of four thresholds are met.
    reference = torch.tensor([[0.0, 0, 0], [3, 0, 0], [0, 4, 0]], dtype=dtype)
    model = torch.tensor([[0.0, 0, 0], [3, 0, 0], [0, 7, 0]], dtype=dtype)
    found = lddt(model, reference, torch.tensor([0, 3]))
    assert found.score.item() == 0.5
    assert found.num_pairs.item() == 6
    assert found.item_score.tolist() == [5 / 8, 5 / 8, 2 / 8]
    assert found.item_num_pairs.tolist() == [2, 2, 2]


def test_comparisons_are_strict():
    reference = torch.tensor([[0.0, 0, 0], [15, 0, 0], [0, 14, 0]])
    model = torch.tensor([[0.0, 0, 0], [15, 0, 0], [0, 14.5, 0]])
    found = lddt(model, reference, torch.tensor([0, 3]))
    # 0-1 lies at the cutoff and 1-2 beyond it; 0-2 changes by exactly 0.5.
    assert found.num_pairs.item() == 2
    assert found.score.item() == 0.75


def test_global_is_weighted_by_pairs_and_packed_equals_single(dtype):
    generator = torch.Generator().manual_seed(0)
    reference = torch.randn(70, 3, dtype=dtype, generator=generator) * 12
    model = reference + torch.randn(70, 3, dtype=dtype, generator=generator)
    ptr = torch.tensor([0, 30, 30, 31, 70])
    packed = lddt(model, reference, ptr)
    for p, (first, last) in enumerate([(0, 30), (30, 30), (30, 31), (31, 70)]):
        single = lddt(model[first:last], reference[first:last], torch.tensor([0, last - first]))
        assert torch.equal(packed.score[p], single.score[0])
        assert torch.equal(packed.item_score[first:last], single.item_score)
        weighted = (single.item_score * single.item_num_pairs).sum() / single.item_num_pairs.sum().clamp(min=1)
        torch.testing.assert_close(single.score[0], weighted)
    assert packed.score[:1] != packed.item_score[:30].mean()
    assert packed.num_pairs[1:3].tolist() == [0, 0]
    same = lddt(-model @ torch.diag(torch.ones(3, dtype=dtype)) + 5, -model, ptr)
    assert (same.score[[0, 3]] == 1).all()


def test_hidden_items_have_no_pairs_and_same_residue_pairs_do_not_count():
    reference = torch.randn(12, 3) * 3
    model = reference + torch.randn(12, 3)
    ptr, is_valid = torch.tensor([0, 12]), torch.arange(12) % 4 != 0
    spoiled = reference.clone()
    spoiled[~is_valid] = torch.nan
    hidden = lddt(model, spoiled, ptr, is_valid=is_valid)
    kept = lddt(model[is_valid], reference[is_valid], torch.tensor([0, 9]))
    assert torch.equal(hidden.score, kept.score)
    assert torch.equal(hidden.item_score[is_valid], kept.item_score)
    assert (hidden.item_num_pairs[~is_valid] == 0).all()
    assert lddt(model, reference, ptr, residue_of=torch.zeros(12, dtype=torch.int64)).num_pairs.item() == 0
    pairs_of_six = lddt(model, reference, ptr, residue_of=torch.arange(12) // 2, cutoff=1e3).num_pairs.item()
    assert pairs_of_six == 12 * 11 - 12


def test_golden_pairs(shared_goldens):
    folder = shared_goldens / "metrics" / "structures"
    inputs, outputs = np.load(folder / "inputs.npz"), np.load(folder / "outputs.npz")
    for i in range(3):
        model, reference, model_atoms, reference_atoms, residue_of = (
            torch.from_numpy(inputs[f"pair{i}_{name}"])
            for name in ("model_ca", "reference_ca", "model_atoms", "reference_atoms", "atom_residue")
        )
        found = lddt(model, reference, torch.tensor([0, len(model)]))
        assert abs(found.score.item() - float(outputs[f"pair{i}_lddt_ca"])) < 1e-9
        assert np.abs(found.item_score.numpy() - outputs[f"pair{i}_lddt_ca_per_residue"]).max() < 1e-9
        assert np.array_equal(found.item_num_pairs.numpy(), outputs[f"pair{i}_lddt_ca_pairs_per_residue"])
        heavy = lddt(model_atoms, reference_atoms, torch.tensor([0, len(model_atoms)]), residue_of=residue_of)
        assert abs(heavy.score.item() - float(outputs[f"pair{i}_lddt_heavy"])) < 1e-9
