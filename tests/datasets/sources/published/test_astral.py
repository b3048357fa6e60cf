"""SCOPe domains: four levels whose indices do not depend on the records, superfamilies as groups."""

from pathlib import Path

import pytest

from protea.datasets.sources.published.astral import AstralConfig
from protea.errors import FileFormatError
from tests.datasets.sources.published.made_site import domain_archive, fetched, list_files

CLASSES = "# SCOPe\n" + "".join(
    f"{id}\t1aaa\tA:\t{sccs}\t1\tcl=1\n"
    for id, sccs in (("d1aaaa_", "a.2.1.1"), ("d1bbbb_", "a.10.1.2"), ("d1cccc_", "b.1.1.1"), ("d1dddd_", "a.2.1.3"))
)
FILES = list_files(
    "astral_40",
    {"pdbstyle-sel-gs-bib-40-2.08.tgz": domain_archive("d1aaaa_ d1bbbb_ d1zzzz_", "pdbstyle-2.08"),
     "dir.cla.scope.2.08-stable.txt": CLASSES},
)  # fmt: skip


def test_levels_and_groups(tmp_path: Path) -> None:
    source, _ = fetched(AstralConfig(folder=tmp_path), FILES)
    proteins = list(source.proteins())
    assert [protein.id for protein in proteins] == ["d1aaaa_", "d1bbbb_", "d1zzzz_"]
    tables = {table.name: table for table in source.labels(proteins)}
    assert list(tables) == ["scop_class", "scop_fold", "scop_superfamily", "scop_family"]
    assert {id: int(label.value) for id, label in tables["scop_fold"].of.items()} == {"d1aaaa_": 0, "d1bbbb_": 1}
    assert {id: int(label.value) for id, label in tables["scop_family"].of.items()} == {"d1aaaa_": 0, "d1bbbb_": 2}
    assert int(source.labels(proteins[1:])[1].of["d1bbbb_"].value) == 1
    assert not tables["scop_fold"].label("d1zzzz_", 30).is_known
    assert source.groups()["d1dddd_"] == source.groups()["d1aaaa_"] == "a.2.1"
    assert source.fingerprint() == source.model_copy(update={"mirror": "http://x"}).fingerprint()


def test_other_lines_are_named(tmp_path: Path) -> None:
    (tmp_path / "dir.cla.scope.2.08-stable.txt").write_text("# head\nd1aaaa_\t1aaa\n")
    with pytest.raises(FileFormatError, match="line 2: not a line of the classification"):
        AstralConfig(folder=tmp_path).groups()
