"""Published names: joined, flattened, copies compared; strangers and gaps are named."""

import pytest
import torch

from protea.encoders.language.names import PublishedNames, Rule, translated
from protea.errors import InputError

FIRST = PublishedNames(
    "first",
    (
        *(
            Rule(rf"layers\.(\d+)\.{part}\.(weight|bias)", r"blocks.\1.qkv.\2", place, 3)
            for place, part in enumerate("qkv")
        ),
        Rule(r"table|tied", "table"),
        Rule(r"flat", "flat", is_flat=True),
    ),
    ignored=(r"position_ids",),
)
SECOND = PublishedNames("second", (Rule(r"other\.(\w+)", r"\1"),))


def test_parts_are_joined_in_their_order_whatever_the_order_of_keys() -> None:
    parts = {part: torch.randn(2, 3) for part in "qkv"}
    found = translated((FIRST,), {f"layers.7.{part}.weight": parts[part] for part in "vqk"}, "here")
    assert list(found) == ["blocks.7.qkv.weight"]
    assert torch.equal(found["blocks.7.qkv.weight"], torch.cat([parts["q"], parts["k"], parts["v"]]))


def test_axes_of_one_are_dropped_only_where_the_rule_says_so() -> None:
    found = translated((FIRST,), {"flat": torch.ones(1, 4), "table": torch.ones(1, 4)}, "here")
    assert found["flat"].shape == (4,)
    assert found["table"].shape == (1, 4)
    # A matrix of one number is a row of one, as that of one layer with one head; a bias of one is a number.
    for given, expected in (((1, 1), (1,)), ((3, 1), (3,)), ((1,), ())):
        assert translated((FIRST,), {"flat": torch.ones(given)}, "here")["flat"].shape == expected


def test_equal_copies_are_one_and_copies_that_disagree_are_refused() -> None:
    table = torch.randn(3, 2)
    assert torch.equal(translated((FIRST,), {"table": table, "tied": table.clone()}, "here")["table"], table)
    with pytest.raises(InputError, match="two copies of one tensor disagree: tied") as caught:
        translated((FIRST,), {"table": table, "tied": table + 1e-6}, "file.pt")
    assert "file.pt" in str(caught.value)


def test_the_way_that_knows_every_key_is_chosen() -> None:
    assert list(translated((FIRST, SECOND), {"other.table": torch.ones(1)}, "here")) == ["table"]
    assert FIRST.strangers({"table": torch.ones(1), "position_ids": torch.ones(1)}) == []


def test_strangers_are_named_for_the_nearest_way() -> None:
    with pytest.raises(InputError, match=r"names of first.*'extra\.weight'"):
        translated(
            (SECOND, FIRST), {"table": torch.ones(1), "flat": torch.ones(1), "extra.weight": torch.ones(1)}, "here"
        )


def test_a_name_must_match_wholly() -> None:
    assert FIRST.rule_of("table.extra") is None
    assert FIRST.rule_of("model.table") is None
    assert not FIRST.is_ignored("position_ids.more")


def test_a_missing_part_is_named() -> None:
    with pytest.raises(InputError, match=r"a part of blocks\.0\.qkv\.bias is missing.*3 tensors.*2"):
        translated((FIRST,), {"layers.0.q.bias": torch.ones(1), "layers.0.v.bias": torch.ones(1)}, "here")


def test_ignored_keys_are_left_out() -> None:
    assert list(translated((FIRST,), {"flat": torch.ones(1), "position_ids": torch.ones(1)}, "here")) == ["flat"]
