"""The tensor field convolution: neighbours' features times harmonics of their direction, weighted edge by edge.

    m_ij[w, k] = sum over paths, channels u and components a, b of  W_ij[u, w] C[a, b, k] h_j[u, a] Y_b(x_i - x_j)
    W_ij = W2 z_ij + c2,   z_ij = drop(relu(W1 [basis(d), h_i, h_j] + c1)),   out_i = sum_j m_ij

A path has thousands of weights W_ij; e3nn makes them for every edge. But they are linear in z, so the sum over
neighbours can go first: with T[u, k] = sum_ab C h_j Y, the products z_ij T are summed over j, and W2 follows once per
residue. Where the output is narrower, W2 goes first instead, on h_j alone, and z_ij meets the result on the way out.
Neither makes W_ij. All are dense products over the slots of residues of like degree, made again for the gradient.
"""

from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor

from protea.encoders.couplings import Path, tensor_paths, wigner_3j
from protea.encoders.irreps import IrrepBlock, offsets_of
from protea.encoders.recomputed_blocks import RowBlock, recomputed_blocks
from protea.encoders.symmetric_edges import SlotBlock, SymmetricEdges

__all__ = ["TensorProduct", "tensor_convolution"]

_BLOCK_VALUES = {"cpu": 1 << 24, "cuda": 1 << 28}
"""Values that a block makes: on a CPU some 64 MB, since each block adds to the gradients of all weights once."""


@dataclass(frozen=True)
class TensorProduct:
    """The blocks of input and output, and the paths between them."""

    inputs: tuple[IrrepBlock, ...]
    max_degree: int
    outputs: tuple[IrrepBlock, ...]
    is_rounded: bool = False

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """All paths in the order of their weights."""
        return tensor_paths(self.inputs, self.max_degree, self.outputs)

    @property
    def num_weights(self) -> int:
        """Weights of one edge."""
        return self.paths[-1].weights.stop if self.paths else 0

    def from_source(self, source: int, *, is_by_target: bool) -> tuple[Path, ...]:
        """Return the paths from a block of the input on one of the two sides."""
        return tuple(path for path in self.paths if path.source == source and path.is_by_target == is_by_target)

    def into_target(self, target: int, *, is_by_target: bool) -> tuple[Path, ...]:
        """Return the paths into a block of the output on one of the two sides."""
        return tuple(path for path in self.paths if path.target == target and path.is_by_target == is_by_target)

    @cached_property
    def sent(self) -> tuple[int, ...]:
        """The blocks of the output that edges carry."""
        return tuple(k for k in range(len(self.outputs)) if self.into_target(k, is_by_target=False))

    def couplings(self, like: Tensor, *, is_by_target: bool) -> tuple[Tensor | None, ...]:
        """Return the coupling of every block of the input, None where no path leads on this side."""
        found = [self.from_source(i, is_by_target=is_by_target) for i in range(len(self.inputs))]
        return tuple(self.coupling(paths, like) if paths else None for paths in found)

    def coupling(self, paths: tuple[Path, ...], like: Tensor) -> Float[Tensor, "harmonic joined"]:
        """Return from harmonics to [component of input, components of all outputs of the paths], scaled.

        Paths that are not by target see the edge from its other end, where odd harmonics change their sign.
        """
        columns = []
        for path in paths:
            block, output = self.inputs[path.source], self.outputs[path.target]
            symbols = wigner_3j(block.degree, path.degree, output.degree, self.is_rounded) * path.scale
            sign = 1 if path.is_by_target else (-1) ** path.degree
            column = symbols.new_zeros((self.max_degree + 1) ** 2, block.components, output.components)
            column[path.degree**2 : (path.degree + 1) ** 2] = sign * symbols.transpose(0, 1)
            columns.append(column)
        return torch.cat(columns, dim=2).flatten(1).to(like)

    def values_per_row(self, hidden: int, width: int) -> int:
        """Return about how many values one residue makes on its way."""
        columns = sum(
            self.inputs[path.source].num * self.outputs[path.target].components
            if path.is_by_target
            else self.outputs[path.target].num * self.inputs[path.source].components
            for path in self.paths
        )
        return max(1, columns * (hidden + width))


