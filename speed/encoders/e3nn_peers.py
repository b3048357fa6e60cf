"""The peers of TFN and MACE: e3nn's tensor product with a weight per edge and path, and index_add."""

import torch
from torch import Tensor, nn

from protea.encoders.tfn import distance_gaussians

__all__ = ["E3nnConvolution", "E3nnTFN", "both_ways", "load_ours"]


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

    def forward(self, state: Tensor, edge_index: Tensor, harmonics: Tensor, features: Tensor) -> Tensor:
        """Return the normalised sum of the messages."""
        receiver, sender = edge_index
        weights = self.fc(features)  # in bfloat16 under autocast, which e3nn does not extend to the other two
        message = self.tp(state[sender].to(weights.dtype), harmonics.to(weights.dtype), weights)
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


def load_ours(peer: nn.Module, ours: nn.Module) -> None:
    """Give a peer our weights; the constants of e3nn stay its own."""
    constants = set(peer.state_dict()) - set(ours.state_dict())
    assert all(".tp." in key or "linear.bias" in key or "output_mask" in key for key in constants), constants
    peer.load_state_dict(peer.state_dict() | ours.state_dict(), strict=True)
