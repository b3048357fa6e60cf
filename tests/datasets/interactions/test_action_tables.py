"""Tables of actions: the published layout, the building rule worked by hand, and what is refused by name."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from protea.datasets.interactions.action_tables import (
    ACTION_TYPES,
    Action,
    action_network,
    network_of_actions,
    read_actions,
    read_sequences,
)
from protea.datasets.sources.interface import SourceReport
from protea.errors import FileFormatError, InputError

HEAD = "item_id_a\titem_id_b\tmode\taction\tis_directional\ta_is_acting\tscore"
ROWS = [
    "9.z\t9.b\tbinding\t\tf\tf\t150",
    "9.b\t9.z\tcatalysis\t\tt\tf\t900",
    "9.b\t9.a\tactivation\tactivation\tt\tt\t300",
    "9.z\t9.b\tbinding\t\tf\tf\t150",
]


def written(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join([HEAD, *rows, ""]))
    return path


def test_the_building_rule(tmp_path: Path) -> None:
    network = action_network(written(tmp_path / "actions.txt", ROWS))
    assert network.ids == ("9.z", "9.b", "9.a")  # by first appearance
    assert network.pairs.tolist() == [[1, 0], [2, 1]]  # by first appearance, the smaller id first
    assert [[ACTION_TYPES[place] for place in np.flatnonzero(row)] for row in network.labels] == [
        ["binding", "catalysis"],
        ["activation"],
    ]
    assert network.species == ("9", "9", "9")
    assert network.sequences is None


def test_a_table_in_parquet_gives_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "actions.txt", ROWS)
    cells = list(zip(*(row.split("\t") for row in ROWS), strict=True))
    names = HEAD.split("\t")
    pq.write_table(pa.table(dict(zip(names, map(list, cells), strict=True))), tmp_path / "a.parquet")
    assert read_actions(tmp_path / "a.parquet") == read_actions(path)
    assert action_network(tmp_path / "a.parquet").digest() == action_network(path).digest()


def test_sequences_from_both_forms(tmp_path: Path) -> None:
    (tmp_path / "s.tsv").write_text("9.a\tMKV\n9.b\tGGG\n9.a\tMKV\n")
    expected = {"9.a": "MKV", "9.b": "GGG"}
    assert read_sequences(tmp_path / "s.tsv") == expected
    pq.write_table(pa.table({"protein": list(expected), "sequence": list(expected.values())}), tmp_path / "s.parquet")
    assert read_sequences(tmp_path / "s.parquet") == expected
    for text, message in [("9.a\tMKV\n9.a\tMKL\n", "two sequences of one protein"), ("9.a MKV\n", "line 1: not a seq"),
                          ("9.a\tMK-V\n", "not a sequence"), ("", "an empty table")]:  # fmt: skip
        (tmp_path / "wrong.tsv").write_text(text)
        with pytest.raises(FileFormatError, match=message):
            read_sequences(tmp_path / "wrong.tsv")
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "wrong.parquet")
    with pytest.raises(FileFormatError, match="no column"):
        read_sequences(tmp_path / "wrong.parquet")


def test_a_protein_without_sequence_is_named_not_passed_over() -> None:
    actions = [Action("9.a", "9.b", "binding"), Action("9.c", "9.b", "binding"), Action("9.c", "9.b", "reaction")]
    sequence_of = {"9.a": "MK", "9.b": "GG"}
    with pytest.raises(InputError, match=r"9\.c: no sequence"):
        network_of_actions(actions, sequence_of)
    report = SourceReport()
    network = network_of_actions(actions, sequence_of, report)
    assert (network.ids, network.sequences) == (("9.a", "9.b"), ("MK", "GG"))
    assert list(report.refused) == ["9.c"]
    assert report.counts == {"rows": 3, "pairs": 1, "pairs_without_sequence": 1}
    assert len(network_of_actions(actions)) == 2  # nobody asked for sequences


def test_a_protein_with_itself_is_counted() -> None:
    actions = [Action("9.a", "9.a", "binding"), Action("9.a", "9.b", "binding")]
    with pytest.raises(FileFormatError, match="paired with itself"):
        network_of_actions(actions)
    report = SourceReport()
    assert len(network_of_actions(actions, None, report)) == 1
    assert report.counts["rows_of_a_protein_with_itself"] == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("9.a\t9.b\tbinding", "line 3: a row of another length; expected 7 cells"),
        ("9.a\t9.b\tkissing\t\tf\tf\t1", "row 3: an unknown type of interaction; expected one of reaction, .*kissing"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        read_actions(written(tmp_path / "a.txt", [ROWS[0], row]))


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a b c\n1 2 3\n")
    with pytest.raises(FileFormatError, match=r"no column.*item_id_a"):
        read_actions(tmp_path / "a.txt")
    with pytest.raises(InputError, match="no such file"):
        read_actions(tmp_path / "none.txt")


def test_the_published_rule_on_the_toy_table(shared_goldens: Path, tmp_path: Path) -> None:
    with np.load(shared_goldens / "gnn_ppi" / "splits_toy" / "inputs.npz") as golden:
        (tmp_path / "toy.txt").write_text(str(golden["ppi_text"]))
        network = action_network(tmp_path / "toy.txt")
        assert np.array_equal(network.pairs, golden["ppi_list"])
        assert np.array_equal(network.labels, golden["ppi_labels"].astype(bool))


def test_shs27k_without_the_held_out_proteins(shared_data: Path) -> None:
    folder = shared_data / "ppi"
    network = action_network(folder / "shs27k_actions.parquet", folder / "sequences_shs27k_shs148k.parquet")
    assert (network.num_proteins, len(network), network.types) == (1505, 6377, ACTION_TYPES)
    assert set(network.species) == {"9606"}
    assert network.labels.any(1).all()
