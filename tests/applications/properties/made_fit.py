"""Two made properties, of proteins and of residues, fitted together in a moment."""

from pathlib import Path
from typing import Any

from protea.applications.properties.joint.multi_task import MultiTaskConfig, fit_properties
from protea.applications.properties.labels.property import Property
from protea.config import save_config
from tests.applications.properties.made_properties import made_property, residue_block, write_states


def made_config(folder: Path, number: int = 60, **changes: Any) -> MultiTaskConfig:
    """The configuration, whose tables and blocks are written to the folder."""
    write_states(folder, number)
    save_config(Property.model_validate(residue_block()), folder / "states.yaml")
    save_config(made_property(folder, number), folder / "lysines.yaml")
    given: dict[str, Any] = {
        "properties": [str(folder / "lysines.yaml"), str(folder / "states.yaml")],
        "encoder": {"kind": "language_model", "model": {"kind": "protea_mini", "num_layers": 1, "width": 64}},
        "head": {"width": 16, "layers": 0, "dropout": 0.0},
        "training": {
            "epochs": 2, "judged_by": "all", "learning_rate": 3e-3, "batch": {"max_proteins": 8, "max_residues": 2000},
        },
    }  # fmt: skip
    return MultiTaskConfig.model_validate(given | changes)


def made_runs(folder: Path) -> tuple[Path, Path]:
    """Two finished fits that differ in their seed alone; columns answer the property of proteins."""
    config = made_config(folder, by_columns=["lysines"])
    for seed in (0, 1):
        training = config.training.model_copy(update={"seed": seed})
        chosen = config.model_copy(update={"training": training})
        fit_properties(chosen, folder, folder / "cache", folder / f"seed{seed}")
    return folder / "seed0", folder / "seed1"
