"""A source becomes a store once; an interrupted build goes on; nothing is dropped in silence."""

import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from protea.benchmark.prepared import prepared_store
from protea.datasets.sources.interface import SourceConfig, SourceReport, refuse
from protea.errors import ContractError, FileFormatError
from protea.protein.record import Protein
from tests.datasets.made_proteins import made_protein


class MadeSource(SourceConfig):
    """Ten made proteins; `fail_at` interrupts, `twice` repeats the first."""

    kind: Literal["made"] = "made"
    seed: int = 0
    twice: bool = False
    reads: ClassVar[list[str]] = []
    fail_at: ClassVar[int | None] = None

    def proteins(self, report: SourceReport | None = None) -> Iterator[Protein]:
        """Yield the proteins; one file is refused."""
        refuse(report, "broken.pdb", FileFormatError("broken.pdb: no atoms"))
        for number in [*range(10), *([0] if self.twice else [])]:
            if number == self.fail_at:
                raise KeyboardInterrupt
            self.reads.append(f"m{number}")
            if report is not None:
                report.num_proteins += 1
            yield made_protein(f"m{number}", 5 + number, seed=self.seed + number)

    def fingerprint(self) -> str:
        """Return a digest of the settings."""
        return f"{self.seed:040d}-{self.twice}"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MadeSource, "fail_at", None)
    MadeSource.reads.clear()


def test_a_store_is_built_once_and_its_report_kept(tmp_path: Path) -> None:
    store, notes = prepared_store(MadeSource(), tmp_path)
    assert store.ids == tuple(f"m{number}" for number in range(10))
    assert store.is_complete
    assert notes == ("- proteins: 10", "- refused: 1", "  - `broken.pdb`: broken.pdb: no atoms")
    again, same_notes = prepared_store(MadeSource(), tmp_path)
    assert len(MadeSource.reads) == 10
    assert again.fingerprint == store.fingerprint
    assert same_notes == notes


def test_other_settings_never_meet_an_old_store(tmp_path: Path) -> None:
    one, _ = prepared_store(MadeSource(), tmp_path)
    other, _ = prepared_store(MadeSource(seed=10**39), tmp_path)
    assert one.path != other.path
    assert one.fingerprint != other.fingerprint


def test_other_code_reads_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = prepared_store(MadeSource(), tmp_path)
    monkeypatch.setattr("protea.benchmark.prepared.code_digest", lambda: "of another version")
    other, _ = prepared_store(MadeSource(), tmp_path)
    assert one.path != other.path
    assert one.fingerprint == other.fingerprint  # what was read is the same, so results stay comparable
    assert len(MadeSource.reads) == 20


def test_an_interrupted_build_goes_on_to_the_same_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, notes = prepared_store(MadeSource(), tmp_path / "whole")
    monkeypatch.setattr(MadeSource, "fail_at", 6)
    with pytest.raises(KeyboardInterrupt):
        prepared_store(MadeSource(), tmp_path / "broken")
    monkeypatch.setattr(MadeSource, "fail_at", None)
    store, same_notes = prepared_store(MadeSource(), tmp_path / "broken")
    assert store.fingerprint == whole.fingerprint
    assert store.ids == whole.ids
    assert same_notes == notes


def test_processes_that_begin_at_once_share_one_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("protea.cluster.made_once._LOOK_SECONDS", 0.02)
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=prepared_store, args=(MadeSource(), tmp_path)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert prepared_store(MadeSource(), tmp_path)[0].ids == tuple(f"m{number}" for number in range(10))
    assert MadeSource.reads == []


def test_an_id_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="m0: the id is in the store already"):
        prepared_store(MadeSource(twice=True), tmp_path)