def tensor_convolution(
    product: TensorProduct,
    state: Float[Tensor, "row input"],
    harmonics: Float[Tensor, "slot harmonic"],
    hidden: Float[Tensor, "slot hidden"],
    weight: Float[Tensor, "weight hidden"],
    bias: Float[Tensor, " weight"],
    edges: SymmetricEdges,
) -> Float[Tensor, "row output"]:
    """Return the sum of the messages to every row, in the dtype of `hidden` (differentiable once).

    `harmonics` must be 0 in empty slots.
    """
    dtype = hidden.dtype
    state, weight, bias = state.to(dtype), weight.to(dtype), bias.to(dtype)
    shared = _by_target(product, weight, bias) + _by_source(product, weight, bias)
    width = sum(product.outputs[k].dim for k in product.sent)
    rows_at_a_time = _BLOCK_VALUES.get(hidden.device.type, 1 << 24) // product.values_per_row(hidden.shape[1], 20)
    blocks = edges.blocks(rows_at_a_time)
    back = edges.turn(hidden) if product.sent else hidden[:0]
    no_slot = slice(0, 0)
    coming, going = (product.couplings(harmonics.detach(), is_by_target=side) for side in (True, False))
    row_blocks = [
        RowBlock(
            (block.slots, block.slots, block.slots if product.sent else no_slot, block.rows, block.slots),
            (block.rows, block.slots),
        )
        for block in blocks
    ]

    def one_block(number: int, rows: tuple[Tensor, ...], weights: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        heard, around, returned, own, directions = rows
        half = 2 * len(product.outputs)
        total = _received(product, coming, blocks[number], heard, around, directions, weights[:half])
        return total, _sent(product, going, blocks[number], own, returned, directions, weights[half:])

    inputs = (edges.gather(state), hidden, back, state, harmonics)
    shapes = ((len(state), sum(block.dim for block in product.outputs)), (len(hidden), width))
    total, message = recomputed_blocks(one_block, row_blocks, inputs, shared, shapes)
    if not product.sent:
        return total
    places, parts, start = offsets_of(product.outputs), [], 0
    sent = edges.total_sent(message)
    for k, place in enumerate(places):
        part = total[:, place]
        if k in product.sent:
            part = part + sent[:, start : start + product.outputs[k].dim]
            start += product.outputs[k].dim
        parts.append(part)
    return torch.cat(parts, dim=1)


def _by_target(product: TensorProduct, weight: Tensor, bias: Tensor) -> tuple[Tensor, ...]:
    """Return for every block of the output the weights [channel * hidden, output] and biases [channel, output]."""
    found = []
    for k, output in enumerate(product.outputs):
        paths = product.into_target(k, is_by_target=True)
        maps = [weight[path.weights].view(-1, output.num, weight.shape[1]).transpose(1, 2) for path in paths]
        joined = torch.cat(maps) if maps else weight.new_zeros(0, weight.shape[1], output.num)
        biases = [bias[path.weights].view(-1, output.num) for path in paths]
        found += [joined.reshape(-1, output.num), torch.cat(biases) if biases else bias.new_zeros(0, output.num)]
    return tuple(found)


def _by_source(product: TensorProduct, weight: Tensor, bias: Tensor) -> tuple[Tensor, ...]:
    """Return for every block of the input the weights [channel, output * hidden] and biases [channel, output]."""
    found = []
    for i, block in enumerate(product.inputs):
        paths = product.from_source(i, is_by_target=False)
        maps = [weight[path.weights].view(block.num, -1) for path in paths]
        biases = [bias[path.weights].view(block.num, -1) for path in paths]
        found += [
            torch.cat(maps, dim=1) if maps else weight.new_zeros(block.num, 0),
            torch.cat(biases, dim=1) if biases else bias.new_zeros(block.num, 0),
        ]
    return tuple(found)


def _coupled(coupling: Tensor, value: Tensor) -> Tensor:
    """Return sum_a coupling[slot, a, k] value[slot, a, u] as [slot, k, u]; there are few components a."""
    # Unbound once: the gradient of a cut would fill the whole tensor for every component.
    left, right = coupling.unsqueeze(3).unbind(1), value.unsqueeze(2).unbind(1)
    total = left[0] * right[0]
    for component in range(1, len(left)):
        total = torch.addcmul(total, left[component], right[component])
    return total


def _received(
    product: TensorProduct, couplings: tuple[Tensor | None, ...], block: SlotBlock, heard: Tensor, hidden: Tensor,
    harmonics: Tensor, weights: tuple[Tensor, ...],
) -> Tensor:  # fmt: skip
    """Return what the rows of a block add up before the weights are applied."""
    num_rows = block.rows.stop - block.rows.start
    products: dict[int, Tensor] = {}  # by the first weight of the path
    fields = heard.split([irreps.dim for irreps in product.inputs], dim=1)
    for i, (source, field) in enumerate(zip(product.inputs, fields, strict=True)):
        joint = couplings[i]
        if joint is None:
            continue
        paths = product.from_source(i, is_by_target=True)
        coupling = (harmonics @ joint).to(heard.dtype)
        coupling = coupling.unflatten(1, (source.components, -1))
        coupled = _coupled(coupling, field.unflatten(1, (source.components, source.num)))
        pieces = coupled.split([product.outputs[path.target].components for path in paths], dim=1)
        products.update((path.weights.start, piece) for path, piece in zip(paths, pieces, strict=True))
    around = hidden.unflatten(0, (num_rows, block.width))
    totals = []
    for k, output in enumerate(product.outputs):
        paths = product.into_target(k, is_by_target=True)
        if not paths:
            totals.append(heard.new_zeros(num_rows, output.dim))
            continue
        joined = torch.cat([products[path.weights.start] for path in paths], dim=2)
        table = joined.view(num_rows, block.width, -1)
        summed = torch.bmm(table.transpose(1, 2), around).view(num_rows * output.components, -1)
        plain = table.sum(1).view(num_rows * output.components, -1)
        totals.append((summed @ weights[2 * k] + plain @ weights[2 * k + 1]).view(num_rows, output.dim))
    return torch.cat(totals, dim=1)


def _sent(
    product: TensorProduct, couplings: tuple[Tensor | None, ...], block: SlotBlock, own: Tensor, hidden: Tensor,
    harmonics: Tensor, weights: tuple[Tensor, ...],
) -> Tensor:  # fmt: skip
    """Return what the rows of a block send along the opposites of their slots, where the weights are applied first."""
    num_rows = block.rows.stop - block.rows.start
    messages: dict[int, Tensor] = {}
    fields = own.split([irreps.dim for irreps in product.inputs], dim=1)
    for i, (source, field) in enumerate(zip(product.inputs, fields, strict=True)):
        joint = couplings[i]
        if joint is None:
            continue
        paths = product.from_source(i, is_by_target=False)
        value = field.reshape(-1, source.num)
        mapped = (value @ weights[2 * i]).view(num_rows, -1, hidden.shape[1])
        plain = (value @ weights[2 * i + 1]).view(num_rows, 1, -1)
        along = torch.bmm(hidden.unflatten(0, (num_rows, block.width)), mapped.transpose(1, 2)) + plain
        along = along.view(num_rows * block.width, source.components, -1)
        coupling = (harmonics @ joint).to(own.dtype)
        ways = coupling.unflatten(1, (source.components, -1)).split(
            [product.outputs[path.target].components for path in paths], dim=2
        )
        pieces = along.split([product.outputs[path.target].num for path in paths], dim=2)
        for path, part, piece in zip(paths, ways, pieces, strict=True):
            message = _coupled(part, piece)
            messages[path.target] = messages[path.target] + message if path.target in messages else message
    if not messages:
        return own.new_zeros(num_rows * block.width, 0)
    return torch.cat([messages[k].flatten(1) for k in product.sent], dim=1)
