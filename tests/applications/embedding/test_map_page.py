"""The page holds every point once, fetches nothing, and no id can break out of it."""

import json
import re

import numpy as np
import pytest

from protea.applications.embedding.map_page import map_page
from protea.applications.embedding.point_labels import PointLabels
from protea.applications.embedding.projection import Projection
from protea.errors import ContractError


def projection(num: int) -> Projection:
    position = np.random.default_rng(0).normal(size=(num, 2)) * [10.0, 2.0]
    return Projection(position, ("first", "second"), "how it was made")


def page(values: list[str | None] | None, ids: tuple[str, ...] | None = None, num: int | None = None) -> str:
    num = len(values) if values is not None else num or 3
    labels = None if values is None else PointLabels("kind", tuple(values), ())
    return map_page(projection(num), ids or tuple(f"p{i}" for i in range(num)), labels, "A map", "where from")


def points(text: str) -> list[list]:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])["points"]


def legend(text: str) -> list[tuple[str, str, str]]:
    """(colour, name, count) of each line."""
    return re.findall(r'<i style="background:(#\w+)"></i><span>(.*?)</span><span class="count">(.*?)</span>', text)


def test_nothing_is_fetched() -> None:
    text = page(["a", "b", None])
    without_names = text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//[a-z]|\bsrc=|\bhref=|@import|url\(", without_names)
    assert text.startswith("<!doctype html>")


def test_every_point_has_its_place_group_and_names() -> None:
    found = points(page(["a", "b", None, "a"]))
    assert [item[2] for item in found] == [0, 1, 2, 0]
    assert [item[4:] for item in found] == [["p0", "a"], ["p1", "b"], ["p2", ""], ["p3", "a"]]
    place, expected = np.array([item[:2] for item in found]), projection(4).position
    assert place.min() >= 0
    assert place.max() <= 1
    # Equal scales across and up, and up is up: the screen's y points down.
    step = (place[1:] - place[0]) / ((expected[1:] - expected[0]) * [1, -1])
    np.testing.assert_allclose(step, np.full_like(step, 1 / np.ptp(expected, axis=0).max()), rtol=1e-2)


def test_frequent_labels_have_colours_and_the_rest_one() -> None:
    text = page([f"kind {i}" for i in range(20) for _ in range(20 - i)])
    found = legend(text)
    assert [name for _, name, _ in found] == [*(f"kind {i}" for i in range(10)), "10 other labels"]
    assert len({colour for colour, _, _ in found}) == 11
    assert found[-1][2] == str(sum(20 - i for i in range(10, 20)))


def test_many_numbers_are_a_scale() -> None:
    text = page([*(str(0.5 * i) for i in range(20)), None])
    assert 'class="scale"' in text
    assert "<span>0</span><span>9.5</span>" in text
    found = points(text)
    assert found[0][3] == "#2d3b8e"
    assert found[19][3] == "#e08a2c"
    assert len({item[3] for item in found}) == 21
    assert [name for _, name, _ in legend(text)] == ["with a value", "no label"]
    assert "scale" not in page(["1", "2", "1"]).split("<body>")[1]  # few numbers are kinds


def test_no_id_breaks_out_of_the_page() -> None:
    wicked = ("</script><script>alert(1)</script>", "<b>&", "'\"")
    text = page(["<i>", "x", None], ids=wicked)
    assert "<script>alert" not in text
    assert [item[4] for item in points(text)] == list(wicked)
    assert "&lt;i&gt;" in text


def test_a_page_without_labels_and_one_that_does_not_fit() -> None:
    assert legend(page(None)) == [("#0b62a4", "all", "3")]
    with pytest.raises(ContractError, match="one id"):
        map_page(projection(3), ("a", "b"), None, "A map", "")
