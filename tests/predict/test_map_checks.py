"""Maps of a model are beaten by no random order, and fall when its weights are drawn anew."""

import numpy as np
import pytest

from protea.errors import InputError
from protea.predict.map_checks import check_maps, mean_over_proteins
from tests.applications.properties.made_properties import made_sequences
from tests.predict.made_predictor import made_predictor


def test_a_mean_has_an_interval_around_it() -> None:
    found = mean_over_proteins(np.array([0.0, 1.0, np.nan, 2.0, 3.0]))
    assert (found.mean, found.number) == (1.5, 4)
    assert 0 <= found.low < found.mean < found.high <= 3
    assert mean_over_proteins(np.array([np.nan])).number == 0
    assert np.isnan(mean_over_proteins(np.array([np.nan])).mean)


def test_both_checks_over_proteins() -> None:
    sequences = [sequence[:24] for sequence in made_sequences(4, seed=8)]
    predictor = made_predictor().properties
    found = check_maps(predictor, "soluble", sequences)
    assert [layer for layer, _ in found.layers] == ["heads", "last_norm", "blocks.1", "blocks.0", "embedding"]
    assert found.layers[-1][1].mean < 0.9
    assert found.layers[-1][1].number == 4
    assert min(found.deletion.mean, found.insertion.mean) > 0
    rows = found.rows()
    assert len(rows) == 7
    assert rows[-1]["check"] == "insertion gain"
    with pytest.raises(InputError, match="too few"):
        check_maps(predictor, "soluble", sequences[:2])
    with pytest.raises(InputError, match="no property 'luck'"):
        check_maps(predictor, "luck", sequences)
