"""Fold classification: three tests, folds by their form in three or four columns, classes by the published map."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.fold import FoldConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import domain_archive, fetched, list_files

LISTS = {
    "training.txt": "d1aaaa_\ta.1\ta.1\nd1bbbb_\tb.2\tb.2\n",
    "validation.txt": "d1cccc_\ta.1\ta.1\n",
    "test_fold.txt": "d1dddd_\t146\tb.2\tb.2\n",
    "test_superfamily.txt": "d1eeee_\t99\ta.1\ta.1\n",
    "test_family.txt": "d1ffff_\ta.1\ta.1\n",
    "class_map.txt": "a.1\t0\nb.2\t1\n",
}
ARCHIVE = domain_archive("d1aaaa_ d1bbbb_ d1cccc_ d1dddd_ d1eeee_ d1zzzz_", "pdbstyle-1.75")
FILES = list_files("fold", {**LISTS, "pdbstyle-sel-gs-bib-95-1.75.tgz": ARCHIVE})


def test_domains_labels_and_the_chosen_test(tmp_path: Path) -> None:
    source, _ = fetched(FoldConfig(folder=tmp_path), FILES)
    report = SourceReport()
    proteins = list(source.proteins(report))
    assert [protein.id for protein in proteins] == ["d1aaaa_", "d1bbbb_", "d1cccc_", "d1dddd_", "d1eeee_"]
    assert list(report.refused) == ["d1ffff_"]
    (table,) = source.labels(proteins)
    assert {id: int(label.value) for id, label in table.of.items()} == {
        "d1aaaa_": 0, "d1bbbb_": 1, "d1cccc_": 0, "d1dddd_": 1, "d1eeee_": 0,
    }  # fmt: skip
    tests = {}
    for name in ("fold", "superfamily", "family"):
        split = FoldConfig(folder=tmp_path, test=name).split()
        assert (split.train, split.validation) == (("d1aaaa_", "d1bbbb_"), ("d1cccc_",))
        tests[name] = split.test
    assert tests == {"fold": ("d1dddd_",), "superfamily": ("d1eeee_",), "family": ("d1ffff_",)}
    assert FoldConfig(folder=tmp_path, test="family").fingerprint() == source.fingerprint()


def test_lines_that_say_no_fold_are_named(tmp_path: Path) -> None:
    fetched(FoldConfig(folder=tmp_path), FILES)
    (tmp_path / "test_fold.txt").write_text("d1dddd_\tb.2\nd1gggg_\t146\n")
    with pytest.raises(FileFormatError, match=r"test_fold\.txt, line 2: no fold"):
        FoldConfig(folder=tmp_path).split()
    (tmp_path / "test_fold.txt").write_text("d1aaaa_\ta.1\n")
    with pytest.raises(FileFormatError, match="listed twice"):
        FoldConfig(folder=tmp_path).split()


def test_the_real_lists(shared_data: Path, tmp_path: Path) -> None:
    rows = pq.read_table(shared_data / "labels" / "fold_scop175.parquet").to_pylist()
    file_of = {"train": "training", "valid": "validation"}
    texts: dict[str, list[str]] = {}
    for row in rows:
        name = file_of.get(row["split"], row["split"]) + ".txt"
        texts.setdefault(name, []).append(f"{row['scop_id']}\t{row['fold']}\t{row['fold']}")
    classes = {row["fold"]: row["fold_index"] for row in rows}
    texts["class_map.txt"] = [f"{fold}\t{index}" for fold, index in classes.items()]
    for name, lines in texts.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    splits = {test: FoldConfig(folder=tmp_path, test=test).split() for test in ("fold", "superfamily", "family")}
    sizes = {test: len(split.test) for test, split in splits.items()}
    assert sizes == {"fold": 718, "superfamily": 1254, "family": 1272}
    split = splits["fold"]
    assert (len(split.train), len(split.validation), len(classes)) == (12312, 736, 1195)
