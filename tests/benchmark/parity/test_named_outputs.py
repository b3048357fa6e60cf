"""A card names outputs by quoting them, or by telling their precision; what is an input, or there, is not absent."""

from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.golden import Golden
from protea.benchmark.parity.named_outputs import only_named


@pytest.mark.parametrize(
    ("card", "absent"),
    [
        ("`graph_embedding` is the sum.", ["graph_embedding"]),
        ("Tolerance: float32 against float64 (outputs64.npz): node_embedding 2e-07, graph_embedding 5.8e-06. Use rtol",
         ["graph_embedding"]),
        ("`node_embedding` of `pos`, and `no_output` at all; graph_embedding.", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_a_card_names_and_the_file_lacks(card: str, absent: list[str], tmp_path: Path) -> None:
    np.savez(tmp_path / "inputs.npz", pos=np.zeros(3))
    np.savez(tmp_path / "outputs.npz", node_embedding=np.zeros(3))
    (tmp_path / "card.md").write_text(card)
    assert list(only_named(Golden(tmp_path))) == absent
