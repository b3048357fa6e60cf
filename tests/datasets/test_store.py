"""The store: equal records, equal batches, whole rows after kill -9, and a fingerprint of content alone."""

import fcntl
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
import pytest
import torch

from protea.datasets.columns import ColumnWriter
from protea.datasets.labels import LabelTable
from protea.datasets.record_codec import LARGEST_ERROR
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.store import Store, StoreWriter
from protea.errors import ContractError, FileFormatError, InputError
from protea.protein.batch import ProteinBatch, pack
from protea.protein.record import Label, Protein, protein_from_sequence
from tests.datasets.made_proteins import made_protein
from tests.datasets.test_record_codec import assert_equal

FIELDS = (
    "residue_ptr", "residue_type", "chain_of", "author_number", "atom_ptr", "atom_code", "atom_position", "edge_ptr",
    "edge_source",
)  # fmt: skip
LABELS = ("site", "fold", "angle")


def made(num: int = 6) -> list[Protein]:
    return [made_protein(f"p{row}", 4 + 3 * row, seed=row) for row in range(num)]


def built(path: Path, proteins: Sequence[Protein]) -> Store:
    with StoreWriter(path) as writer:
        for protein in proteins:
            writer.append(protein)
    return Store(path)


def assert_same_batch(one: ProteinBatch, other: ProteinBatch) -> None:
    assert one.ids == other.ids
    for name in FIELDS:
        assert torch.equal(getattr(one, name), getattr(other, name)), name
        assert getattr(one, name).dtype == getattr(other, name).dtype, name
    assert set(one.extra) == set(other.extra)
    for name, item in one.extra.items():
        assert item.axis == other.extra[name].axis
        assert torch.equal(item.value, other.extra[name].value), name
        assert item.value.dtype == other.extra[name].value.dtype, name


def test_records_come_back(tmp_path: Path) -> None:
    proteins = made()
    store = built(tmp_path, proteins)
    assert len(store) == 6
    assert store.ids == tuple(protein.id for protein in proteins)
    assert store.lengths.tolist() == [len(protein) for protein in proteins]
    assert store.row_of("p4") == 4
    for protein, again in zip(proteins, store, strict=True):
        assert_equal(protein, again)
        assert set(again.labels) == set(LABELS)
        for name, label in protein.labels.items():
            assert again.labels[name].level == label.level
            assert np.array_equal(again.labels[name].value, label.value)
            assert np.array_equal(again.labels[name].is_known, label.is_known)
            assert again.labels[name].value.dtype == label.value.dtype
    assert store.sequence(3) == proteins[3].sequence


@pytest.mark.parametrize("rows", [[0], [3, 0, 5, 3], [], list(range(6))])
def test_a_batch_equals_packing_the_records(tmp_path: Path, rows: list[int]) -> None:
    store = built(tmp_path, made())
    expected = pack([store[row] for row in rows], LABELS if rows else ())
    assert_same_batch(store.batch(rows, LABELS if rows else ()), expected)


def test_a_batch_with_wide_and_with_absent_structures(tmp_path: Path) -> None:
    proteins = [made_protein("big", 30, spread=3000), protein_from_sequence("bare", "MKV"), made_protein("small", 2)]
    store = built(tmp_path, proteins)
    assert_same_batch(store.batch([2, 1, 0]), pack([store[2], store[1], store[0]]))


def test_batches_may_be_changed_without_changing_the_store(tmp_path: Path) -> None:
    store = built(tmp_path, made())
    before = store.batch([1], LABELS)
    other = store.batch([1], LABELS)
    for name in FIELDS:
        getattr(other, name).add_(1)
    other.extra["site"].value.add_(1)
    assert_same_batch(store.batch([1], LABELS), before)


def test_appending_later_is_the_same_store(tmp_path: Path) -> None:
    proteins = made()
    whole = built(tmp_path / "whole", proteins)
    for count in (2, 3, 6):
        with StoreWriter(tmp_path / "parts") as writer:
            for protein in proteins:
                if protein.id not in writer and len(writer) < count:
                    writer.append(protein)
                    writer.commit()
    parts = Store(tmp_path / "parts")
    assert parts.ids == whole.ids
    assert parts.fingerprint == whole.fingerprint
    assert_same_batch(parts.batch(range(6), LABELS), whole.batch(range(6), LABELS))


def test_the_fingerprint_sees_every_change(tmp_path: Path) -> None:
    proteins = made(2)
    first, last = proteins
    label = last.labels["site"]

    def relabelled(value: np.ndarray, is_known: np.ndarray) -> Protein:
        return last.replace(labels={**last.labels, "site": Label("residue", value, is_known)})

    changed = {
        "same": [first, last],
        "order": [last, first],
        "position": [first, last.replace(atom_position=last.atom_position + np.float32(0.1))],
        "label": [first, relabelled(1 - label.value, label.is_known)],
        "known": [first, relabelled(label.value, ~label.is_known)],
        "number": [first, last.replace(author_number=last.author_number + 1)],
    }
    found = {name: built(tmp_path / name, records).fingerprint for name, records in changed.items()}
    assert len(set(found.values())) == len(changed)
    assert built(tmp_path / "again", proteins).fingerprint == found["same"]


