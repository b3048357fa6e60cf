"""Files of weights that are missing, cut or changed by one byte are told by name; whole ones are read exactly."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from protea.encoders.weights.kept_files import check_sha256, read_kept, read_kept_arrays, sha256_of
from protea.errors import FileFormatError, InputError


def test_what_was_written_is_read(tmp_path: Path) -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    save_file({"a": array}, tmp_path / "w.safetensors")
    np.testing.assert_array_equal(read_kept_arrays(tmp_path / "w.safetensors")["a"], array)
    assert torch.equal(read_kept(tmp_path / "w.safetensors")["a"], torch.from_numpy(array))


@pytest.mark.parametrize("read", [read_kept, read_kept_arrays])
def test_missing_and_cut_files_are_named(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "w.safetensors"
    with pytest.raises(InputError, match=r"w\.safetensors: no such file.*Copy the whole folder"):
        read(path)
    save_file({"a": np.zeros(9)}, path)
    whole = path.read_bytes()
    for size in (0, 5, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:size])
        with pytest.raises(FileFormatError, match=r"w\.safetensors: not a safetensors file.*Copy the whole folder"):
            read(path)


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_of(tmp_path, ("a", "absent")) == {"a": expected}
    check_sha256(tmp_path, {"a": expected})
    check_sha256(tmp_path, {})  # written before there were digests


def test_a_changed_or_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    stated = sha256_of(tmp_path, ("a",))
    (tmp_path / "a").write_bytes(b"abd")
    with pytest.raises(FileFormatError, match=rf"a: the file was changed.*{stated['a']}; found [0-9a-f]{{64}}\. Copy"):
        check_sha256(tmp_path, stated)
    (tmp_path / "a").unlink()
    with pytest.raises(InputError, match="a: no such file"):
        check_sha256(tmp_path, stated)
