"""Torch files are read without running what they say; foreign settings are read, traps are refused."""

import contextlib
import functools
import io
import pickle
import subprocess
from argparse import Namespace
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from protea.encoders.weights.pickled import read_pickled
from protea.encoders.weights.stand_ins import plain_value
from protea.errors import FileFormatError
from tests.encoders.weights.made_files import Runs, foreign, instance, numbered, trap


def test_tensors_and_settings_of_both_formats(tmp_path: Path) -> None:
    content = {"model": {"a": numbered(2, 3), "b": numbered(4).half()}, "args": Namespace(layers=3, rate=0.5)}
    for zipped in (True, False):
        torch.save(content, tmp_path / "x.pt", _use_new_zipfile_serialization=zipped)
        found = read_pickled(tmp_path / "x.pt")
        assert torch.equal(found["model"]["a"], numbered(2, 3))
        assert found["model"]["b"].dtype == torch.float16
        assert plain_value(found["args"], "x") == {"layers": 3, "rate": 0.5}


def test_shapes_alone_hold_no_values(tmp_path: Path) -> None:
    torch.save({"a": numbered(2, 3).half()}, tmp_path / "x.pt")
    found = read_pickled(tmp_path / "x.pt", shapes_only=True)["a"]
    assert (found.device.type, found.shape, found.dtype) == ("meta", (2, 3), torch.float16)


def test_settings_of_omegaconf_and_lightning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    container = foreign(monkeypatch, "omegaconf.dictconfig.DictConfig")
    node = foreign(monkeypatch, "omegaconf.nodes.AnyNode")
    metadata = foreign(monkeypatch, "omegaconf.base.ContainerMetadata")
    attributes = foreign(monkeypatch, "pytorch_lightning.utilities.parsing.AttributeDict", dict)
    callback = foreign(monkeypatch, "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint")
    described = instance(metadata, ref_type=dict, element_type=int, resolver_cache=defaultdict(dict, {"a": {"b": 1}}))
    settings = instance(container, _content={"width": instance(node, _val=8, _parent=None)}, _metadata=described)
    content = {"hyper_parameters": attributes(encoder=settings, seed=1), "callbacks": {callback: {"path": tmp_path}}}
    torch.save(content | {"state_dict": {"a": numbered(1)}}, tmp_path / "x.ckpt")
    found = read_pickled(tmp_path / "x.ckpt")
    assert plain_value(found["hyper_parameters"], "x") == {"encoder": {"width": 8}, "seed": 1}
    (key,) = plain_value(found["callbacks"], "x")
    assert key == "<pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint>"


def test_what_another_library_allowed_in_this_process_is_not_let_in(tmp_path: Path) -> None:
    torch.save({"counts": defaultdict(dict, {"a": {"b": 1}})}, tmp_path / "x.ckpt")
    before = torch.serialization.get_safe_globals()
    torch.serialization.add_safe_globals([defaultdict, dict])
    try:
        found = read_pickled(tmp_path / "x.ckpt")
        assert type(found["counts"]) is not defaultdict
        assert set(torch.serialization.get_safe_globals()) == {*before, defaultdict, dict}
    finally:
        torch.serialization.clear_safe_globals()
        torch.serialization.add_safe_globals(before)


def test_partial_functions_of_optimisers_stay_inert(tmp_path: Path) -> None:
    torch.save({"optimizer": functools.partial(torch.optim.Adam, lr=1.0)}, tmp_path / "x.ckpt")
    found = plain_value(read_pickled(tmp_path / "x.ckpt")["optimizer"], "x")
    assert found["class"] == "functools.partial"


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("inside", ["top", "settings", "key", "tensors"])
def test_a_trap_is_refused_and_does_not_run(tmp_path: Path, inside: str, zipped: bool) -> None:
    sprung = tmp_path / "sprung"
    made = trap(sprung)
    content = {
        "top": made,
        "settings": {"model": {"a": numbered(1)}, "args": Namespace(x=made)},
        "key": {"model": {"a": numbered(1)}, "args": {made: 1}},
        "tensors": {"model": {"a": made}},
    }[inside]
    torch.save(content, tmp_path / "x.pt", _use_new_zipfile_serialization=zipped)
    with pytest.raises(FileFormatError, match=r"x\.pt: holds an object that is not read, .*found (posix|os)\.system"):
        read_pickled(tmp_path / "x.pt")
    assert not sprung.exists()
    torch.load(tmp_path / "x.pt", weights_only=False)  # the trap is a real one
    assert sprung.exists()


@pytest.mark.parametrize(
    "made",
    [
        Runs(eval, "1"),
        Runs(subprocess.check_output, ["true"]),
        Runs(getattr, io.StringIO, "write"),
        Runs(functools.reduce, max, [1, 2]),
        Runs(__import__, "this"),
        Runs(torch.load, "x"),
        Runs(io.open, "x", "w"),
    ],
    ids=lambda made: made.function.__name__,
)
def test_functions_are_refused_by_name(tmp_path: Path, made: Runs) -> None:
    torch.save({"a": made}, tmp_path / "x.pt")
    with pytest.raises(FileFormatError, match=rf"found [\w.]*{made.function.__name__.strip('_')}"):
        read_pickled(tmp_path / "x.pt")
    assert not Path("x").exists()


def test_a_plain_pickle_and_no_pickle_are_refused(tmp_path: Path) -> None:
    for content in (pickle.dumps({"a": 1}), pickle.dumps({"a": 1}, 2), b"", b"text", b"PK\x03\x04 no zip"):
        (tmp_path / "x.pt").write_bytes(content)
        with pytest.raises(FileFormatError, match=r"x\.pt"):
            read_pickled(tmp_path / "x.pt")
    for content in (b"", b">a\nMKV\n"):  # nothing that could run: no word of that
        (tmp_path / "x.pt").write_bytes(content)
        with pytest.raises(FileFormatError, match=r"x\.pt: no file of weights"):
            read_pickled(tmp_path / "x.pt")


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4), st.booleans())
def test_damaged_files_are_refused_or_read_but_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, place: int, change: bytes, zipped: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.pt"
    torch.save({"model": {"a": numbered(3)}, "args": Namespace(x=1)}, path, _use_new_zipfile_serialization=zipped)
    content = bytearray(path.read_bytes())
    place %= len(content)
    content[place : place + len(change)] = change
    path.write_bytes(bytes(content))
    with contextlib.suppress(FileFormatError):
        read_pickled(path)


def test_threads_do_not_take_each_others_names_away(tmp_path: Path) -> None:
    before = set(torch.serialization.get_safe_globals())
    for number in range(8):
        torch.save({"args": Namespace(x=number)}, tmp_path / f"{number}.pt")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: read_pickled(tmp_path / f"{number}.pt"), range(8)))
    assert [plain_value(item, "x")["args"]["x"] for item in found] == list(range(8))
    assert set(torch.serialization.get_safe_globals()) == before  # a setting of the process is left as it was
