"""How two representations couple to a third: Wigner 3j symbols, and the paths of a full tensor product.

Normalised as in e3nn ("component", "element"): every output component has variance 1 for inputs and weights of variance
1. Published files hold the symbols in float32, which float64 results depend on at 1e-7; `is_rounded` asks for them.
"""

import math
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from protea.encoders.irreps import IrrepBlock, harmonic_degrees

__all__ = ["Path", "tensor_paths", "wigner_3j"]

_USUAL_DEGREE = 18
"""Neighbours per residue for which the cheaper side of a path is chosen."""


@cache
def wigner_3j(degree1: int, degree2: int, degree3: int, is_rounded: bool = False) -> Tensor:
    """Return the Wigner 3j symbols [2 l1 + 1, 2 l2 + 1, 2 l3 + 1] in float64, of Frobenius norm 1 (do not change it).

    Where a degree is 0 they are known in closed form and never rounded.
    """
    from e3nn import o3  # seconds to import, and needed here only

    with torch.device("cpu"):  # whatever the caller's default: what is cached must hold numbers
        symbols: Tensor = o3.wigner_3j(degree1, degree2, degree3, dtype=torch.float64)
    if is_rounded and min(degree1, degree2, degree3) > 0:
        return symbols.float().double()
    return symbols


@dataclass(frozen=True)
class Path:
    """Block `source` of the input times harmonics of `degree` gives a part of block `target` of the output.

    Attributes:
        weights: which of the weights of an edge are its, as [input channel, output channel].
        scale: what the coupling is multiplied with.
        is_by_target: whether its sum over neighbours is cheaper before the weights are applied, or after.
    """

    source: int
    degree: int
    target: int
    weights: slice
    scale: float
    is_by_target: bool


def tensor_paths(inputs: tuple[IrrepBlock, ...], max_degree: int, outputs: tuple[IrrepBlock, ...]) -> tuple[Path, ...]:
    """Return all paths of the tensor product with harmonics, in the order of e3nn's weights."""
    allowed = [
        (i, harmonic.degree, k)
        for i, block in enumerate(inputs)
        for harmonic in harmonic_degrees(max_degree)
        for k, output in enumerate(outputs)
        if block.parity * harmonic.parity == output.parity
        and abs(block.degree - harmonic.degree) <= output.degree <= block.degree + harmonic.degree
    ]
    fan_in = [sum(inputs[i].num for i, _, target in allowed if target == k) for k in range(len(outputs))]
    paths, start = [], 0
    for i, degree, k in allowed:
        source, target = inputs[i], outputs[k]
        stop = start + source.num * target.num
        before = target.components * source.num * (_USUAL_DEGREE + target.num)
        after = source.components * target.num * (_USUAL_DEGREE + source.num)
        scale = math.sqrt(target.components / fan_in[k])
        paths.append(Path(i, degree, k, slice(start, stop), scale, before <= after))
        start = stop
    return tuple(paths)
