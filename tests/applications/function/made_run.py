"""A run of two tiny models of made enzymes in a folder."""

from pathlib import Path

from protea.applications.function.fitting import FitConfig, LabelledColumns, fit_models
from protea.applications.function.function_run import ColumnScale, FunctionRun, save_function_run
from protea.applications.function.known_classes import classes_of_enzymes, labels_of
from protea.applications.function.sequence_columns import sequence_columns
from tests.applications.function.made_chains import LEAVES, made_sequence


def made_function_run(folder: Path, seed: int = 0) -> Path:
    """Write the run and return its folder."""
    classes = classes_of_enzymes(LEAVES, LEAVES)
    column = sequence_columns([made_sequence(family, number) for number in range(3) for family in range(3)])
    label = labels_of(classes, {f"{number} {family}": [LEAVES[family]] for number in range(3) for family in range(3)})
    scale, config = (
        ColumnScale.of(column),
        FitConfig(dim=4, num_models=2, num_kept=2, epochs=2, batch_size=3, seed=seed),
    )
    proteins = LabelledColumns(scale(column), label)
    models = fit_models(config, classes.forms(), proteins, proteins)
    save_function_run(FunctionRun(classes, scale, config, models), folder)
    return folder
