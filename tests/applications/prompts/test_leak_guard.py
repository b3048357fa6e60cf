"""Relatives of what is tested are found: equal, similar, and a domain inside a longer protein."""

from pathlib import Path

import numpy as np
import pytest

from protea.applications.prompts import leak_guard
from protea.applications.prompts.leak_guard import (
    GuardConfig,
    guard_digest,
    guard_facts,
    guarded_sequences,
    relatives_of,
)
from protea.datasets.sequence_search import Hits, SearchSettings, search


def letters(seed: int, length: int = 60) -> str:
    return "".join(np.random.default_rng(seed).choice(list("ACDEFGHIKLMNPQRSTVWY"), length))


def mutated(sequence: str, every: int) -> str:
    return "".join("G" if place % every == 0 else letter for place, letter in enumerate(sequence))


def test_relatives_are_named_with_what_they_resemble() -> None:
    tested = {"task:a": letters(0), "task:b": letters(1), "task:short": "MKV"}
    trained = {
        "same": letters(0), "near": mutated(letters(1), 4), "inside": letters(7, 200) + letters(0) + letters(8, 200),
        "far": letters(2), "tiny": "MKV",
    }  # fmt: skip
    found = relatives_of(tested, {"task": trained}, GuardConfig())
    assert found["task"] == (
        ("same", "task:a"), ("near", "task:b"), ("inside", "task:a"), ("tiny", "task:short"),
    )  # fmt: skip


def test_each_task_is_told_of_its_own_and_all_are_searched_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def counted(queries: list[str], targets: list[str], settings: SearchSettings, *, num_threads: int) -> Hits:
        asked.append((len(queries), len(targets)))
        return search(queries, targets, settings, num_threads=num_threads)

    monkeypatch.setattr(leak_guard, "search", counted)
    near = mutated(letters(1), 4)
    trained = {"one": {"x": near, "y": letters(2)}, "other": {"x": letters(2), "z": near}}
    found = relatives_of({"b": letters(1)}, trained, GuardConfig())
    assert found == {"one": (("x", "b"),), "other": (("z", "b"),)}
    assert asked == [(2, 1), (1, 2)]


def test_a_higher_identity_lets_more_through() -> None:
    trained = {"task": {"near": mutated(letters(1), 4)}}
    assert relatives_of({"b": letters(1)}, trained, GuardConfig(min_identity=0.9)) == {"task": ()}
    assert relatives_of({}, trained, GuardConfig()) == {"task": ()}


def test_what_is_guarded_has_a_name_that_says_where_it_is_from(tmp_path: Path) -> None:
    path = tmp_path / "held.fasta"
    path.write_text(">x one\nMKV\n")
    tests = {"pairs": {"a": "MA"}}
    assert guarded_sequences(GuardConfig(fasta=(path,)), tests) == {"pairs:a": "MA", "held.fasta:x": "MKV"}
    assert guarded_sequences(GuardConfig(test_parts=False), tests) == {}
    facts = guard_facts(GuardConfig(), {"a": "MA"})
    assert facts["guarded"] == 1
    assert facts["settings"]["min_identity"] == 0.3


def test_the_digest_is_of_settings_and_files(tmp_path: Path) -> None:
    path = tmp_path / "held.fasta"
    path.write_text(">x\nMKV\n")
    config = GuardConfig(fasta=(path,))
    before = guard_digest(config)
    assert guard_digest(config) == before
    assert guard_digest(config.model_copy(update={"min_identity": 0.4})) != before
    path.write_text(">x\nMKA\n")
    assert guard_digest(config) != before
