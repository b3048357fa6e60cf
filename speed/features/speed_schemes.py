"""Featurising a batch (ca_bb and 16 neighbours) against one protein at a time, and against the step that it feeds."""

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from protea.encoders.schnet import SchNetConfig
from protea.features.edges.catalogue import KNearest
from protea.features.schemes import SchemeConfig
from protea.geometry.torsions import bond_angle, dihedral
from protea.protein.batch import ProteinBatch
from protea.protein.chemistry import ATOM37
from protea.protein.converters.dense import batch_from_atom37
from speed.encoders.inputs import batch as compact_batch
from speed.encoders.step import step
from speed.harness import Row, interleaved

GRAPH = KNearest(k=16)
SCHEME = SchemeConfig(kind="ca_bb", undefined_angles="published").build()


def proteins(num_proteins: int = 8, length: int = 240) -> tuple[ProteinBatch, Tensor]:
    """Return a batch with N, CA, C, O, CB (and as many side-chain atoms again) and the same on a dense axis."""
    random = np.random.default_rng(0)
    ca = compact_batch(GRAPH, num_proteins, length).position
    position = ca[:, None].numpy() + random.normal(size=(len(ca), len(ATOM37), 3)).astype(np.float32)
    position[:, 1] = ca
    is_resolved = np.zeros((len(ca), len(ATOM37)), dtype=bool)
    is_resolved[:, :8] = True
    residue_ptr = np.arange(num_proteins + 1) * length
    residue_type = random.integers(0, 20, len(ca))
    return batch_from_atom37(position, is_resolved, residue_type, residue_ptr), torch.from_numpy(position)


def one_at_a_time(position: Tensor, residue_type: Tensor, ptr: Tensor) -> tuple[Tensor, Tensor]:
    """Return the same features and an edge list [source, target], protein by protein, joined at the end."""
    scalars, edges = [], []
    for first, last in pairwise(ptr.tolist()):
        n, ca, c = position[first:last, :3].unbind(1)
        length = last - first
        alpha, kappa, phi, psi, omega = torch.zeros(5, length)
        alpha[1:-2] = dihedral(ca[:-3], ca[1:-2], ca[2:-1], ca[3:])
        kappa[2:-2] = torch.pi - bond_angle(ca[:-4], ca[2:-2], ca[4:])
        phi[1:] = dihedral(c[:-1], n[1:], ca[1:], c[1:])
        psi[:-1] = dihedral(n[:-1], ca[:-1], c[:-1], n[1:])
        omega[:-1] = dihedral(ca[:-1], c[:-1], n[1:], ca[1:])
        frequency = torch.logspace(0, 1, 8, base=1e-4)
        phase = torch.arange(length)[:, None] * frequency
        angles = [part for angle in (alpha, kappa, phi, psi, omega) for part in (angle.cos(), angle.sin())]
        one_hot = torch.nn.functional.one_hot(residue_type[first:last], 21)
        scalars.append(torch.cat([phase.sin(), phase.cos(), one_hot, torch.stack(angles, 1)], dim=1))
        distance = torch.cdist(ca, ca, compute_mode="donot_use_mm_for_euclid_dist").fill_diagonal_(torch.inf)
        source = distance.topk(GRAPH.k, largest=False).indices
        target = torch.arange(length)[:, None].expand_as(source)
        edges.append(torch.stack([source.flatten(), target.flatten()]) + first)
    return torch.cat(scalars), torch.cat(edges, dim=1)


def measure(repeats: int) -> list[Row]:
    torch.manual_seed(0)
    packed, dense = proteins()
    config = SchNetConfig.published()
    encoder = config.build(SCHEME.dim)
    inputs = SCHEME(packed, config.graph)
    once = step(encoder, lambda: encoder(inputs).residue, torch.float32)
    rows: list[Row] = []
    for name, peer, goal in (
        (
            "features ca_bb, one protein at a time",
            lambda: one_at_a_time(dense, packed.residue_type, packed.residue_ptr),
            None,
        ),
        ("features ca_bb, SchNet step float32", once, 10.0),
    ):
        ours, theirs = interleaved(lambda: SCHEME(packed, GRAPH), peer, repeats)
        rows.append({"name": name, "ours": ours, "peer": theirs, "ratio": theirs / ours, "goal": goal})
    return rows


def test_same_features_and_edges() -> None:
    packed, dense = proteins(3, 40)
    ours = SCHEME(packed, GRAPH)
    scalar, edge_index = one_at_a_time(dense, packed.residue_type, packed.residue_ptr)
    torch.testing.assert_close(ours.scalar, scalar, rtol=0, atol=1e-5)
    # Steps of the walk are equally long but for rounding, so the order of such neighbours is not compared.
    assert set(zip(*ours.graph.edge_index().tolist(), strict=True)) == set(zip(*edge_index.tolist(), strict=True))
