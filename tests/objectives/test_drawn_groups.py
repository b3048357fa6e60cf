"""Groups are made of steps that are near in space and far in sequence; as many as stated, and none twice."""

import pytest
import torch
from torch import Tensor

from protea.errors import ContractError
from protea.features.edges.catalogue import KNearest
from protea.features.hidden_edges import hide_groups
from protea.geometry.neighbours import nearest_neighbours
from protea.objectives.drawn_groups import MIN_OFFSET, GroupSize, draw_groups, group_positions, hidden_group
from protea.objectives.interface import Corruption
from protea.objectives.masked_distance_prediction import MaskedDistancePredictionConfig
from protea.objectives.structure_denoising import StructureDenoisingConfig
from protea.protein.batch import ProteinBatch, concat
from protea.protein.chemistry import ATOM_CODE
from tests.features.proteins import ca_trace, random_proteins
from tests.objectives.made import SCHEME, built

CORRUPTION = Corruption(0, 0)


def drawn(
    batch: ProteinBatch, size: GroupSize, share: float = 0.5, k: int = 12, epoch: int = 0
) -> tuple[Tensor, Tensor]:
    member = draw_groups(batch, Corruption(0, epoch), "test", size, share, k)
    return hidden_group(hide_groups(batch, "test", member), "test")


def globule(length: int, seed: int = 0) -> ProteinBatch:
    """CA atoms drawn in a ball, so that every residue has neighbours far away in the sequence."""
    draw = torch.Generator().manual_seed(seed)
    return ca_trace(8 * torch.randn(length, 3, generator=draw, dtype=torch.float64)).batch()


@pytest.mark.parametrize("size", [2, 3, 4])
def test_steps_lead_to_near_residues_that_are_far_in_sequence(size: GroupSize) -> None:
    batch = globule(60)
    group, is_drawn = drawn(batch, size)
    table = nearest_neighbours(batch.ca()[0], batch.residue_ptr, 12)
    near = [set(row) for row in table.neighbour.tolist()]
    assert int(is_drawn.sum()) == 30
    for members in group[is_drawn].tolist():
        steps = [(members[start], members[stop]) for start, stop in ((0, 1), (0, 2), (2, 3)) if stop < size]
        assert all(b in near[a] and abs(a - b) >= MIN_OFFSET for a, b in steps)
        assert len(set(members)) == size


@pytest.mark.parametrize(("share", "count"), [(1.0, 60), (0.25, 15), (0.001, 1)])
def test_the_stated_share_is_drawn_at_least_one(share: float, count: int) -> None:
    _, is_drawn = drawn(globule(60), 2, share)
    assert int(is_drawn.sum()) == count


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_draw_is_a_function_of_seed_epoch_and_protein(size: GroupSize) -> None:
    one, two = globule(40), globule(50, seed=1)
    names = one.replace(ids=("one",)), two.replace(ids=("two",))
    packed = concat(list(names))
    group, is_drawn = drawn(packed, size)
    alone, is_drawn_alone = drawn(names[1], size)
    assert torch.equal(is_drawn[40:], is_drawn_alone)
    assert torch.equal(group[40:], alone + 40)
    assert not torch.equal(drawn(packed, size, epoch=1)[0], group)


def test_every_residue_has_the_same_chance() -> None:
    batch = globule(20)
    times = sum(drawn(batch, 2, 0.3, k=19, epoch=epoch)[1].long() for epoch in range(400))
    assert 120 - 46 < int(times.min()) <= int(times.max()) < 120 + 46  # type: ignore[union-attr] # 120 +- 9.2


def test_the_clean_structure_is_asked_about() -> None:
    batch = globule(30)
    noisy = built(StructureDenoisingConfig(sigma=2.0), batch).objective.corrupt(batch, CORRUPTION)
    assert torch.equal(drawn(noisy, 3)[0], drawn(batch, 3)[0])


@pytest.mark.parametrize("size", [2, 3, 4])
def test_where_there_is_no_group_none_is_drawn(size: GroupSize) -> None:
    straight = ca_trace(torch.arange(3, dtype=torch.float64)[:, None] * torch.tensor([3.8, 0, 0])).batch()
    assert not drawn(straight, size)[1].any()
    hidden = random_proteins(9).without(*((row, ATOM_CODE["CA"]) for row in range(9))).batch()
    assert not drawn(hidden, size)[1].any()
    assert not drawn(globule(30), size, k=1)[1].any() or size == 2


def test_an_unresolved_residue_is_in_no_group() -> None:
    batch = random_proteins(30).without((7, ATOM_CODE["CA"])).batch()
    group, is_drawn = drawn(batch, 3, share=1.0, k=29)
    assert not (group[is_drawn] == 7).any()
    assert not is_drawn[7]


def test_residues_of_another_chain_may_be_next_in_the_record() -> None:
    # Two chains of two residues each: a step can only lead to the other chain.
    batch = globule(4).replace(chain_of=torch.tensor([0, 0, 1, 1]))
    group, is_drawn = drawn(batch, 2, share=1.0)
    assert bool(is_drawn.all())
    assert torch.equal(group[:, 0] >= 2, group[:, 1] < 2)


def test_inputs_in_which_nothing_was_drawn_are_refused() -> None:
    found = built(MaskedDistancePredictionConfig(), random_proteins(9).batch())
    plain = SCHEME.build()(random_proteins(9).batch(), KNearest(k=4))
    with pytest.raises(ContractError, match="no groups of residues were drawn"):
        found.objective.predict(found.encoding, plain)


def test_points_stand_in_the_order_of_their_geometry() -> None:
    position = torch.arange(12, dtype=torch.float64).view(4, 3)
    for group, order in (([0, 1], [0, 1]), ([0, 1, 2], [1, 0, 2]), ([0, 1, 2, 3], [1, 0, 2, 3])):
        points = group_positions(position, torch.tensor([group]))
        assert torch.equal(torch.cat(points), position[order])