def test_the_digest_of_a_record_is_of_what_it_holds(tmp_path: Path) -> None:
    proteins = made(3)
    one, other = built(tmp_path / "one", proteins), built(tmp_path / "other", proteins[::-1])
    assert [one.digest(row) for row in range(3)] == [other.digest(row) for row in (2, 1, 0)]
    moved = proteins[1].replace(atom_position=proteins[1].atom_position + np.float32(1))
    renamed = proteins[2].replace(id="another")
    changed = built(tmp_path / "changed", [proteins[0], moved, renamed])
    assert [one.digest(row) == changed.digest(row) for row in range(3)] == [True, False, False]
    with pytest.raises(ContractError, match="no such row"):
        one.digest(3)


def test_a_label_that_only_some_have(tmp_path: Path) -> None:
    proteins = made(4)
    proteins[0] = proteins[0].replace(labels={})
    proteins[2] = proteins[2].replace(labels={})
    store = built(tmp_path, proteins)
    assert store[2].labels == {}
    assert store.batch([3, 1], ["site"]).extra["site"].value.tolist() == [
        *proteins[3].labels["site"].value.tolist(),
        *proteins[1].labels["site"].value.tolist(),
    ]
    with pytest.raises(ContractError, match="p2: no label 'site'"):
        store.batch([1, 2], ["site"])
    with pytest.raises(ContractError, match="no label 'colour'"):
        store.batch([1], ["colour"])


def test_tables_are_joined_by_id(tmp_path: Path) -> None:
    store = built(tmp_path, made(3))
    table = LabelTable("heat", "protein", {"p2": Label("protein", np.array(61.5), np.array(True))})
    extra = store.batch([2, 0], [table, "fold"]).extra
    assert extra["heat"].value.tolist() == [61.5, 0.0]
    assert extra["heat.is_known"].value.tolist() == [True, False]
    assert "fold" in extra


def test_wrong_requests_are_refused(tmp_path: Path) -> None:
    store = built(tmp_path, made(2))
    with pytest.raises(InputError, match="no protein 'x'"):
        store.row_of("x")
    for row in (2, -1):
        with pytest.raises(ContractError, match=r"no such row; expected 0 \.\.\. 1"):
            store[row]
        with pytest.raises(ContractError, match="no such row"):
            store.batch([0, row])
    with pytest.raises(InputError, match="no store here"):
        Store(tmp_path / "nowhere")


def test_an_id_stands_once(tmp_path: Path) -> None:
    with StoreWriter(tmp_path) as writer:
        writer.append(made_protein("p", 3))
        with pytest.raises(ContractError, match="in the store already"):
            writer.append(made_protein("p", 4))
    assert len(Store(tmp_path)) == 1


def test_a_writer_sees_what_another_committed_until_it_holds_the_lock(tmp_path: Path, monkeypatch) -> None:
    proteins, real = made(2), fcntl.flock
    first = StoreWriter(tmp_path)
    first.append(proteins[0])

    def at_the_last_moment(file: IO[str], operation: int) -> None:
        first.__exit__(None, None, None)
        real(file, operation)

    monkeypatch.setattr("protea.datasets.columns.fcntl.flock", at_the_last_moment)
    with StoreWriter(tmp_path) as second:
        assert proteins[0].id in second
        second.append(proteins[1])
    store = Store(tmp_path)
    assert store.ids == ("p0", "p1")
    assert_equal(proteins[0], store[0])
    assert_equal(proteins[1], store[1])


def test_a_second_writer_is_refused_and_a_failed_one_lets_go(tmp_path: Path) -> None:
    with StoreWriter(tmp_path) as writer:
        writer.append(made(1)[0])
        with pytest.raises(InputError, match="another process is writing here"):
            StoreWriter(tmp_path)
    manifest = tmp_path / "manifest.json"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(FileFormatError, match="not a manifest") as caught:
        StoreWriter(tmp_path)
    manifest.write_text(whole, encoding="utf-8")
    # The error still holds the writer that failed, so only letting go of the lock can help here.
    assert caught.value.__traceback__ is not None
    with StoreWriter(tmp_path) as writer:
        assert len(writer) == 1


def test_a_refused_record_leaves_no_trace(tmp_path: Path) -> None:
    bad = made_protein("bad", 3)
    bad = bad.replace(labels={**bad.labels, "site": Label("residue", np.zeros(3, np.float64), np.ones(3, bool))})
    with StoreWriter(tmp_path) as writer:
        writer.append(made_protein("p", 3))
        with pytest.raises(ContractError, match="differs from earlier"):
            writer.append(bad)
        writer.append(made_protein("q", 5))
    store = Store(tmp_path)
    assert store.ids == ("p", "q")
    assert_equal(store[1], made_protein("q", 5))


def test_an_error_keeps_the_rows_and_says_so(tmp_path: Path) -> None:
    writer = StoreWriter(tmp_path)
    writer.append(made_protein("p", 3))
    writer.__exit__(RuntimeError, RuntimeError("power cut"), None)
    assert len(Store(tmp_path)) == 1
    assert not Store(tmp_path).is_complete
    StoreWriter(tmp_path).__exit__(None, None, None)
    assert Store(tmp_path).is_complete


