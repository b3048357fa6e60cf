"""Windows hold every token, in the middle where they can, and their weights sum to one."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protea.encoders.language.windows import WindowKind, WindowPolicy
from protea.errors import ConfigError


@given(st.sampled_from(["whole", "centred", "overlapping"]), st.integers(1, 90), st.integers(3, 40), st.data())
def test_every_token_is_read_and_its_weights_sum_to_one(
    kind: WindowKind, length: int, size: int, data: st.DataObject
) -> None:
    policy = WindowPolicy(kind, size, data.draw(st.integers(1, size)))
    for place in range(length):
        shares = policy.shares(place, length)
        assert math.isclose(sum(share.weight for share in shares), 1)
        for window, weight in shares:
            assert 0 <= window.start <= place < window.stop <= length
            assert window.stop - window.start == (min(size, length) if kind != "whole" else length)
            assert weight > 0


def test_what_fits_is_read_whole() -> None:
    for kind in ("whole", "centred", "overlapping"):
        policy = WindowPolicy(kind, 10, 5)
        assert policy.shares(3, 10) == ((slice(0, 10), 1.0),)
        assert policy.words(10) == "whole"
    assert WindowPolicy("whole", 10, 5).shares(3, 99) == ((slice(0, 99), 1.0),)


def test_a_centred_window_has_its_token_in_the_middle_or_stands_at_an_end() -> None:
    policy = WindowPolicy("centred", 10, 5)
    starts = [policy.shares(place, 30)[0].window.start for place in range(30)]
    assert starts == [0] * 6 + list(range(1, 20)) + [20] * 5
    assert policy.words(30) == "centred, 10 tokens"


def test_overlapping_windows_come_from_both_ends_and_meet() -> None:
    policy = WindowPolicy("overlapping")
    assert policy.starts(1024) == (0,)
    assert policy.starts(1025) == (0, 1)  # they overlap by far more than a stride
    # 0 and 976 overlap by 48 tokens only: one more in the middle.
    assert policy.starts(2000) == (0, 488, 976)
    assert policy.starts(2500) == (0, 511, 965, 1476)
    assert policy.words(2500) == "overlapping, 4 of 1024 tokens, 511 apart"


def test_weights_follow_the_sigmoid_of_the_distance_from_the_edge() -> None:
    policy = WindowPolicy("overlapping")
    # Token 1004 of 2000: at 1004, 516 and 28 of its three windows, that is 19, 507 and 28 from their edges.
    edges = [1 / (1 + math.exp(-(distance - 128) / 16)) for distance in (19, 28)]
    raw = [edges[0], 1.0, edges[1]]
    found = [share.weight for share in policy.shares(1004, 2000)]
    assert found == pytest.approx([weight / sum(raw) for weight in raw], rel=1e-12)


def test_gaps_are_refused() -> None:
    for stride in (0, 11):
        with pytest.raises(ConfigError, match="gaps"):
            WindowPolicy("overlapping", 10, stride)


def test_windows_of_a_size_overlap_as_proteingym_has_them() -> None:
    assert WindowPolicy.of_size("overlapping", 1024) == WindowPolicy("overlapping", 1024, 511)
    assert WindowPolicy.of_size("centred", 3) == WindowPolicy("centred", 3, 1)


@pytest.mark.parametrize("num_tokens", range(5, 20))
@pytest.mark.parametrize("stride", [1, 3, 4])
def test_no_window_leads_over_an_end(num_tokens: int, stride: int) -> None:
    """Seven tokens in windows of four, four apart, began at -1 and at 4."""
    starts = WindowPolicy("overlapping", 4, stride).starts(num_tokens)
    assert starts[0] == 0
    assert starts[-1] == num_tokens - 4
    assert all(later - earlier <= 4 for earlier, later in pairwise(starts))
