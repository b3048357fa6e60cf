"""The relational convolution against its formula, edge after edge."""

import torch

from protea.encoders.relational_edges import edge_features, relational_edges, summed_features
from protea.encoders.relational_layer import NodeConvolution
from protea.features.edges.catalogue import SevenRelations
from tests.encoders.proteins import NUM_FEATURES, pack, walk


def test_equals_the_formula() -> None:
    batch = pack([walk(15, seed=1), walk(2, seed=2)], graph=SevenRelations(k=4))
    edges = relational_edges(batch.graph, 7, batch.position, 0.0)
    width = 2 * NUM_FEATURES + 9
    layer = NodeConvolution(4, 5, 7, width).double().eval()
    state = torch.randn(17, 4, dtype=torch.float64)
    message = state[edges.source] + layer.edge_linear(edge_features(batch.scalar, edges))
    update = torch.zeros(17 * 7, 4, dtype=torch.float64).index_add(0, edges.target * 7 + edges.relation, message)
    expected = torch.relu(layer.batch_norm(layer.linear(update.view(17, 28)) + layer.self_loop(state)))
    torch.testing.assert_close(layer(state, *summed_features(batch.scalar, edges), edges), expected)
