"""`protea data fetch`: lists, structures, what failed, and a dry run that opens no connection."""

from pathlib import Path

from tests.cli.command import protea, protea_json
from tests.datasets.sources.published.made_site import list_files, mirror, structure_files

FILES = list_files(
    "enzyme_commission",
    {"training.txt": "1aaa.A\n", "validation.txt": "1bbb.A\n", "testing.txt": "1ccc.A\n", "chain_functions.txt": ""},
) | structure_files("1aaa 1bbb")


def write(path: Path, text: str) -> Path:
    (path / "source.yaml").write_text(text)
    return path / "source.yaml"


def test_fetched_then_built(tmp_path: Path) -> None:
    config = write(tmp_path, f"kind: enzyme_commission\nfolder: {tmp_path / 'data'}\n")
    with mirror(FILES) as site:
        lists = protea_json("data", "fetch", config, "--set", f"mirror={site.url}", "--lists-only")
        assert (lists["fetched"], lists["failed"]) == (4, {})
        found = protea_json("data", "fetch", config, "--set", f"mirror={site.url}", code=1)
        assert found["fetched"] == 6
        assert list(found["failed"]) == ["structures/pdb/cc/1ccc.bcif.gz"]
        told = protea("data", "fetch", config, "--set", f"mirror={site.url}")
        assert (told.code, "- files: 6" in told.out, "HTTP 404" in told.out) == (1, True, True)
    built = protea_json("data", "build", config, "--out", tmp_path / "store")
    assert built["proteins"] == 2
    assert list(built["refused"]) == ["1ccc_A"]


def test_a_dry_run_names_the_addresses(tmp_path: Path) -> None:
    config = write(tmp_path, f"kind: pdb\nfolder: {tmp_path / 'data'}\n")
    found = protea_json("data", "fetch", config, "--dry-run")
    assert [row["name"] for row in found] == ["entries.idx", "pdb_seqres.txt.gz"]
    assert all(row["verified"] for row in found)
    told = protea("data", "fetch", write(tmp_path, f"kind: deep_sea\nfolder: {tmp_path / 'data'}\n"), "--dry-run")
    assert "(unverified)" in told.out
    assert not (tmp_path / "data").exists()


def test_wrong_input_is_2(tmp_path: Path) -> None:
    found = protea("data", "fetch", write(tmp_path, "kind: generated\n"))
    assert found.code == 2
    assert "nothing to fetch" in found.err
    with mirror({}) as site:
        config = write(tmp_path, f"kind: cath\nfolder: {tmp_path / 'data'}\nmirror: {site.url}\n")
        assert protea("data", "fetch", config).code == 2
