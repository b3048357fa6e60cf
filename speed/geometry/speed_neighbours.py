"""The nearest-neighbour table against a loop over proteins with cdist and topk, and against one masked matrix."""

import torch
from torch import Tensor

from protea.geometry.neighbours import nearest_neighbours
from speed.harness import Row, interleaved


def loop_of_topk(position: Tensor, ptr: Tensor, k: int) -> Tensor:
    rows = []
    for start, end in zip(ptr[:-1].tolist(), ptr[1:].tolist(), strict=True):
        point = position[start:end]
        distance = torch.cdist(point, point, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(torch.inf)
        rows.append(distance.topk(k, largest=False).indices + start)
    return torch.cat(rows)


def one_masked_matrix(position: Tensor, ptr: Tensor, k: int) -> Tensor:
    protein = torch.repeat_interleave(torch.arange(ptr.shape[0] - 1), ptr.diff())
    distance = torch.cdist(position, position, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(torch.inf)
    return distance.masked_fill_(protein[:, None] != protein, torch.inf).topk(k, largest=False).indices


def cloud(num_proteins: int, length: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(num_proteins * length, 3, generator=generator) * 12, torch.arange(num_proteins + 1) * length


def measure(repeats: int) -> list[Row]:
    position, ptr = cloud(8, 240)
    rows = []
    for name, peer in (("a loop of topk", loop_of_topk), ("one masked matrix", one_masked_matrix)):
        ours, theirs = interleaved(
            lambda: nearest_neighbours(position, ptr, 16),
            lambda peer=peer: peer(position, ptr, 16),
            max(repeats, 3),
        )
        label = f"16 neighbours, 8 x 240 residues, against {name}"
        rows.append({"name": label, "ours": ours, "peer": theirs, "ratio": theirs / ours, "goal": None})
    return rows


def test_same_neighbours() -> None:
    position, ptr = cloud(3, 40)
    expected = loop_of_topk(position, ptr, 5)
    assert torch.equal(nearest_neighbours(position, ptr, 5).neighbour, expected)
    assert torch.equal(one_masked_matrix(position, ptr, 5), expected)
