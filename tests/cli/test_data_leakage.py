"""`protea data leakage` refuses what it cannot judge; its verdicts are tested beside `data split`."""

from pathlib import Path

from protea.datasets.splits import Split
from protea.datasets.store import StoreWriter
from tests.cli.command import protea
from tests.datasets.made_proteins import made_protein


def test_wrong_input_is_2(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "store") as writer:
        writer.append(made_protein("a", 30))
    Split("mine", ("a",), ("b",), ("c",)).save(tmp_path / "mine.json")
    found = protea("data", "leakage", tmp_path / "store", tmp_path / "mine.json")
    assert found.code == 2
    assert "2 ids" in found.err
    assert protea("data", "leakage", tmp_path / "store", tmp_path / "absent.json").code == 2
    assert protea("data", "leakage", tmp_path / "store", tmp_path / "mine.json", "--min-identity", "7").code == 2
