"""Test proteins without relatives: equal chains, relatives by alignment, and short chains."""

from pathlib import Path

from protea.benchmark.suites.relatives import without_relatives
from protea.datasets.splits import Split
from protea.datasets.store import Store, StoreWriter
from protea.protein.record import protein_from_sequence
from tests.benchmark.suites.docking_files import random_sequence


def stored(folder: Path, sequences: dict[str, str]) -> Store:
    with StoreWriter(folder) as writer:
        for id, sequence in sequences.items():
            writer.append(protein_from_sequence(id, sequence))
    return Store(folder)


def test_relatives_of_training_and_validation_are_left_out(tmp_path: Path) -> None:
    known, other, mine = (random_sequence(seed) for seed in (1, 2, 3))
    relative = "".join("G" if place % 4 == 0 else letter for place, letter in enumerate(known))
    store = stored(
        tmp_path / "store",
        {"a": known, "b": other, "c": "MKV", "near": relative, "same": other, "far": mine, "short": "MKV",
         "tiny": "GAG"},
    )  # fmt: skip
    split = Split("s", ("a", "c"), ("b",), ("near", "same", "far", "short", "tiny"))
    assert without_relatives(store, split, 0.3, tmp_path) == {"far", "tiny"}
    assert without_relatives(store, split, 0.95, tmp_path) == {"far", "near", "tiny"}
    kept = {path.name for path in tmp_path.glob("without-relatives-*.json")}
    assert len(kept) == 2
    assert without_relatives(store, split, 0.3, tmp_path) == {"far", "tiny"}
    assert {path.name for path in tmp_path.glob("without-relatives-*.json")} == kept


def test_a_test_chain_that_holds_a_training_chain_is_a_relative_however_long_it_is(tmp_path: Path) -> None:
    domain, held, long = random_sequence(1, 150), random_sequence(2, 150), random_sequence(3, 600)
    store = stored(
        tmp_path / "store",
        {"domain": domain, "held": held, "around": long[:300] + domain + long[300:], "part": held[40:80], "far": long},
    )
    split = Split("s", ("domain",), ("held",), ("around", "part", "far"))
    assert without_relatives(store, split, 0.3, tmp_path) == {"far"}
