"""SHS27k and SHS148k, fetched from a mirror in their published layout."""

from pathlib import Path

import pytest

from protea.datasets.sources.interface import SourceReport
from protea.datasets.sources.published.gnn_ppi import GNNPPIConfig
from protea.errors import InputError
from tests.datasets.interactions.test_action_tables import HEAD, ROWS
from tests.datasets.sources.published.made_site import fetched, list_files

SEQUENCES = "9.z\tMKV\n9.b\tGGA\n9.a\tLLL\n9.unused\tAAA\n"


def source_in(folder: Path, sequences: str = SEQUENCES, name: str = "SHS27k") -> GNNPPIConfig:
    files = list_files(
        f"gnn_ppi_{name.lower()}",
        {f"protein.actions.{name}.STRING.txt": "\n".join([HEAD, *ROWS, ""]),
         f"protein.{name}.sequences.dictionary.tsv": sequences},
    )  # fmt: skip
    source, found = fetched(GNNPPIConfig(folder=folder, name=name), files)  # type: ignore[arg-type]
    assert not found.failed
    assert isinstance(source, GNNPPIConfig)
    return source


@pytest.mark.parametrize("name", ["SHS27k", "SHS148k"])
def test_the_network_and_its_proteins(tmp_path: Path, name: str) -> None:
    source = source_in(tmp_path, name=name)
    network = source.network()
    assert network.ids == ("9.z", "9.b", "9.a")
    assert network.pairs.tolist() == [[1, 0], [2, 1]]
    report = SourceReport()
    assert [(protein.id, protein.sequence) for protein in source.proteins(report)] == [
        ("9.z", "MKV"), ("9.b", "GGA"), ("9.a", "LLL"),
    ]  # fmt: skip
    assert report.num_proteins == 3
    assert source.fingerprint() == source.model_copy(update={"mirror": "http://x"}).fingerprint()


def test_a_protein_without_sequence_is_refused(tmp_path: Path) -> None:
    source = source_in(tmp_path, SEQUENCES.replace("9.a", "9.c"))
    with pytest.raises(InputError, match=r"9\.a: no sequence"):
        source.network()
    report = SourceReport()
    assert len(source.network(report)) == 1
    assert list(report.refused) == ["9.a"]
    with pytest.raises(InputError, match="was not fetched"):
        GNNPPIConfig(folder=tmp_path / "none").network()
