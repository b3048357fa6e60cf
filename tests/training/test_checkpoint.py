"""States and weights on disk: whole or not at all, read safely, of the right model."""

import os
from pathlib import Path

import pytest
import torch
from torch import nn

from protea.errors import FileFormatError, InputError
from protea.training import checkpoint
from protea.training.checkpoint import load_state, load_weights, save_state, save_weights, state_bytes


class Dangerous:
    """Runs a command when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


def test_a_state_comes_back(tmp_path: Path) -> None:
    state = {"model": {"weight": torch.randn(3)}, "progress": {"epoch": 2, "best_metric": None, "history": []}}
    save_state(state, tmp_path / "last.ckpt")
    found = load_state(tmp_path / "last.ckpt")
    assert torch.equal(found["model"]["weight"], state["model"]["weight"])  # type: ignore[index]
    assert found["progress"] == state["progress"]
    assert [path.name for path in tmp_path.iterdir()] == ["last.ckpt"]


def test_a_state_of_another_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint, "FORMAT_VERSION", 99)
    save_state({}, tmp_path / "last.ckpt")
    monkeypatch.undo()
    with pytest.raises(FileFormatError, match=r"last.ckpt.*expected 1; found 99"):
        load_state(tmp_path / "last.ckpt")
    torch.save([1], tmp_path / "list.ckpt")
    with pytest.raises(FileFormatError, match="another format"):
        load_state(tmp_path / "list.ckpt")


def test_no_code_in_a_file_is_run(tmp_path: Path) -> None:
    torch.save({"format_version": 1, "model": Dangerous(tmp_path / "made")}, tmp_path / "last.ckpt")
    with pytest.raises(FileFormatError, match="safe to read"):
        load_state(tmp_path / "last.ckpt")
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04junk"])
def test_a_damaged_file_is_named(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "last.ckpt").write_bytes(content)
    with pytest.raises(FileFormatError, match=r"last\.ckpt"):
        load_state(tmp_path / "last.ckpt")
    (tmp_path / "best.safetensors").write_bytes(content)
    with pytest.raises(FileFormatError, match=r"best\.safetensors"):
        load_weights(nn.Linear(2, 3), tmp_path / "best.safetensors")
    with pytest.raises(InputError, match=r"absent\.safetensors: no such file"):
        load_weights(nn.Linear(2, 3), tmp_path / "absent.safetensors")


def test_a_crash_while_writing_leaves_the_previous_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_state({"step": 1}, tmp_path / "last.ckpt")

    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        save_state({"step": 2}, tmp_path / "last.ckpt")
    assert load_state(tmp_path / "last.ckpt")["step"] == 1


def test_weights_and_buffers_come_back(tmp_path: Path) -> None:
    one, other = nn.BatchNorm1d(3), nn.BatchNorm1d(3)
    one(torch.randn(5, 3) + 4)
    save_weights(one, tmp_path / "best.safetensors")
    load_weights(other, tmp_path / "best.safetensors")
    assert torch.equal(one.running_mean, other.running_mean)  # type: ignore[arg-type]
    assert float(other.running_mean.sum()) != 0  # type: ignore[union-attr]


def test_missing_and_unexpected_keys_and_shapes_are_named(tmp_path: Path) -> None:
    save_weights(nn.ModuleDict({"a": nn.Linear(2, 3), "b": nn.Linear(2, 2)}), tmp_path / "w.safetensors")
    with pytest.raises(FileFormatError) as caught:
        load_weights(nn.ModuleDict({"b": nn.Linear(4, 2), "c": nn.Linear(2, 3)}), tmp_path / "w.safetensors")
    message = str(caught.value)
    assert "missing ['c.bias', 'c.weight']" in message
    assert "unexpected ['a.bias', 'a.weight']" in message
    assert "b.weight: expected (2, 4), found (2, 2)" in message
    assert "b.bias" not in message.partition("of another shape")[2]


def test_bytes_of_a_state_change_with_a_name_or_a_number() -> None:
    def made(key: str, value: float) -> bytes:
        module = nn.Module()
        module.register_buffer(key, torch.full((2,), value))
        return b"".join(state_bytes(module))

    assert made("a", 1.0) == made("a", 1.0)
    assert len({made("a", 1.0), made("b", 1.0), made("a", 2.0)}) == 3
