"""The table of addresses: every row can be fetched in principle, and says whether it was verified."""

import pytest

from protea.datasets.fetching.addresses import address_table, file_from_template, files_of, mirrored
from protea.errors import InputError


def test_every_row_is_a_remote_file_with_names_that_do_not_clash() -> None:
    table = address_table()
    assert {"pdb", "cath", "fold", "gene_ontology", "ptm", "masif_site"} <= set(table)
    for name, rows in table.items():
        assert rows, name
        assert len({row.name for row in rows}) == len(rows)
        assert not any("mmtf" in row.url for row in rows), "MMTF was retired in 2024"
    with pytest.raises(InputError, match="no addresses of 'nothing'; expected one of pdb"):
        files_of("nothing")


def test_templates_take_a_key_and_nothing_else_of_an_address() -> None:
    assert file_from_template("pdb", "1abc", "x").url == "https://models.rcsb.org/1abc.bcif.gz"
    assert "P12345-F1-model_v6.bcif" in file_from_template("alphafold", "P12345", "x").url
    assert file_from_template("foldcomp", "a/../b?c", "x").url == "https://opendata.mmseqs.org/foldcomp/a%2F..%2Fb%3Fc"


def test_a_mirror_holds_each_file_by_host_and_path() -> None:
    remote = files_of("ptm")[0]
    assert mirrored(remote, None) is remote
    found = mirrored(remote, "http://mirror:80/data/")
    assert found.url == "http://mirror:80/data/zenodo.org/records/7655709/files/13PTM%20.zip"
    assert (found.name, found.is_verified) == (remote.name, remote.is_verified)