@pytest.mark.parametrize("place", [1, 4, 8, 9, 11])
def test_an_interrupt_within_a_record_shifts_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    # Proteins of one length: a column that is shifted by one record would be read without an error.
    proteins = [made_protein(f"p{row}", 6, seed=row) for row in range(4)]
    calls, real = 0, ColumnWriter.append

    def interrupted(writer: ColumnWriter, name: str, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == place:
            raise KeyboardInterrupt
        real(writer, name, data)

    writer = StoreWriter(tmp_path / "cut")
    writer.append(proteins[0])
    writer.commit()
    monkeypatch.setattr(ColumnWriter, "append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        writer.append(proteins[1])
    monkeypatch.undo()
    with pytest.raises(ContractError, match="a record was cut off"):
        writer.append(proteins[1])
    with pytest.raises(ContractError, match="a record was cut off"):
        writer.commit()
    writer.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    with StoreWriter(tmp_path / "cut") as again:
        assert len(again) == 1
        for protein in proteins[1:]:
            again.append(protein)
    store = Store(tmp_path / "cut")
    assert store.fingerprint == built(tmp_path / "whole", proteins).fingerprint
    assert store.ids == ("p0", "p1", "p2", "p3")
    for row, protein in enumerate(proteins):
        assert_equal(store[row], protein)


def test_a_store_travels_to_another_process(tmp_path: Path) -> None:
    store = built(tmp_path, made(2))
    again = pickle.loads(pickle.dumps(store))
    assert_same_batch(again.batch([1, 0]), store.batch([1, 0]))
    assert len(pickle.dumps(store)) < 1000


def test_an_open_store_does_not_see_later_rows(tmp_path: Path) -> None:
    store = built(tmp_path, made(2))
    built(tmp_path, [made_protein("later", 9)])
    assert len(store) == 2
    assert store[1].id == "p1"
    assert len(Store(tmp_path)) == 3


WRITER = """
import sys
from pathlib import Path
from protea.datasets.store import StoreWriter
from tests.datasets.made_proteins import made_protein
with StoreWriter(Path(sys.argv[1])) as writer:
    row = len(writer)
    while True:
        writer.append(made_protein(f"p{row}", 3 + row % 40, seed=row))
        row += 1
        if row % 7 == 0:
            writer.commit()
            print(row, flush=True)
"""


def killed_writer(path: Path, repository: Path, delay: float) -> int:
    """Start a writer, kill it with -9 in the middle, and return how many rows it had said to be committed."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, cwd=repository, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        committed = int(process.stdout.readline())
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
    assert process.returncode == -signal.SIGKILL
    return int(rest[-1]) if rest else committed


def test_kill_9_in_the_middle_loses_no_committed_row(tmp_path: Path, repository: Path) -> None:
    committed = killed_writer(tmp_path, repository, 0.031)
    store = Store(tmp_path)
    # A commit may have finished in the instant before its number was printed.
    assert committed <= len(store) <= committed + 7
    assert not store.is_complete
    for row in (0, len(store) // 2, len(store) - 1):
        assert_equal(store[row], made_protein(f"p{row}", 3 + row % 40, seed=row))
    done = len(store)
    with StoreWriter(tmp_path) as writer:
        assert len(writer) == done
        writer.append(made_protein("last", 8))
    store = Store(tmp_path)
    assert len(store) == done + 1
    records = [made_protein(f"p{row}", 3 + row % 40, seed=row) for row in range(done)]
    again = built(tmp_path / "undisturbed", [*records, made_protein("last", 8)])
    assert store.fingerprint == again.fingerprint


def test_real_complexes_in_a_compact_store(tmp_path: Path, shared_data: Path) -> None:
    source = DockingConfig(path=shared_data / "structures" / "bm5.tar.zst", state="bound")
    proteins = [protein for _, protein in zip(range(24), source.proteins(), strict=False)]
    store = built(tmp_path, proteins)
    for protein, again in zip(proteins, store, strict=True):
        assert_equal(protein, again, bound=LARGEST_ERROR)
    assert store.bytes_per_residue() < 80


def test_plddt_is_read_from_the_records_unless_it_is_stored(tmp_path: Path) -> None:
    crystal, predicted = (made_protein(name, 5, seed=3) for name in ("crystal", "predicted"))
    numbers = np.linspace(30, 95, predicted.num_atoms, dtype=np.float32)
    predicted = predicted.replace(b_factor=numbers, b_factor_kind="plddt")
    crystal = crystal.replace(b_factor=numbers, b_factor_kind="b_factor")
    store = built(tmp_path, [crystal, predicted])
    extra = store.batch([1, 0], ["plddt"]).extra
    found, is_known = predicted.plddt()  # type: ignore[misc]
    assert is_known.any()
    assert extra["plddt.is_known"].value.tolist() == [*is_known.tolist(), *[False] * 5]
    assert np.abs(extra["plddt"].value.numpy()[:5] - found).max() < 0.01
