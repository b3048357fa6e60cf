"""`protea finetune` is strict: what does not fit is named, and an absent run is wrong input."""

from pathlib import Path

from safetensors.torch import save_file

from protea.training.checkpoint import BEST
from protea.training.model import initialised
from tests.benchmark.made_runs import SITE, write_complexes
from tests.benchmark.test_train_run import config
from tests.cli.command import protea
from tests.cli.test_pretrain import write


def test_weights_that_do_not_fit_are_named(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    file = write(config(data), tmp_path / "finetune.yaml", epochs=1)
    words = ("finetune", file, "--out", tmp_path / "run", "--cache", tmp_path / "cache")
    assert protea(*words, "--from", tmp_path / "absent").code == 2
    tensors = {name: value.clone() for name, value in initialised(SITE, seed=1).state_dict().items()}
    lost = next(name for name in tensors if name.startswith("encoder."))
    del tensors[lost]
    save_file(tensors, tmp_path / BEST)
    found = protea(*words, "--from", tmp_path / BEST)
    assert found.code == 2
    assert lost in found.err


def test_freezing_all_is_refused(tmp_path: Path) -> None:
    file = write(config(tmp_path), tmp_path / "finetune.yaml", epochs=1)
    words = ("--from", tmp_path, "--freeze", "encoder", "--freeze", "heads", "--dry-run")
    found = protea("finetune", file, "--out", tmp_path / "run", *words)
    assert found.code == 2
    assert "leave nothing to train" in found.err
