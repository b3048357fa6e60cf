"""All ways in which products of `order` copies of some irreps make one irrep: the coupling bases of MACE.

Every basis tensor follows a chain: the first two factors couple to an irrep, that and the third to another, and so on
(Batatia et al. 2022, eq. 10). Bases are not independent once all factors are the same; the published weights count them
all, in this order, so this order is kept.
"""

from functools import cache
from itertools import combinations_with_replacement, product

import torch
from jaxtyping import Float, Int
from torch import Tensor

from protea.encoders.couplings import wigner_3j

__all__ = ["coupling_basis", "monomial_factors", "monomial_of"]

_Irrep = tuple[int, int]  # degree and parity
_FILTERED_ORDER = 4
"""At this order the published chains pass irreps of parity (-1)^degree only."""


@cache
def coupling_basis(irreps: tuple[_Irrep, ...], output: _Irrep, order: int) -> Float[Tensor, "*components path"]:
    """Return the basis [component of output, component of factor 1, ..., of factor n, path] in float64.

    Irreps are (degree, parity), one copy each. The first axis is left out for a scalar. Do not change it in place.
    """
    with torch.device("cpu"):  # whatever the caller's default: what is cached must hold numbers
        chains = _chains(irreps, order, order == _FILTERED_ORDER)
        found = [tensor for irrep, tensor in chains if irrep == output]
        dim = sum(2 * degree + 1 for degree, _ in irreps)
        rows = 2 * output[0] + 1
        if not found:
            return torch.zeros([*([rows] if output[0] else []), *[dim] * order, 0], dtype=torch.float64)
        basis = torch.stack(found, dim=-1)
        return basis if output[0] else basis.squeeze(0)


def _chains(irreps: tuple[_Irrep, ...], order: int, is_filtered: bool) -> list[tuple[_Irrep, Tensor]]:
    """Return every chain with the irrep that it ends in, sorted by irrep."""
    dim = sum(2 * degree + 1 for degree, _ in irreps)
    starts = [sum(2 * degree + 1 for degree, _ in irreps[:i]) for i in range(len(irreps))]
    one = torch.eye(dim, dtype=torch.float64)
    chains = [(irrep, one[start : start + 2 * irrep[0] + 1]) for irrep, start in zip(irreps, starts, strict=True)]
    for _ in range(order - 1):
        longer = []
        for ((degree1, parity1), left), ((degree2, parity2), start) in product(
            chains, zip(irreps, starts, strict=True)
        ):
            for degree in range(abs(degree1 - degree2), degree1 + degree2 + 1):
                parity = parity1 * parity2
                if is_filtered and parity != (-1) ** degree:
                    continue
                symbols = wigner_3j(degree, degree1, degree2) * (2 * degree + 1) ** 0.5
                tensor = left.new_zeros(2 * degree + 1, *left.shape[1:], dim)
                tensor[..., start : start + 2 * degree2 + 1] = torch.einsum("j...,ijl->i...l", left, symbols)
                longer.append(((degree, parity), tensor))
        chains = sorted(longer, key=lambda chain: chain[0])
    return chains


@cache
def monomial_of(dim: int, order: int) -> Int[Tensor, " product"]:
    """Return, for every one of the dim^order products of variables, which monomial it is."""
    numbers = {factors: i for i, factors in enumerate(combinations_with_replacement(range(dim), order))}
    every = product(range(dim), repeat=order)
    return torch.tensor([numbers[tuple(sorted(factors))] for factors in every], device="cpu")


@cache
def monomial_factors(dim: int, order: int) -> tuple[Int[Tensor, " monomial"], Int[Tensor, " monomial"]]:
    """Return how each monomial follows: the monomial of one order less, and the variable that it is multiplied with."""
    shorter = {factors: i for i, factors in enumerate(combinations_with_replacement(range(dim), order - 1))}
    every = list(combinations_with_replacement(range(dim), order))
    before = torch.tensor([shorter[factors[:-1]] for factors in every], device="cpu")
    return before, torch.tensor([factors[-1] for factors in every], device="cpu")
