"""The peers of TFN and MACE: e3nn's tensor product with a weight per edge and path, and index_add."""

import torch
from torch import Tensor, nn

from protea.encoders.bessel_basis import BesselEmbedding
from protea.encoders.irreps import parse_irreps, to_channel_first
from protea.encoders.mace_product import ProductBlock
from protea.encoders.tfn import distance_gaussians

__all__ = ["E3nnConvolution", "E3nnMACE", "E3nnTFN", "both_ways", "chained_products", "load_ours"]


def both_ways(edge_index: Tensor, num_residues: int) -> Tensor:
    """Return [receiver, sender] of all edges and their opposites, each once, by rising receiver."""
    source, target = edge_index
    key = torch.cat([target * num_residues + source, source * num_residues + target]).unique()
    return torch.stack([key // num_residues, key % num_residues])


class E3nnConvolution(nn.Module):
    """Messages of a FullyConnectedTensorProduct whose weights come from a network of the edge."""

    def __init__(self, inputs: str, outputs: str, max_degree: int, edge_dim: int, mlp_dim: int, dropout: float) -> None:
        super().__init__()
        import e3nn.nn
        from e3nn import o3

        harmonics = o3.Irreps.spherical_harmonics(max_degree)
        self.tp = o3.FullyConnectedTensorProduct(inputs, harmonics, outputs, shared_weights=False)
        self.fc = nn.Sequential(
            nn.Linear(edge_dim, mlp_dim), nn.ReLU(), nn.Dropout(dropout), nn.Linear(mlp_dim, self.tp.weight_numel)
        )
        self.batch_norm = e3nn.nn.BatchNorm(outputs)
        # Its symbols are constants that autocast does not reach: a second set of them, of no parameters, for bfloat16.
        self.half = [o3.FullyConnectedTensorProduct(inputs, harmonics, outputs, shared_weights=False).bfloat16()]

    def forward(self, state: Tensor, edge_index: Tensor, harmonics: Tensor, features: Tensor) -> Tensor:
        """Return the normalised sum of the messages."""
        receiver, sender = edge_index
        weights = self.fc(features)  # in bfloat16 under autocast, which e3nn does not extend to the other two
        product = self.half[0] if weights.dtype == torch.bfloat16 else self.tp
        with torch.autocast(weights.device.type, enabled=False):
            message = product(state[sender].to(weights.dtype), harmonics.to(weights.dtype), weights)
        total = message.new_zeros(len(state), message.shape[1]).index_add(0, receiver, message)
        normalised: Tensor = self.batch_norm(total.to(state.dtype))
        return normalised


class E3nnTFN(nn.Module):
    """TFN as ProteinWorkshop wires it."""

    def __init__(self, input_dim: int, hidden: str, layers: int, num_basis: int, mlp_dim: int, dropout: float) -> None:
        super().__init__()
        from e3nn import o3

        self.num_basis, self.dim = num_basis, o3.Irreps(hidden)[0].dim
        states = [f"{self.dim}x0e", *[hidden] * (layers - 1), f"{self.dim}x0e"]
        self.harmonics = o3.SphericalHarmonics(o3.Irreps.spherical_harmonics(2), True, normalization="component")
        self.emb_in = nn.Linear(input_dim, self.dim)
        edge_dim = num_basis + 2 * self.dim
        self.convs = nn.ModuleList(
            E3nnConvolution(states[i], states[i + 1], 2, edge_dim, mlp_dim, dropout) for i in range(layers)
        )

    def forward(self, scalar: Tensor, position: Tensor, edge_index: Tensor) -> Tensor:
        """Return the residue encoding."""
        receiver, sender = edge_index
        vectors = position[receiver] - position[sender]
        harmonics = self.harmonics(vectors)
        basis = distance_gaussians(vectors.norm(dim=1), 10.0, self.num_basis)
        state = self.emb_in(scalar)
        for layer in self.convs:
            features = torch.cat([basis, state[receiver, : self.dim], state[sender, : self.dim]], dim=1)
            update = layer(state, edge_index, harmonics, features)
            state = update + nn.functional.pad(state, (0, update.shape[1] - state.shape[1]))
        return state


class E3nnMACE(nn.Module):
    """MACE as ProteinWorkshop wires it, with the original chain of contractions on the parameters of our products."""

    def __init__(
        self, input_dim: int, hidden: str, layers: int, correlation: int, num_bessel: int, mlp_dim: int, dropout: float
    ) -> None:
        super().__init__()
        from e3nn import o3

        self.blocks, self.dim = parse_irreps(hidden), o3.Irreps(hidden)[0].dim
        scalars = f"{self.dim}x0e"
        self.harmonics = o3.SphericalHarmonics(o3.Irreps.spherical_harmonics(2), True, normalization="component")
        self.radial_embedding = BesselEmbedding(10.0, num_bessel, 5)
        self.emb_in = nn.Linear(input_dim, self.dim)
        edge_dim = num_bessel + 2 * self.dim
        self.convs = nn.ModuleList(
            E3nnConvolution(hidden if i else scalars, hidden, 2, edge_dim, mlp_dim, dropout) for i in range(layers)
        )
        self.prods = nn.ModuleList(
            ProductBlock(self.blocks, self.blocks if i < layers - 1 else parse_irreps(scalars), correlation, True)
            for i in range(layers)
        )

    def forward(self, scalar: Tensor, position: Tensor, edge_index: Tensor) -> Tensor:
        """Return the residue encoding."""
        receiver, sender = edge_index
        vectors = position[receiver] - position[sender]
        harmonics = self.harmonics(vectors)
        basis = self.radial_embedding(vectors.norm(dim=1))
        state = self.emb_in(scalar)
        for i, (layer, products) in enumerate(zip(self.convs, self.prods, strict=True)):
            features = torch.cat([basis, state[receiver, : self.dim], state[sender, : self.dim]], dim=1)
            update = layer(state, edge_index, harmonics, features)
            found = chained_products(products, update, [block.components for block in self.blocks])
            if i == len(self.convs) - 1:
                return found
            found = found[:, to_channel_first(self.blocks)]
            state = found + nn.functional.pad(state, (0, found.shape[1] - state.shape[1]))
        return state


def chained_products(block: ProductBlock, value: Tensor, components: list[int]) -> Tensor:
    """Return what the block returns for features in e3nn's layout, one factor contracted after another."""
    channels = value.shape[1] // sum(components)
    fields = value.split([channels * size for size in components], dim=1)
    joined = torch.cat([field.unflatten(1, (channels, -1)) for field in fields], dim=2)
    parts = []
    for module in block.symmetric_contractions.contractions.values():
        highest = len(module.weights)
        bases = [module.get_buffer(f"U_matrix_{order}").to(joined.dtype) for order in range(1, highest + 1)]
        found = torch.einsum("...ik,kc,bci->bc...", bases[-1], module.weights[str(highest)].to(joined.dtype), joined)
        for order in range(highest - 1, 0, -1):
            weight = module.weights[str(order)].to(joined.dtype)
            found = found + torch.einsum("...k,kc->c...", bases[order - 1], weight).to(found.dtype)
            found = torch.einsum("bc...i,bci->bc...", found, joined)
        parts.append(found.reshape(len(value), channels, -1).transpose(1, 2).flatten(1))
    result = block.linear(torch.cat(parts, dim=1)).to(value.dtype)
    return result if block.batch_norm is None else block.batch_norm(result)


def load_ours(peer: nn.Module, ours: nn.Module) -> None:
    """Give a peer our weights; the constants of e3nn stay its own."""
    constants = set(peer.state_dict()) - set(ours.state_dict())
    assert all(".tp." in key or "linear.bias" in key or "output_mask" in key for key in constants), constants
    peer.load_state_dict(peer.state_dict() | ours.state_dict(), strict=True)
