"""A folder becomes a page: the same one each time, and whatever is left out is said."""

from pathlib import Path

import pytest

from protea.applications.embedding.embed import embed
from protea.applications.embedding.embedding_map import draw_map
from protea.errors import InputError
from tests.applications.embedding.made_inputs import small_model, write_structures


def test_the_map_of_a_folder(tmp_path: Path) -> None:
    embed(small_model(tmp_path / "run"), [write_structures(tmp_path / "in")], tmp_path / "out")
    (tmp_path / "labels.csv").write_text("id,kind\na,x\nb,y\nghost,y\n")
    drawn = [
        draw_map(tmp_path / "out", tmp_path / "new" / name, tmp_path / "labels.csv", None, "pca")
        for name in ("one.html", "two.html")
    ]
    assert drawn[0] == drawn[1]
    assert (drawn[0].num_drawn, drawn[0].num_without_label, drawn[0].num_unmatched_labels) == (5, 3, 1)
    assert any("ghost" in remark for remark in drawn[0].remarks)
    text = (tmp_path / "new" / "one.html").read_text()
    assert text == (tmp_path / "new" / "two.html").read_text()
    assert "ghost" in text  # a reader of the page is told as well
    some = draw_map(tmp_path / "out", tmp_path / "some.html", None, None, "pca", seed=1, max_points=3)
    assert (some.num_proteins, some.num_drawn) == (5, 3)
    assert "3 of 5 proteins" in some.remarks[0]


def test_a_folder_without_protein_embeddings_is_refused(tmp_path: Path) -> None:
    embed(small_model(tmp_path / "run"), [write_structures(tmp_path / "in")], tmp_path / "out", levels=("residue",))
    with pytest.raises(InputError, match="no protein embeddings"):
        draw_map(tmp_path / "out", tmp_path / "page.html", None, None, "pca")
