"""The product block of MACE: every channel's features multiplied with themselves up to a power, coupled to irreps.

    out[d, c] = sum over powers n and paths p of  w_n[p, c] U_n[d, i1, ..., in, p] x[i1, c] ... x[in, c]

The original contracts U with one factor after another, through [residue, channel, 9, 9, 5]. But x x x is symmetric: of
its 729 products 165 differ. Here U is summed over the products that agree, and out is one matrix product of these
coefficients with the monomials. Key names of the published weights: `symmetric_contractions.contractions.{32x0e,
...}.{U_matrix_n, weights.n}`, `linear.weight`, `batch_norm.{weight, bias, running_mean, running_var}`.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from protea.encoders.irreps import IrrepBlock, offsets_of
from protea.encoders.irreps_norm import IrrepsNorm
from protea.encoders.mace_couplings import coupling_basis, monomial_factors, monomial_of
from protea.encoders.recomputed_blocks import RowBlock, recomputed_blocks

__all__ = ["ProductBlock"]

_BLOCK_VALUES = {"cpu": 1 << 20, "cuda": 1 << 28}


class _Contraction(nn.Module):
    """The couplings to one irrep: bases, and a weight for every path and channel.

    The bases keep float64 in every precision: rounded, they would no longer turn exactly with the molecule. Published
    ones are float32 numbers, and are taken as they are.
    """

    def __init__(self, inputs: tuple[IrrepBlock, ...], output: IrrepBlock, correlation: int) -> None:
        super().__init__()
        irreps = tuple((block.degree, block.parity) for block in inputs)
        self.correlation, self.rows = correlation, output.components
        self.weights = nn.ParameterDict()
        for order in range(1, correlation + 1):
            basis = coupling_basis(irreps, (output.degree, output.parity), order)
            self.register_buffer(f"U_matrix_{order}", basis.clone())
            self.weights[str(order)] = nn.Parameter(torch.randn(basis.shape[-1], output.num) / max(basis.shape[-1], 1))

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> "_Contraction":
        kept = dict(self._buffers)
        super()._apply(fn, recurse)
        for name, value in kept.items():
            found = self._buffers[name]
            if value is not None and found is not None and found.dtype != torch.float64:
                self._buffers[name] = value.to(found.device)
        return self

    def coefficients(self, dim: int, dtype: torch.dtype) -> Float[Tensor, "component monomial channel"]:
        """Return the coefficient of every monomial, by rising order."""
        found = []
        for order in range(1, self.correlation + 1):
            basis = self.get_buffer(f"U_matrix_{order}")
            products = basis.reshape(self.rows, dim**order, -1)
            number = monomial_of(dim, order).to(basis.device)
            summed = products.new_zeros(self.rows, int(number.max()) + 1, products.shape[2])
            summed = summed.index_add(1, number, products)
            found.append(summed.to(dtype) @ self.weights[str(order)].to(dtype))
        return torch.cat(found, dim=1)


class _Contractions(nn.Module):
    """The couplings to every irrep of the output, by their names."""

    def __init__(self, inputs: tuple[IrrepBlock, ...], outputs: tuple[IrrepBlock, ...], correlation: int) -> None:
        super().__init__()
        self.dim = sum(block.components for block in inputs)
        self.correlation = correlation
        self.contractions = nn.ModuleDict({str(block): _Contraction(inputs, block, correlation) for block in outputs})

    def forward(self, value: Float[Tensor, "row input"]) -> Float[Tensor, "row output"]:
        """Return the products, in at least float32."""
        dtype = torch.promote_types(value.dtype, torch.float32)
        parts = [
            contraction.coefficients(self.dim, dtype)
            for contraction in self.contractions.values()
            if isinstance(contraction, _Contraction)
        ]
        coefficients = torch.cat(parts).permute(2, 0, 1)
        channels, outputs, monomials = coefficients.shape
        step = max(1, _BLOCK_VALUES.get(value.device.type, 1 << 20) // (channels * monomials))
        rows = [slice(start, min(start + step, len(value))) for start in range(0, len(value), step)]
        (result,) = recomputed_blocks(
            self._block,
            [RowBlock((place,), (place,)) for place in rows],
            (value.to(dtype),),
            (coefficients,),
            ((len(value), outputs * channels),),
        )
        return result

    def _block(self, _number: int, rows: tuple[Tensor, ...], shared: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return the products of one block; the residues stand last, so that every monomial is one long row."""
        variables = rows[0].unflatten(1, (self.dim, -1)).permute(1, 2, 0).contiguous()
        found = [variables]
        for order in range(2, self.correlation + 1):
            before, factor = (index.to(variables.device) for index in monomial_factors(self.dim, order))
            found.append(found[-1].index_select(0, before) * variables.index_select(0, factor))
        result = torch.bmm(shared[0], torch.cat(found).transpose(0, 1))
        return (result.permute(2, 1, 0).flatten(1),)


class _IrrepsLinear(nn.Module):
    """A linear map of the channels of every block, scaled as in e3nn."""

    def __init__(self, blocks: tuple[IrrepBlock, ...]) -> None:
        super().__init__()
        self.blocks = blocks
        self.weight = nn.Parameter(torch.randn(sum(block.num**2 for block in blocks)))

    def forward(self, value: Float[Tensor, "row column"]) -> Float[Tensor, "row column"]:
        weights = self.weight.to(value.dtype).split([block.num**2 for block in self.blocks])
        parts = []
        for block, place, weight in zip(self.blocks, offsets_of(self.blocks), weights, strict=True):
            field = value[:, place].reshape(-1, block.num)
            mapped = field @ (weight.view(block.num, block.num) * block.num**-0.5)
            parts.append(mapped.view(len(value), block.dim))
        return torch.cat(parts, dim=1)


class ProductBlock(nn.Module):
    """Products, a linear map, normalisation. All blocks have the same number of channels."""

    def __init__(
        self,
        inputs: tuple[IrrepBlock, ...],
        outputs: tuple[IrrepBlock, ...],
        correlation: int,
        has_batch_norm: bool,
    ) -> None:
        super().__init__()
        self.symmetric_contractions = _Contractions(inputs, outputs, correlation)
        self.linear = _IrrepsLinear(outputs)
        self.batch_norm = IrrepsNorm(outputs) if has_batch_norm else None

    def forward(self, value: Float[Tensor, "row input"]) -> Float[Tensor, "row output"]:
        """Return the new features in the dtype of the weights (autocast does not reach the products)."""
        with torch.autocast(value.device.type, enabled=False):
            found = self.linear(self.symmetric_contractions(value)).to(self.linear.weight.dtype)
            return found if self.batch_norm is None else self.batch_norm(found)
