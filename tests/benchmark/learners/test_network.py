import numpy as np
import torch
from scipy import sparse

from protea.applications.variants.splits import RandomSplitConfig
from protea.applications.variants.variant_features import sequence_columns
from protea.benchmark.learners.network import NetworkConfig, SparseNetwork
from protea.benchmark.learners.row_split import RowSplit
from protea.metrics.spearman import spearman
from tests.applications.variants.made_scan import WILD_TYPE, made_scan


def test_the_first_layer_is_a_matrix_product() -> None:
    model = SparseNetwork(6, 4, 0.0, 2.0).eval()
    x = np.array([[0, 1.0, 0, -1, 0, 0], [0, 0, 0, 0, 0, 0], [2.0, 0, 0.5, 0, 0, 1]])
    columns = sparse.csr_array(x)
    entries = (
        torch.from_numpy(columns.indices).long(),
        torch.from_numpy(columns.indptr[:-1]).long(),
        torch.from_numpy(columns.data).float(),
    )
    expected = model.rest(torch.from_numpy(x).float() @ model.weight + model.bias).squeeze(-1)
    torch.testing.assert_close(model(*entries), expected)


def test_saturating_effects_are_learned_better_than_a_line_can() -> None:
    scan = made_scan(num_variants=600, most=4, noise=0.02)
    value = np.maximum(scan.value, -3.0)  # broken is broken
    columns = sequence_columns("one_hot", scan.variants, len(WILD_TYPE))
    split = RandomSplitConfig().splits(scan.source)[0]
    inner = RandomSplitConfig().splits(scan.source.part(split.train))
    config = NetworkConfig(hidden_dim=32, learning_rate=5e-3, batch_size=32, most_epochs=40)
    fitted = config.fit(columns[split.train], value[split.train], inner, 0)
    found = fitted.predict(columns[split.test]).mean
    assert spearman(value[split.test], found) > 0.85
    assert 0 < fitted.facts["epochs"] <= 40


def test_sparse_and_dense_columns_and_equal_seeds_give_the_same_and_the_global_generator_is_left_alone() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 3)), rng.normal(size=40)
    inner = (RowSplit(np.arange(30), np.arange(30, 40)),)
    state = torch.get_rng_state()
    found = [
        NetworkConfig(most_epochs=2).fit(columns, y, inner, seed).predict(columns).mean
        for columns, seed in ((x, 0), (sparse.csr_array(x), 0), (x, 1))
    ]
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    assert np.abs(found[0] - found[2]).max() > 1e-3
    assert torch.equal(torch.get_rng_state(), state)
