"""`protea visualise`: the page, the counts, and a library that is missing."""

from pathlib import Path

import pytest

from protea.applications.embedding import projection
from tests.applications.embedding.made_inputs import write_structures
from tests.benchmark.made_runs import write_run
from tests.cli.command import protea, protea_json


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    protea("embed", write_structures(tmp_path / "in"), "--run", write_run(tmp_path / "run"), "--out", tmp_path / "out")
    return tmp_path / "out"


def test_the_page_is_written(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("id,kind\na,x\nb,y\nghost,y\n")
    words = ("visualise", folder, "--labels", tmp_path / "labels.csv", "--method", "pca", "--out")
    found = protea(*words, tmp_path / "page.html")
    assert found.code == 0, found.err
    assert "5 proteins by pca" in found.out
    assert "ghost" in found.err
    facts = protea_json(*words, tmp_path / "again.html")
    assert (facts["drawn"], facts["without_label"], facts["unmatched_labels"]) == (5, 3, 1)
    assert (tmp_path / "page.html").read_bytes() == (tmp_path / "again.html").read_bytes()


def test_a_missing_library_leaves_3(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "find_spec", lambda name: None)
    found = protea("visualise", folder, "--out", tmp_path / "page.html")
    assert (found.code, found.err.count("\n")) == (3, 1)
    assert "protea[visualise]" in found.err
    assert not (tmp_path / "page.html").exists()


def test_a_dry_run_and_wrong_input(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert protea_json("visualise", folder, "--out", page, "--dry-run") == {"proteins": 5, "page": str(page)}
    assert not page.exists()
    assert protea("visualise", tmp_path, "--out", page).code == 2
    assert protea("visualise", folder, "--labels", tmp_path / "absent.csv", "--out", page, "--method", "pca").code == 2


def test_the_table_of_labels_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("id,kind\na,x\n")
    words = ("visualise", folder, "--labels", tmp_path / "labels.csv", "--method", "pca")
    assert protea(*words, "--out", tmp_path / "labels.csv").code == 2
    assert (tmp_path / "labels.csv").read_text() == "id,kind\na,x\n"
