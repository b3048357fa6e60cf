"""Goldens are found below folders, and files that are none are refused by name."""

import json
from pathlib import Path

import numpy as np
import pytest

from protea.benchmark.parity.golden import Golden, find_goldens
from protea.errors import FileFormatError, InputError
from tests.benchmark.parity.made_goldens import write_golden


def test_goldens_below_a_folder_are_found_once(tmp_path: Path) -> None:
    write_golden(tmp_path / "b" / "two")
    write_golden(tmp_path / "a")
    found = find_goldens([tmp_path, tmp_path / "a"])
    assert [golden.folder.name for golden in found] == ["a", "two"]
    assert found[1].name == "b/two"


def test_a_folder_without_goldens_and_no_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no golden here"):
        find_goldens([tmp_path])
    with pytest.raises(InputError, match="no such folder"):
        find_goldens([tmp_path / "absent"])


def test_names_are_told_without_reading(tmp_path: Path) -> None:
    golden = Golden(write_golden(tmp_path / "a"))
    assert golden.input_names() == {"x", "pos", "edge_index", "batch"}
    assert golden.output_names() == {"node_embedding", "graph_embedding"} == set(golden.outputs)


def test_names_of_weights_are_told_without_reading(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    golden, tensors = Golden(folder), Golden(folder).weights()
    assert golden.weight_names() == set(tensors)
    assert golden.weight_shapes == {key: tuple(value.shape) for key, value in tensors.items()}
    (folder / "weights.safetensors").write_bytes(b"no header")
    with pytest.raises(FileFormatError, match="not safetensors"):
        Golden(folder).weight_names()
    (folder / "weights.safetensors").unlink()
    assert Golden(folder).weight_names() == frozenset()


def test_files_that_are_not_what_they_claim_are_refused(tmp_path: Path) -> None:
    folder = write_golden(tmp_path / "a")
    (folder / "inputs.npz").write_bytes(b"no archive")
    with pytest.raises(FileFormatError, match=r"inputs\.npz"):
        _ = Golden(folder).inputs
    np.savez(folder / "outputs.npz", objects=np.array([{"a": 1}], dtype=object))
    with pytest.raises(FileFormatError, match=r"outputs\.npz"):
        _ = Golden(folder).outputs
    (folder / "weights.safetensors").write_bytes(b"no weights")
    with pytest.raises(FileFormatError, match="safetensors"):
        Golden(folder).weights()
    (folder / "weights.safetensors").unlink()
    with pytest.raises(InputError, match="without weights"):
        Golden(folder).weights()
    (folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(FileFormatError, match="not JSON"):
        _ = Golden(folder).config
    (folder / "config.json").write_text(json.dumps([1]), encoding="utf-8")
    with pytest.raises(FileFormatError, match="mapping"):
        _ = Golden(folder).config


def test_what_is_asked_for_and_absent_is_named(tmp_path: Path) -> None:
    golden = Golden(write_golden(tmp_path / "a"))
    with pytest.raises(InputError, match=r"inputs\.npz: no 'seq_pos'.*pos"):
        golden.inputs["seq_pos"]
    with pytest.raises(InputError, match=r"config\.json: no 'width'"):
        golden.config["width"]
