"""Pairs of a network as data of a task: parts apart, negatives inside their part, labels with their pairs."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from protea.applications.prompts.network_data import NetworkConfig, STRINGTaskDataConfig
from protea.applications.prompts.task_data import TaskData
from protea.datasets.sources.published.string_links import STRINGConfig
from protea.errors import ConfigError, InputError
from protea.objectives.binary import BinaryConfig
from protea.objectives.pair_interaction import PairInteractionConfig
from protea.objectives.pair_interaction_types import PairInteractionTypesConfig
from protea.training.data import Rows
from tests.applications.prompts.made_injections import write_network
from tests.datasets.sources.published.made_site import fetched, path_of

PARTS = ("train", "validation", "test")
INTERACTION = PairInteractionConfig()


def opened(folder: Path, **changes: object) -> TaskData:
    return NetworkConfig.model_validate(write_network(folder) | changes).open(folder / "cache")


def pairs(rows: Rows, number: int = 0) -> tuple[list[tuple[str, str]], list[int]]:
    drawn = rows.of_pass(number)
    batch = drawn.load(drawn.rows.tolist())
    named = [(batch.ids[a], batch.ids[b]) for a, b in batch.pair_member.tolist()]
    return named, batch.extra["interacts"].value.tolist()


def test_no_protein_is_in_two_parts_and_every_pair_lies_in_its_own(tmp_path: Path) -> None:
    data = opened(tmp_path)
    sequences = {part: data.sequences(part) for part in PARTS}
    assert sum(len(found) for found in sequences.values()) == 80
    assert len({id for found in sequences.values() for id in found}) == 80
    for part in PARTS:
        named, interacts = pairs(data.rows(part, INTERACTION))
        assert {id for pair in named for id in pair} <= set(sequences[part])
        # By the making of the network: the one with the motif is number 0 of its species.
        assert [int("p0" in a + b) for a, b in named] == interacts
        assert sum(interacts) * 2 == len(interacts)
        assert all(a.partition(".")[0] == b.partition(".")[0] for a, b in named)


def test_pairs_of_proteins_that_are_left_out_are_neither_known_nor_drawn(tmp_path: Path) -> None:
    data = opened(tmp_path)
    species = next(iter(data.sequences("train"))).partition(".")[0]
    without = frozenset(f"{species}.p{number}" for number in range(4))
    rows = data.rows("train", INTERACTION, without)
    assert not without & {id for pair in pairs(rows)[0] for id in pair}
    assert len(rows) == len(data.rows("train", INTERACTION)) - 6


def test_training_draws_anew_and_evaluation_does_not(tmp_path: Path) -> None:
    # Chains of five proteins: four of the ten pairs of a species are known, four of the six others are drawn.
    tree = write_network(tmp_path)
    head = (tmp_path / "actions.tsv").read_text().splitlines()[0]
    pairs_of = [f"{one}.p{n}\t{one}.p{n + 1}\tbinding\t\tf\tf\t900" for one in range(20) for n in range(4)]
    (tmp_path / "actions.tsv").write_text("\n".join([head, *pairs_of]) + "\n")
    names = [f"{one}.p{n}\tMKV{'A' * n}\n" for one in range(20) for n in range(5)]
    (tmp_path / "sequences.tsv").write_text("".join(names))
    data = NetworkConfig.model_validate(tree).open(tmp_path / "cache")
    train, test = (data.rows(part, INTERACTION) for part in ("train", "test"))
    assert len({tuple(sorted(pairs(train, number)[0])) for number in range(5)}) > 1
    assert len({tuple(sorted(pairs(test, number)[0])) for number in range(5)}) == 1
    assert pairs(train, 3) == pairs(train, 3)


def test_leaving_all_out_is_told(tmp_path: Path) -> None:
    data = opened(tmp_path)
    with pytest.raises(InputError, match="no pair is left in the part 'test'"):
        data.rows("test", INTERACTION, frozenset(data.sequences("test")))


def test_types_come_with_their_pairs(tmp_path: Path) -> None:
    data = opened(tmp_path)
    rows = data.rows("test", PairInteractionTypesConfig())
    value = rows.load(rows.rows.tolist()).extra["interaction_types"].value
    assert value.shape == (12, 7)
    assert value.sum(0).tolist() == [0, 12, 0, 0, 0, 0, 0]  # binding


def test_long_proteins_are_cut_and_counted(tmp_path: Path) -> None:
    data = opened(tmp_path, max_length=18)
    lengths = [len(letters) for part in PARTS for letters in data.sequences(part).values()]
    assert max(lengths) == 18
    assert 0 < data.facts["cut"] < 80
    rows = data.rows("test", INTERACTION)
    assert int(np.max(rows.lengths)) <= 36


def test_families_are_kept_together_and_found_once(tmp_path: Path) -> None:
    tree = write_network(tmp_path)
    path = tmp_path / "sequences.tsv"
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    # The whole of species 1 resembles that of species 0.
    base = {name: letters * 3 for name, letters in lines}
    for number in range(4):
        base[f"1.p{number}"] = base[f"0.p{number}"]
    path.write_text("".join(f"{name}\t{letters}\n" for name, letters in base.items()))
    config = NetworkConfig.model_validate(tree | {"min_identity": 0.9})
    data = config.open(tmp_path / "cache")
    of = {id: part for part in PARTS for id in data.sequences(part)}
    assert all(of[f"0.p{number}"] == of[f"1.p{number}"] for number in range(4))
    (cached,) = (tmp_path / "cache").glob("families-*.json")
    before = cached.stat().st_mtime_ns
    assert config.open(tmp_path / "cache").fingerprint == data.fingerprint
    assert cached.stat().st_mtime_ns == before


def test_an_objective_that_a_network_does_not_answer_is_refused(tmp_path: Path) -> None:
    data = opened(tmp_path)
    for objective in (BinaryConfig(label="site", level="residue"), PairInteractionConfig(label="other")):
        with pytest.raises(ConfigError, match="a network does not answer this objective"):
            data.rows("train", objective)


def test_links_of_string_are_cut_at_the_score_and_none_that_is_listed_is_drawn(tmp_path: Path) -> None:
    names = [f"9606.p{number:02d}" for number in range(24)]
    links = []
    for one, other in zip(names, [*names[1:], names[0]], strict=True):
        links += [f"{one} {other} 900", f"{other} {one} 900"]
    low = [(names[row], names[(row + 2) % 24]) for row in range(24)]
    links += [f"{a} {b} 200" for one, other in low for a, b in ((one, other), (other, one))]
    fasta = "".join(f">{name}\nMKV{'AG'[row % 2] * (row + 1)}\n" for row, name in enumerate(names))
    source = STRINGConfig(folder=tmp_path / "string", species=("9606",))
    head = "protein1 protein2 combined_score"
    files = {
        path_of(remote.url): gzip.compress(
            (fasta if ".sequences." in remote.name else "\n".join([head, *links, ""])).encode()
        )
        for remote in source.remotes()
    }
    found, report = fetched(source, files)
    assert not report.failed
    tree = {"kind": "string", "source": found.model_dump(mode="json"), "min_identity": None}
    tree["fractions"] = [0.5, 0.25, 0.25]
    data = STRINGTaskDataConfig.model_validate(tree).open(tmp_path / "cache")
    listed = {frozenset(pair) for pair in low}
    seen = {id for part in PARTS for id in data.sequences(part)}
    assert seen == set(names)
    for part in PARTS:
        for number in range(4):
            named, interacts = pairs(data.rows(part, INTERACTION), number)
            assert sum(interacts) * 2 == len(interacts)
            assert not listed & {frozenset(pair) for pair in named}
