"""`protea weights verify`: 0 where all is right, 1 where a byte or a key is not."""

from pathlib import Path

import pytest

from protea.encoders.weights import verifying
from protea.encoders.weights.places import folder_of
from tests.cli.command import protea, protea_json
from tests.cli.made_weights import SETTINGS, TINY, tiny_weights
from tests.encoders.weights.made_entries import fair_names, write_fair_esm


def test_a_changed_byte_is_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verifying, "language_config", lambda kind, size: TINY)
    with tiny_weights(monkeypatch, tmp_path) as (entry, site):
        assert protea("weights", "fetch", "tiny", "--mirror", site.url, "--cache", tmp_path).code == 0
    told = protea("weights", "verify", "tiny", "--cache", tmp_path)
    assert told.code == 0
    assert "tiny: keys: an exact fit" in told.out
    path = folder_of(entry, tmp_path) / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    (check,) = protea_json("weights", "verify", "tiny", "--cache", tmp_path, code=1)
    assert (check["is_fine"], check["files"][0]["verdict"]) == (False, "wrong checksum")
    assert "wrong checksum" in protea("weights", "verify", "--cache", tmp_path).out


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    pickled = write_fair_esm(tmp_path, fair_names())
    (check,) = protea_json("weights", "verify", pickled, *SETTINGS)
    assert check["keys"] == "an exact fit"
    told = protea("weights", "verify", pickled, "--model", "esm2/8M")
    assert told.code == 1
    assert "of another shape" in told.out


def test_what_is_absent_is_1_and_what_is_unknown_2(tmp_path: Path) -> None:
    told = protea("weights", "verify", "esm2_8m", "--cache", tmp_path)
    assert (told.code, "absent" in told.out) == (1, True)
    assert protea("weights", "verify", "esm9", "--cache", tmp_path).code == 2
    assert protea("weights", "verify", "esm2_8m", "--set", "width=8", "--cache", tmp_path).code == 2
    # Without a name, what is here: in an empty cache, what comes with the package.
    (shipped,) = protea_json("weights", "verify", "--cache", tmp_path)
    assert (shipped["name"], shipped["is_fine"]) == ("protea_mini", True)
