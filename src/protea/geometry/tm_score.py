"""TM-score of structures with a given one-to-one match of their residues.

TM = (1 / L) sum over residues of 1 / (1 + (d / d0)^2), with the distance d after a superposition and
d0 = 1.24 (L - 15)^(1/3) - 1.8 angstrom; 0.5 for L <= 21, as TM-align takes it. The score is the maximum over all
superpositions, found by search, so `tm_score` is a lower bound that is exact in practice; `tm_at_kabsch` is the sum
at the superposition of least RMSD. Source: Zhang & Skolnick, Proteins 57, 702 (2004).
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.errors import ContractError
from protea.geometry.frames import Frames
from protea.geometry.segments import check_ptr, segment_mean, segment_of
from protea.geometry.superposition import superpose, superpose_batch

__all__ = ["TMSuperposition", "tm_at_kabsch", "tm_d0", "tm_score", "tm_superposition"]

_SMALLEST_FRAGMENT = 4
_NUM_COARSE_STEPS = 8
_NUM_KEPT = 16
_NUM_FINE_STEPS = 300
_CONVERGED = 1e-8
# Beyond this number of fragments of one size their starts are spread further apart.
_NUM_STARTS = 100
# Seeds times residues held at once in the coarse search.
_SEED_POINTS = 1 << 18


@dataclass(frozen=True, eq=False)
class TMSuperposition:
    """The best TM-score per protein and the motion of the mobile structure that reaches it."""

    score: Float[Tensor, " protein"]
    motion: Frames


def tm_d0(length: int) -> float:
    """Return the distance scale d0 in angstrom for a protein of `length` residues."""
    return 0.5 if length <= 21 else max(0.5, 1.24 * (length - 15) ** (1 / 3) - 1.8)


def tm_at_kabsch(
    mobile: Float[Tensor, "residue 3"], target: Float[Tensor, "residue 3"], residue_ptr: Int[Tensor, " protein_plus_1"]
) -> Float[Tensor, " protein"]:
    """Return the TM sum per protein at the superposition of least RMSD: a lower bound of the TM-score."""
    motion = superpose(mobile, target, residue_ptr).select(segment_of(residue_ptr, mobile.shape[0]))
    squared = (motion.apply(mobile) - target).square().sum(-1)
    lengths = (residue_ptr[1:] - residue_ptr[:-1]).tolist()
    scale = squared.new_tensor([tm_d0(length) for length in lengths])
    return segment_mean(1 / (1 + squared / scale[segment_of(residue_ptr)].square()), residue_ptr)


def tm_score(
    mobile: Float[Tensor, "residue 3"], target: Float[Tensor, "residue 3"], residue_ptr: Int[Tensor, " protein_plus_1"]
) -> Float[Tensor, " protein"]:
    """Return the TM-score per protein, normalised by its length; residue i of one belongs to residue i of the other.

    Raises:
        ContractError: if a protein has no residue, or `residue_ptr` does not cover the residues.
    """
    return tm_superposition(mobile, target, residue_ptr).score


def tm_superposition(
    mobile: Float[Tensor, "residue 3"], target: Float[Tensor, "residue 3"], residue_ptr: Int[Tensor, " protein_plus_1"]
) -> TMSuperposition:
    """Return the TM-score per protein with the superposition that reaches it; no gradient.

    Each contiguous fragment of L, L/2, L/4, ... >= 4 residues is superposed as a seed. From a seed, weighted
    superposition with weights (1 + (d / d0)^2)^-2 never lowers the score: the terms are convex in d^2, so each step
    maximises a bound that touches the sum at the present superposition. The best seeds are run to convergence.

    Raises:
        ContractError: as `tm_score`.
    """
    check_ptr(residue_ptr, mobile.shape[0])
    results = []
    for protein, (start, end) in enumerate(pairwise(residue_ptr.tolist())):
        if start == end:
            raise ContractError(f"tm_score: protein {protein} of the batch has no residue; leave it out")
        # In float64 whatever the input: the climb stops when the score no longer rises, which noise would hide.
        results.append(_search(mobile[start:end].detach().double(), target[start:end].detach().double()))
    if not results:
        return TMSuperposition(mobile.new_zeros(0), Frames.identity(0, dtype=mobile.dtype, device=mobile.device))
    scores, rotations, translations = zip(*results, strict=True)
    motion = Frames(torch.stack(rotations), torch.stack(translations))
    return TMSuperposition(torch.stack(scores).to(mobile.dtype), motion.to(mobile.dtype))


def _search(
    mobile: Float[Tensor, "residue 3"], target: Float[Tensor, "residue 3"]
) -> tuple[Float[Tensor, ""], Float[Tensor, "3 3"], Float[Tensor, "3"]]:
    length = mobile.shape[0]
    squared_scale = tm_d0(length) ** 2
    seeds = _fragment_weights(length, mobile.dtype, mobile.device)
    scores, weights = [], []
    for chunk in seeds.split(max(1, _SEED_POINTS // length)):
        score, weight, _ = _climb(mobile, target, chunk, squared_scale, _NUM_COARSE_STEPS)
        scores.append(score)
        weights.append(weight)
    best = torch.cat(scores).topk(min(_NUM_KEPT, seeds.shape[0])).indices
    score, _, motion = _climb(mobile, target, torch.cat(weights)[best], squared_scale, _NUM_FINE_STEPS)
    winner = score.argmax()
    return score[winner], motion.rotation[winner], motion.translation[winner]


def _climb(
    mobile: Float[Tensor, "residue 3"],
    target: Float[Tensor, "residue 3"],
    weight: Float[Tensor, "seed residue"],
    squared_scale: float,
    num_steps: int,
) -> tuple[Float[Tensor, " seed"], Float[Tensor, "seed residue"], Frames]:
    """Return the score, the next weights and the motion of every seed after some steps, or once none rises."""
    shape = (weight.shape[0], *mobile.shape)
    score = weight.new_zeros(weight.shape[0])
    for _ in range(num_steps):
        motion = superpose_batch(mobile.expand(shape), target.expand(shape), weight)
        squared = (motion.unsqueeze().apply(mobile) - target).square().sum(-1)
        term = 1 / (1 + squared / squared_scale)
        previous, score, weight = score, term.mean(-1), term.square()
        if bool((score - previous < _CONVERGED).all()):
            break
    return score, weight, motion


def _fragment_weights(length: int, dtype: torch.dtype, device: torch.device) -> Float[Tensor, "seed residue"]:
    """Return 0/1 weights of the seeds: fragments of each size, a quarter of it apart or more."""
    spans = []
    size = length
    while size >= min(_SMALLEST_FRAGMENT, length):
        starts = list(range(0, length - size, max(1, size // 4, length // _NUM_STARTS)))
        spans += [(start, start + size) for start in [*starts, length - size]]
        size //= 2
    bounds = torch.tensor(spans, device=device)
    position = torch.arange(length, device=device)
    return ((position >= bounds[:, :1]) & (position < bounds[:, 1:])).to(dtype)
