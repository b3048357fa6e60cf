"""`protea pretrain` and what it refuses; its folder is what `protea finetune` starts from."""

from pathlib import Path

import yaml

from protea.benchmark.train_run import TrainRun
from protea.objectives.sequence_denoising import SequenceDenoisingConfig
from tests.benchmark.made_runs import SITE, write_complexes
from tests.benchmark.test_train_run import config
from tests.cli.command import protea, protea_json


def pretraining(data: Path) -> TrainRun:
    model = SITE.model_copy(update={"objectives": {"denoise": SequenceDenoisingConfig()}, "weights": {"denoise": 1.0}})
    return config(data).model_copy(update={"model": model, "metric": "perplexity"})


def write(run: TrainRun, file: Path, **training: object) -> Path:
    tree = run.model_dump(mode="json")
    tree["training"] = {"batch": tree["training"]["batch"], **training}
    file.write_text(yaml.safe_dump(tree))
    return file


def test_the_defaults_are_those_of_pretraining_and_labels_are_refused(tmp_path: Path) -> None:
    file = write(pretraining(tmp_path), tmp_path / "pretrain.yaml")
    found = protea_json("pretrain", file, "--out", tmp_path / "run", "--dry-run")["config"]["training"]
    assert (found["schedule"], found["epochs"], found["learning_rate"]) == ("warmup_cosine", 10, 1e-4)
    file = write(config(tmp_path), tmp_path / "labelled.yaml")
    refused = protea("pretrain", file, "--out", tmp_path / "run", "--dry-run")
    assert refused.code == 2
    assert "need labels" in refused.err


def test_pretrain_then_finetune(tmp_path: Path) -> None:
    data = write_complexes(tmp_path / "data", ("1ABC", "2DEF", "3GHI", "4JKL"))
    cache = ("--cache", tmp_path / "cache")
    first = write(pretraining(data), tmp_path / "pretrain.yaml", epochs=2, warmup_epochs=0.5)
    found = protea_json("pretrain", first, "--out", tmp_path / "pretrained", *cache)
    assert found["metrics"]["test"]["denoise"]["perplexity"] > 1
    second = write(config(data), tmp_path / "finetune.yaml", epochs=1)
    words = ("finetune", second, "--out", tmp_path / "tuned", "--from", tmp_path / "pretrained", *cache)
    found = protea_json(*words, "--freeze", "encoder")
    assert 0 <= found["metrics"]["test"]["interface"]["auroc"] <= 1
    record = yaml.safe_load((tmp_path / "tuned" / "run.yaml").read_text())
    assert record["start"]["load"] == ["encoder"]
    assert record["model"]["freeze_encoder"] is True
    assert len(record["start_sha256"]) == 64
