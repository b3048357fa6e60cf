"""Databases of predictions: fetched file by file, read entry by entry, damaged entries refused by name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from protea.datasets.building import build_store
from protea.datasets.sources.predicted import AlphaFoldConfig, ESMAtlasConfig
from protea.datasets.store import Store
from protea.errors import InputError
from tests.datasets.sources.made_database import NAMES, entries, write_database
from tests.datasets.sources.published.made_site import fetched


def served_database(folder: Path, name: str, content: dict[str, bytes]) -> dict[str, bytes]:
    path = write_database(folder / name, content)
    files = path.parent.glob(f"{name}*")
    return {f"opendata.mmseqs.org/foldcomp/{file.name}": file.read_bytes() for file in files}


def test_a_database_from_the_network_into_the_store(tmp_path: Path) -> None:
    content = {**entries(), NAMES[2]: b"FCMP damaged"}
    files = served_database(tmp_path / "theirs", "e_coli", content)
    source, found = fetched(AlphaFoldConfig(folder=tmp_path / "ours", database="e_coli"), files)
    assert sorted(found.paths) == ["e_coli", "e_coli.dbtype", "e_coli.index", "e_coli.lookup"]
    report = build_store(source, tmp_path / "store")
    store = Store(tmp_path / "store")
    assert store.ids == (*NAMES[:2], *NAMES[3:])
    assert list(report.refused) == [NAMES[2]]
    assert store[0].plddt() is not None
    assert (tmp_path / "store" / "source.sha256").read_text().strip() == source.fingerprint()


def test_some_ids_only(tmp_path: Path) -> None:
    files = served_database(tmp_path / "theirs", "highquality_clust30", entries())
    (tmp_path / "ids.txt").write_text(NAMES[1])
    source, _ = fetched(ESMAtlasConfig(folder=tmp_path / "ours", ids=tmp_path / "ids.txt"), files)
    assert [protein.id for protein in source.proteins()] == [NAMES[1]]
    assert source.model_copy(update={"ids": None}).fingerprint() != source.fingerprint()


def test_names_are_a_closed_list_and_files_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="afdb_swissprot_v4"):
        AlphaFoldConfig.model_validate({"folder": tmp_path, "database": "everything"})
    with pytest.raises(InputError, match=r"afdb_rep_v4: was not fetched"):
        list(AlphaFoldConfig(folder=tmp_path).proteins())
