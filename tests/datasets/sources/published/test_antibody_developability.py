"""Antibodies: the split of the TDC, which depends on the number of rows and the seed alone."""

from pathlib import Path

import numpy as np
import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.antibody_developability import AntibodyDevelopabilityConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import fetched, list_files, structure_files

KEYS = [f"1{a}{b}c" for a in "abcde" for b in "abcd"]
TABLE = "Antibody_ID\tAntibody\tY\n" + "".join(f"{key}\tQVQL\t{index % 2}\n" for index, key in enumerate(KEYS))


def test_labels_and_split(tmp_path: Path) -> None:
    files = list_files("antibody_developability", {"sabdab_chen.tab": TABLE}) | structure_files("1aac 1abc")
    source, found = fetched(AntibodyDevelopabilityConfig(folder=tmp_path), files)
    assert len(found.failed) == 18
    (table,) = source.labels(source.proteins(SourceReport()))
    assert {id: int(label.value) for id, label in table.of.items()} == {"1aac": 0, "1abc": 1}
    split = source.split()
    assert (len(split.train), len(split.validation), len(split.test)) == (14, 2, 4)
    drawn = np.random.RandomState(42).choice(20, 4, replace=False)
    assert set(split.test) == {KEYS[index] for index in drawn}
    assert source.model_copy(update={"seed": 1}).split().test != split.test


def test_pandas_draws_the_same(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    (tmp_path / "sabdab_chen.tab").write_text(TABLE)
    frame = pandas.DataFrame({"id": KEYS})
    test = frame.sample(frac=0.2, replace=False, random_state=42)
    rest = frame[~frame.index.isin(test.index)]
    validation = rest.sample(frac=0.1 / 0.8, replace=False, random_state=1)
    split = AntibodyDevelopabilityConfig(folder=tmp_path).split()
    assert set(split.test) == set(test["id"])
    assert set(split.validation) == set(validation["id"])


@pytest.mark.parametrize(
    ("text", "message"),
    [("A\tB\n", "not the table of antibodies"), (TABLE.replace("\t0", "\t?", 1), "line 2: not a label")],
)
def test_other_tables_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "sabdab_chen.tab").write_text(text)
    with pytest.raises(FileFormatError, match=message):
        AntibodyDevelopabilityConfig(folder=tmp_path).listing()
