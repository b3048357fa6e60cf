"""`protea data split` and `protea data leakage`: what one writes the other judges."""

from pathlib import Path

import pytest

from protea.datasets.splits import Split
from protea.datasets.store import StoreWriter
from tests.cli.command import protea, protea_json
from tests.datasets.made_proteins import made_protein


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    with StoreWriter(path) as writer:
        for number in range(10):
            writer.append(made_protein(f"p{number}", 60, seed=number % 5, is_plain=True))
    return path


def test_a_random_split_of_twins_leaks_and_one_by_identity_does_not(store: Path, tmp_path: Path) -> None:
    shares = "fractions=[0.6,0.2,0.2]"
    for method, code in (("random", 1), ("identity", 0)):
        found = protea_json("data", "split", store, "--out", tmp_path / method, "--method", method, "--set", shares)
        assert len(found) == 1
        assert found[0]["train"] + found[0]["validation"] + found[0]["test"] == 10
        report = protea_json("data", "leakage", store, found[0]["file"], code=code)
        assert report["is_clean"] == (code == 0)
        assert bool(report["duplicates"]) == (code == 1)
    text = protea("data", "leakage", store, next((tmp_path / "random").glob("*.json")))
    assert text.code == 1
    assert "exact duplicates" in text.out


def test_folds_are_files_and_a_dry_run_writes_none(store: Path, tmp_path: Path) -> None:
    words = ("data", "split", store, "--method", "k_fold", "--folds", "3", "--out", tmp_path / "folds")
    assert protea(*words, "--dry-run").code == 0
    assert not (tmp_path / "folds").exists()
    found = protea(*words)
    assert found.code == 0
    tests = [set(Split.load(path).test) for path in sorted((tmp_path / "folds").glob("fold-*.json"))]
    assert len(tests) == 3
    assert set.union(*tests) == {f"p{number}" for number in range(10)}
    assert "fold-2" in found.out


def test_splits_are_named_after_their_method_and_replace_no_other(store: Path, tmp_path: Path) -> None:
    table, out = tmp_path / "groups.csv", tmp_path / "splits"
    table.write_text("id,group\n" + "".join(f"p{number},g{number % 5}\n" for number in range(10)))
    words = ("data", "split", store, "--out", out, "--set", "fractions=[0.6,0.2,0.2]")
    methods = ("random", "identity", "group")
    for method in methods:
        more = ("--groups", table) if method == "group" else ()
        assert protea_json(*words, "--method", method, *more)[0]["file"] == str(out / f"{method}.json")
    assert {path.name for path in out.iterdir()} == {f"{method}.json" for method in methods}
    for method in methods:
        split = Split.load(out / f"{method}.json")
        assert (split.name, split.provenance["method"]) == (method, method)
    kept = (out / "random.json").read_bytes()
    assert protea(*words, "--method", "random").code == 0  # the same once more
    found = protea(*words, "--method", "random", "--seed", "7")
    assert (found.code, "another split is there already" in found.err) == (2, True)
    assert (out / "random.json").read_bytes() == kept


def test_wrong_input_is_2(store: Path, tmp_path: Path) -> None:
    assert protea("data", "split", tmp_path, "--out", tmp_path).code == 2
    assert "random" in protea("data", "split", store, "--out", tmp_path, "--method", "luck").err
