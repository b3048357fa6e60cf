"""Modifications: fixed columns, only on residues that can carry them, only where model and list agree."""

import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from protea.datasets.sources.catalogue import AnySource
from protea.datasets.sources.published.ptm import PTM_KINDS, PTMConfig
from protea.errors import FileFormatError
from protea.protein.writers.mmcif import format_mmcif
from tests.datasets.sources.published.made_site import fetched, list_files, zipped
from tests.protein.readers.foldcomp.made_chain import full_chain

MODEL = full_chain(3, length=30)
LYSINE, TYROSINE = MODEL.sequence.index("K"), MODEL.sequence.index("Y")
SITES = [{"site": LYSINE, "ptm_type": "Ubi_K"}, {"site": LYSINE, "ptm_type": "SUMO_K"},
         {"site": TYROSINE, "ptm_type": "Phos_Y"}]  # fmt: skip


def texts(sites: object = SITES) -> dict[str, str]:
    train = {"p12345": {"seq": MODEL.sequence, "label": sites}}
    other = {"Q99999": {"seq": "A" + MODEL.sequence[1:], "label": []}}
    return {"PTM_train.json": json.dumps(train), "PTM_val.json": json.dumps(other), "PTM_test.json": "{}"}


def files(sites: object = SITES) -> dict[str, bytes]:
    data = format_mmcif(MODEL).encode()
    models = {f"alphafold.ebi.ac.uk/files/AF-{name}-F1-model_v6.bcif": data for name in ("P12345", "Q99999")}
    return list_files("ptm", {"13PTM.zip": zipped(texts(sites))}) | models


def test_sites_are_columns_in_a_fixed_order(tmp_path: Path) -> None:
    source, found = fetched(PTMConfig(folder=tmp_path), files())
    assert not found.failed
    proteins = list(source.proteins())
    assert [protein.id for protein in proteins] == ["P12345", "Q99999"]
    (table,) = source.labels(proteins)
    assert list(table.of) == ["P12345"]  # the other list differs from its model
    wanted = [
        [LYSINE, PTM_KINDS.index("SUMO_K")],
        [LYSINE, PTM_KINDS.index("Ubi_K")],
        [TYROSINE, PTM_KINDS.index("Phos_Y")],
    ]
    assert np.argwhere(table.of["P12345"].value).tolist() == sorted(wanted)
    assert len(PTM_KINDS) == 13 == table.of["P12345"].value.shape[1]
    assert source.split().validation == ("Q99999",)


@pytest.mark.parametrize(
    ("site", "message"),
    [
        ({"site": LYSINE, "ptm_type": "Phos_Y"}, "Phos_Y on another residue.*expected Y; found K"),
        ({"site": 30, "ptm_type": "Ubi_K"}, "not a site of this sequence"),
        ({"site": 1, "ptm_type": "Other"}, "not a site of this sequence"),
    ],
)
def test_impossible_sites_are_refused(tmp_path: Path, site: object, message: str) -> None:
    source, _ = fetched(PTMConfig(folder=tmp_path), files([site]))
    with pytest.raises(FileFormatError, match=message):
        source.labels(source.proteins())


def test_other_files_are_refused(tmp_path: Path) -> None:
    for text, message in (
        ("{", "not JSON"),
        ('{"a": 1}', "not JSON|not a list of sites"),
        ("[]", "not a list of sites"),
    ):
        (tmp_path / "13PTM.zip").write_bytes(zipped({**texts(), "PTM_val.json": text}))
        with pytest.raises(FileFormatError, match=message):
            PTMConfig(folder=tmp_path).listing()


def test_the_set_without_files_is_no_kind(tmp_path: Path) -> None:
    """ProteinWorkshop offers `optm` and raises NotImplementedError: no file and no label of it was ever named."""
    with pytest.raises(ValidationError, match="'ptm'"):
        TypeAdapter(AnySource).validate_python({"kind": "optm", "folder": tmp_path})
