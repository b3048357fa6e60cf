"""CA traces: one atom per residue, classes known only where they are certain, superfamilies kept together."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from protea.datasets.sources.ca_traces import CATracesConfig, superfamily_groups
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, InputError

ROWS = [
    {"chain": "1abcA", "sequence": "MKV", "ca_xyz": [*range(9)], "scop_sccs": "a.1.1.1"},
    {"chain": "2xyzb", "sequence": "GX", "ca_xyz": [*range(6)], "scop_sccs": "b.2.1.1;b.40.4.2"},
    {"chain": "3defC", "sequence": "A", "ca_xyz": [*range(3)], "scop_sccs": "c.2.1.7;a.1.1.3"},
    {"chain": "4ghiD", "sequence": "A", "ca_xyz": [*range(3)], "scop_sccs": None},
]


def table(path: Path, rows: list[dict[str, object]] = ROWS) -> CATracesConfig:
    pq.write_table(pa.Table.from_pylist(rows), path / "t.parquet")
    return CATracesConfig(path=path / "t.parquet")


def test_each_residue_is_its_ca(tmp_path: Path) -> None:
    proteins = list(table(tmp_path).proteins())
    assert [protein.id for protein in proteins] == ["1abcA", "2xyzb", "3defC", "4ghiD"]
    position, is_resolved = proteins[0].ca()
    assert is_resolved.all()
    assert position.tolist() == np.arange(9.0).reshape(3, 3).tolist()
    assert proteins[0].num_atoms == 3
    assert proteins[1].residue_name.tolist() == ["GLY", "UNK"]
    assert proteins[1].chain_ids == ("b",)


def test_a_class_is_known_only_where_all_domains_agree(tmp_path: Path) -> None:
    report = SourceReport()
    labels = [protein.labels["scop_class"] for protein in table(tmp_path).proteins(report)]
    assert [bool(label.is_known) for label in labels] == [True, True, False, False]
    assert [int(label.value) for label in labels[:2]] == [0, 1]
    assert report.counts == {"chains_of_several_classes": 1, "chains_without_scop": 1}
    assert report.num_proteins == 4


def test_superfamilies_are_joined_through_chains_of_several_domains() -> None:
    groups = superfamily_groups(
        {"p": "a.1.1.1", "q": "a.1.1.9;c.2.1.1", "r": "c.2.1.4", "s": "b.1.1.1", "t": "", "u": "", "v": "a.1.2.1"}
    )
    assert groups["p"] == groups["q"] == groups["r"] == "a.1.1"
    assert len({groups[name] for name in "pstuv"}) == 5


def test_a_broken_row_is_named(tmp_path: Path) -> None:
    rows = [ROWS[0], {**ROWS[1], "ca_xyz": [1.0]}, {**ROWS[2], "ca_xyz": [1.0, float("nan"), 2.0]}]
    config = table(tmp_path, rows)
    with pytest.raises(FileFormatError, match=r"2xyzb: positions and sequence differ in length; expected 6 numbers"):
        list(config.proteins())
    report = SourceReport()
    assert [protein.id for protein in config.proteins(report)] == ["1abcA"]
    assert set(report.refused) == {"2xyzb", "3defC"}
    assert "not a finite number" in report.refused["3defC"]


def test_other_files_are_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"chain": ["a"]}), tmp_path / "t.parquet")
    with pytest.raises(FileFormatError, match="no column"):
        list(CATracesConfig(path=tmp_path / "t.parquet").proteins())
    (tmp_path / "x.parquet").write_bytes(b"x" * 50)
    with pytest.raises(FileFormatError, match="not a Parquet file"):
        list(CATracesConfig(path=tmp_path / "x.parquet").proteins())
    with pytest.raises(InputError, match="no such file"):
        list(CATracesConfig(path=tmp_path / "none.parquet").proteins())


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    one = table(tmp_path).fingerprint()
    (tmp_path / "elsewhere").mkdir()
    assert table(tmp_path / "elsewhere").fingerprint() == one
    assert table(tmp_path, ROWS[:2]).fingerprint() != one


def test_real_chains(shared_data: Path) -> None:
    config = CATracesConfig(path=shared_data / "structures" / "ca_traces.parquet")
    report = SourceReport()
    proteins = list(config.proteins(report))
    assert len(proteins) == 855
    assert not report.refused
    assert report.counts == {"chains_of_several_classes": 177, "chains_without_scop": 3}
    step = np.linalg.norm(np.diff(proteins[0].atom_position, axis=0), axis=1)
    assert np.median(step) == pytest.approx(3.8, abs=0.05)
    groups = config.groups()
    families = {}
    for protein in proteins:
        note = next(note for note in protein.provenance.notes if note.startswith("scop="))
        for domain in note.removeprefix("scop=").split(";"):
            if domain:
                families.setdefault(".".join(domain.split(".")[:3]), set()).add(groups[protein.id])
    assert all(len(found) == 1 for found in families.values())
