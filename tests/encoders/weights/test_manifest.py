"""The manifest is whole: every entry can be fetched or says who must, and nothing in it is made up."""

import re

import pytest

from protea.encoders.weights.manifest import HUB, entry_of, manifest, parse_manifest
from protea.encoders.weights.places import SHIPPED
from protea.errors import InputError

BLOCK = """
[tiny]
kind = "esm2"
size = "8M"
repository = "lab/tiny"
revision = "main"
files = [{ name = "model.safetensors", size = 3 }]
licence = "MIT"
source = "nobody"
status = "unverified"
"""


def test_every_published_language_model_is_there() -> None:
    kinds: dict[str, set[str]] = {}
    for entry in manifest().values():
        kinds.setdefault(entry.kind, set()).add(entry.size)
    assert kinds["esm2"] == {"8M", "35M", "150M", "650M", "3B", "15B"}
    assert kinds["esmc"] == {"300M", "600M", "6B"}
    assert kinds["amplify"] == {"120M", "350M"}
    assert kinds["saprot"] == {"35M", "650M"}
    assert {"esm1b", "prott5", "esm_aa", "prompt_protein"} <= set(kinds)
    assert {f"esm1v_{seed}" for seed in range(1, 6)} <= set(manifest())


def test_nothing_is_called_verified_that_nobody_could_load() -> None:
    fetched = [entry for entry in manifest().values() if not entry.is_shipped]
    assert {entry.status for entry in fetched} == {"unverified"}


def test_every_file_has_one_address_that_names_its_revision() -> None:
    for name, entry in manifest().items():
        assert entry.name == name == name.lower()
        assert entry.source
        remotes = entry.remotes(is_original=False) + entry.remotes(is_original=True)
        assert len({remote.url for remote in remotes}) == len(remotes), name
        if entry.is_by_hand:
            assert not entry.remotes(is_original=False)
            assert entry.page is not None
            assert entry.page.startswith("https://")
            continue
        if entry.is_shipped:
            assert all((SHIPPED / file.place).is_file() and file.sha256 is not None for file in entry.files), name
            continue
        assert entry.revision is not None
        assert re.fullmatch(r"main|[0-9a-f]{40}", entry.revision)
        for remote in entry.remotes(is_original=False):
            assert remote.url.startswith(f"{HUB}/{entry.repository}/resolve/{entry.revision}/")
    places = [(entry.kind, entry.published_name) for entry in manifest().values()]
    assert len(set(places)) == len(places)


def test_no_two_files_share_a_checksum() -> None:
    digests = [file.sha256 for entry in manifest().values() for file in entry.files + entry.original_files]
    known = [digest for digest in digests if digest is not None]
    assert len(set(known)) == len(known)
    assert len(known) >= 30
    assert all(digest.strip("0") for digest in known)


def test_shards_are_complete() -> None:
    for name, entry in manifest().items():
        counts = {match[1] for file in entry.files if (match := re.search(r"-of-(\d+)\.", file.name))}
        assert len(counts) <= 1, name
        if counts:
            assert len(entry.files) == int(counts.pop()), name


def test_contact_heads_come_with_the_original_files() -> None:
    for entry in manifest().values():
        names = [file.place for file in entry.original_files]
        if entry.kind in ("esm2", "esm1b"):
            assert names[1] == names[0].replace(".pt", "-contact-regression.pt")


def test_weights_are_found_by_any_of_their_names() -> None:
    entry = manifest()["esm2_8m"]
    for name in ("esm2_8m", "esm2_t6_8M_UR50D", "facebook/esm2_t6_8M_UR50D"):
        assert entry_of(name) is entry
    with pytest.raises(InputError, match=r"no weights of the name 'esm2_8'; expected one of esm2_8m"):
        entry_of("esm2_8")
    with pytest.raises(InputError, match=r"expected one of .*promptprotein") as caught:
        entry_of("promptprotei")
    assert str(caught.value).count("promptprotein") == 1  # once, though it has two such names


def test_a_block_is_an_entry() -> None:
    entry = parse_manifest(BLOCK, "x")["tiny"]
    (remote,) = entry.remotes(is_original=False)
    assert remote.url == f"{HUB}/lab/tiny/resolve/main/model.safetensors"
    assert (remote.name, remote.size, remote.sha256, remote.is_verified) == ("model.safetensors", 3, None, False)
    with pytest.raises(InputError, match="tiny: no original files are listed"):
        entry.chosen(is_original=True)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('status = "unverified"', "", r"tiny\.status.*Field required"),
        ('status = "unverified"', 'status = "perhaps"', "tiny.status"),
        ('licence = "MIT"', 'license = "MIT"', "tiny.license"),
        ("size = 3", 'size = "3"', "tiny.files.0.size"),
        ("size = 3", 'sha256 = "12"', "not an SHA256 checksum"),
        ('name = "model.safetensors"', 'name = "../x"', "not a name below a folder"),
        ('name = "model.safetensors", size = 3', "size = 3", "a file has a name in the repository, or an address"),
        ('revision = "main"', "", "a repository with its revision, or a page"),
        ('revision = "main"', 'revision = "main"\npage = "https://x"', "a repository with its revision, or a page"),
        ('revision = "main"', 'revision = "main"\nis_shipped = true', "or are shipped"),
        ('files = [{ name = "model.safetensors", size = 3 }]', "files = []", "no files"),
        ('licence = "MIT"', 'original_files = [{ name = "x" }]', "original files have addresses"),
        ("[tiny]", "[tiny", "at line 2"),
    ],
)
def test_a_wrong_block_is_refused_with_its_place(before: str, after: str, message: str) -> None:
    assert before in BLOCK
    with pytest.raises(InputError, match=r"(?s)file\.toml: not a manifest.*" + message):
        parse_manifest(BLOCK.replace(before, after), "file.toml")
