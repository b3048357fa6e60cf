import numpy as np
import pytest

from protea.datasets.sources.generation.topology import SHORTEST_CHAIN, draw_topology, secondary_structure


@pytest.mark.parametrize("length", [30, 40, 97, 150, 400])
def test_segments_fill_the_chain_and_alternate(length: int) -> None:
    assert length >= SHORTEST_CHAIN
    for seed in range(50):
        segments = draw_topology(np.random.default_rng(seed), length)
        text = secondary_structure(segments)
        assert len(text) == length
        assert all(segment.length > 0 for segment in segments)
        # loop, regular, loop, ..., loop: the growth takes them in pairs.
        assert len(segments) % 2 == 1
        assert all((segment.kind == "C") == (place % 2 == 0) for place, segment in enumerate(segments))


def test_turns_join_strands_and_are_short() -> None:
    turns = 0
    for seed in range(100):
        segments = draw_topology(np.random.default_rng(seed), 120)
        for before, loop, after in zip(segments, segments[1:], segments[2:], strict=False):
            if loop.is_turn:
                turns += 1
                assert (before.kind, after.kind) == ("E", "E")
                assert 2 <= loop.length <= 4
    assert turns > 50


def test_helices_and_strands_are_about_as_frequent_as_in_real_chains() -> None:
    text = "".join(secondary_structure(draw_topology(np.random.default_rng(seed), 95)) for seed in range(200))
    # Real globular chains: about 35 % helix, 23 % strand; here half of each class of fold is drawn.
    assert 0.25 < text.count("H") / len(text) < 0.55
    assert 0.15 < text.count("E") / len(text) < 0.45
