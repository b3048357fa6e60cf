"""A run as training leaves it, with random weights, and data laid out like its source's: nothing is trained."""

from pathlib import Path

from protea.benchmark.cell import RunRecord
from protea.config import save_config
from protea.encoders.schnet import SchNetConfig
from protea.features.schemes import SchemeConfig
from protea.objectives.binary import BinaryConfig
from protea.objectives.catalogue import AnyObjectiveConfig
from protea.objectives.inverse_folding import InverseFoldingConfig
from protea.training.checkpoint import save_weights
from protea.training.config import BatchConfig, TrainingConfig
from protea.training.loop import BEST
from protea.training.model import ModelConfig, initialised
from tests.datasets.sources.test_docking import complex_files, written

ENCODER = SchNetConfig(hidden_dim=8, output_dim=8, num_layers=1, num_filters=8, num_gaussians=6)


def model_config(objective: AnyObjectiveConfig, name: str, *, without_residue_type: bool = False) -> ModelConfig:
    """A small model of one objective."""
    scheme = SchemeConfig(kind="ca_base", without_residue_type=without_residue_type)
    return ModelConfig(scheme=scheme, encoder=ENCODER, objectives={name: objective}, weights={name: 1.0})


SITE = model_config(BinaryConfig(label="interface", level="residue"), "interface")
FOLDING = model_config(InverseFoldingConfig(), "residue_type", without_residue_type=True)


def write_run(folder: Path, model: ModelConfig = SITE, suite: dict | None = None) -> Path:
    """Write run.yaml and best.safetensors of a run of ppi_site (or another suite) with random weights."""
    folder.mkdir(parents=True)
    own = {"kind": "ppi_site", "source": {"kind": "docking", "path": "not there.tar.zst", "table": "not there.csv"}}
    record = RunRecord(
        suite=own if suite is None else suite, encoder_name="schnet", scheme_name="ca_base", auxiliary="none", fold=0,
        seed=3, model=model, training=TrainingConfig(batch=BatchConfig(max_proteins=2, max_residues=9)), version="0",
        commit="none", data_fingerprint="none", machine="none",
    )  # fmt: skip
    save_config(record, folder / "run.yaml")
    save_weights(initialised(model, 7), folder / BEST)
    return folder


def write_complexes(folder: Path, names: tuple[str, ...] = ("1ABC", "2DEF", "3GHI")) -> Path:
    """Write small docking complexes, all of one shape."""
    for name in names:
        written(folder, complex_files(name))
    return folder
