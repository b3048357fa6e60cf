"""Deep-sea proteins: one fold validates, the group PM tests."""

from pathlib import Path

import pytest

from protea.datasets.sources.published.deep_sea import DeepSeaConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import fetched, list_files, structure_files, zipped

TABLE = "sample\tfold\tlabel\n1AAA_A\t0\t1\n1AAA_B\t4\t0\n1BBB_A\tPM_group\t1\n1CCC_A\t3\t0\n"


def test_parts_and_labels(tmp_path: Path) -> None:
    files = list_files("deep_sea", {"deep-sea-proteins-1.zip": zipped({"folds.tsv": TABLE})})
    source, _ = fetched(DeepSeaConfig(folder=tmp_path), files | structure_files("1aaa 1bbb 1ccc"))
    (table,) = source.labels(source.proteins())
    assert {id: int(label.value) for id, label in table.of.items()} == {
        "1aaa_A": 1, "1aaa_B": 0, "1bbb_A": 1, "1ccc_A": 0,
    }  # fmt: skip
    split = source.split()
    assert (split.train, split.validation, split.test) == (("1aaa_A", "1ccc_A"), ("1aaa_B",), ("1bbb_A",))
    assert DeepSeaConfig(folder=tmp_path, validation_fold="3").split().validation == ("1ccc_A",)


@pytest.mark.parametrize(
    ("text", "message"),
    [("sample\n1AAA_A\n", "not the table of folds"), (TABLE.replace("\t1\n", "\tyes\n", 1), "line 2: not a label")],
)
def test_other_tables_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "deep-sea-proteins-1.zip").write_bytes(zipped({"folds.tsv": text}))
    with pytest.raises(FileFormatError, match=message):
        DeepSeaConfig(folder=tmp_path).listing()
