"""The validation and test predictions of a run, as parts to calibrate on and to judge."""

from pathlib import Path

import numpy as np

from protea.benchmark.calibration.held import Held
from protea.benchmark.cell import VALIDATION, CellFiles
from protea.benchmark.predictions import StoredPredictions, load_predictions
from protea.errors import InputError, describe
from protea.objectives.stated_columns import SIGMA, column_of, value_of

__all__ = ["held_of", "parts_of_run"]

_PREFIX, _SUFFIX = "predictions-", f"-{VALIDATION}.npz"


def held_of(predictions: StoredPredictions, where: str) -> Held:
    """Return the supervised items of stored predictions; the unit is the protein.

    Raises:
        InputError: several labels per protein (calibrate each by itself), or class scores that were not kept.
    """
    keep = predictions.is_supervised
    target, unit = predictions.target[keep], predictions.protein_of_item()[keep]
    if predictions.predicted_class is not None:
        if predictions.class_score is None:
            raise InputError(
                describe("the scores of all classes were not kept", where=where,
                         do="Cells of a grid keep two numbers per item; train the model by `protea train`.")
            )  # fmt: skip
        return Held("classes", target, unit, logits=predictions.class_score[keep].astype(np.float64))
    score, columns = predictions.score[keep].astype(np.float64), predictions.columns
    if columns:
        value = value_of(score, columns)
        sigma = column_of(score, columns, SIGMA) if SIGMA in columns else None
        low, high = (None, None) if SIGMA in columns else (score[:, 0], score[:, -1])
        return Held("value", target.astype(np.float64), unit, value=value, sigma=sigma, low=low, high=high)
    if score.ndim != 1 or target.ndim != 1:
        raise InputError(describe(f"predictions of shape {score.shape}", where=where, expected="one label per item"))
    is_yes_no = np.issubdtype(target.dtype, np.integer) and bool(((target == 0) | (target == 1)).all())
    is_yes_no &= bool(((score >= 0) & (score <= 1)).all())
    return Held(
        "yes_no" if is_yes_no else "value", target if is_yes_no else target.astype(np.float64), unit, value=score
    )


def parts_of_run(folder: Path, task: str | None = None, variant: str | None = None) -> tuple[Held, Held, str]:
    """Return what to calibrate on, what to judge, and both names, from the folder of a run.

    Args:
        folder: of one run, with `predictions-TASK-validation.npz` and `predictions-TASK-VARIANT.npz`.
        task: name of the objective; may be left out where there is one.
        variant: name of the input variant of the test (`test` for `protea train`); may be left out where there is one.

    Raises:
        InputError: no validation predictions (a run of an older version), or a name that is missing or wrong.
    """
    files = CellFiles(folder)
    tasks = sorted(path.name[len(_PREFIX) : -len(_SUFFIX)] for path in folder.glob(f"{_PREFIX}*{_SUFFIX}"))
    name = _chosen(tasks, task, "task", folder)
    start = f"{_PREFIX}{name}-"
    variants = sorted(path.stem[len(start) :] for path in folder.glob(f"{start}*.npz"))
    tested = _chosen([item for item in variants if item != VALIDATION], variant, "variant", folder)
    known, judged = (load_predictions(files.predictions(name, part)) for part in (VALIDATION, tested))
    where = f"{folder}: {name}"
    return held_of(known, where), held_of(judged, where), f"{name}, {tested}"


def _chosen(found: list[str], asked: str | None, what: str, folder: Path) -> str:
    if asked is None and len(found) == 1:
        return found[0]
    if asked in found:
        return str(asked)
    raise InputError(
        describe(f"no {what} {asked!r}" if asked else f"which {what}?", where=str(folder),
                 expected=f"one of {', '.join(found)}" if found else "predictions of validation and test",
                 found="" if found else "none",
                 do=f"Give --{what}." if found else "Train the run again: older runs kept no validation predictions.")
    )  # fmt: skip
