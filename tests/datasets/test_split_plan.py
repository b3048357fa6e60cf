"""Each method gives the split of its function, and tables and files are checked against the store."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from protea.datasets.split_plan import SplitConfig, plan_splits, read_groups
from protea.datasets.splits import Split, random_split
from protea.datasets.store import Store, StoreWriter
from protea.errors import FileFormatError, InputError
from tests.datasets.made_proteins import made_protein


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("store")
    with StoreWriter(path) as writer:
        for number in range(12):
            # Six sequences, each twice: p0 and p6 are alike, p1 and p7, ...
            writer.append(made_protein(f"p{number}", 60, seed=number % 6, is_plain=True))
    return Store(path)


def test_random_is_the_function_of_ids_and_seed(store: Store) -> None:
    config = SplitConfig(method="random", seed=5, fractions=(0.5, 0.25, 0.25))
    assert plan_splits(store, config) == [random_split(store.ids, fractions=(0.5, 0.25, 0.25), seed=5)]


def test_a_seed_is_no_negative_number() -> None:
    with pytest.raises(ValidationError, match="seed"):
        SplitConfig(seed=-1)


@pytest.mark.parametrize("method", ["identity", "k_fold"])
def test_relatives_stay_together(store: Store, method: str) -> None:
    splits = plan_splits(store, SplitConfig(method=method, folds=3, fractions=(0.6, 0.2, 0.2)))  # type: ignore[arg-type]
    assert len(splits) == (3 if method == "k_fold" else 1)
    for split in splits:
        part_of = split.part_of()
        assert len(part_of) == 12
        assert all(part_of[f"p{number}"] == part_of[f"p{number + 6}"] for number in range(6))


def test_groups_of_a_table_stay_together(store: Store, tmp_path: Path) -> None:
    table = tmp_path / "groups.csv"
    table.write_text("id,group\n" + "".join(f"p{number},g{number % 4}\n" for number in range(12)))
    split = plan_splits(store, SplitConfig(method="group", groups=table, fractions=(0.5, 0.25, 0.25)))[0]
    part_of = split.part_of()
    assert all(part_of[f"p{number}"] == part_of[f"p{number + 4}"] for number in range(8))
    folds = plan_splits(store, SplitConfig(method="k_fold", groups=table, folds=4))
    assert sorted(len(fold.test) for fold in folds) == [3, 3, 3, 3]
    table.write_text("id,group\np0,a\n")
    with pytest.raises(InputError, match="11 proteins have no group"):
        plan_splits(store, SplitConfig(method="group", groups=table))


def test_a_given_split_is_taken_and_restricted(store: Store, tmp_path: Path) -> None:
    Split("mine", ("p0", "absent"), ("p1",), ("p2",)).save(tmp_path / "mine.json")
    found = plan_splits(store, SplitConfig(method="given", file=tmp_path / "mine.json"))[0]
    assert (found.train, found.provenance["num_left_out"]) == (("p0",), 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,X\nb,X\na,Y\n", "row 3: a: not one group.*'X' and 'Y'"),
        ("a,X\nb,\n", "row 2: b: not one group"),
        ('a,X\nb,"X\nc,Y\n', "unexpected end of data"),
    ],
)
def test_an_id_is_in_one_group(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "groups.csv").write_text("id,group\n" + text)
    with pytest.raises(FileFormatError, match=message):
        read_groups(tmp_path / "groups.csv")
    (tmp_path / "groups.csv").write_text("id,group\na,X\nb,Y\na,X\n")
    assert read_groups(tmp_path / "groups.csv") == {"a": "X", "b": "Y"}


def test_what_is_missing_is_refused(store: Store, tmp_path: Path) -> None:
    for config, message in (
        (SplitConfig(method="given"), "without a file"),
        (SplitConfig(method="group"), "without a table"),
        (SplitConfig(method="group", groups=tmp_path / "absent.csv"), "cannot be opened"),
    ):
        with pytest.raises(InputError, match=message):
            plan_splits(store, config)
    (tmp_path / "wrong.csv").write_text("name,group\na,b\n")
    with pytest.raises(InputError, match="columns id and group"):
        read_groups(tmp_path / "wrong.csv")
    (tmp_path / "marked.csv").write_text("\ufeffid,group\na,b\n")
    assert read_groups(tmp_path / "marked.csv") == {"a": "b"}
    with pytest.raises(ValidationError):
        SplitConfig(method="luck")  # type: ignore[arg-type]
