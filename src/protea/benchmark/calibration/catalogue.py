"""The union of the fitted calibrators, and how one is written and read."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from protea.benchmark.calibration.calibrator import Calibrator
from protea.benchmark.calibration.class_sets import ClassSets
from protea.benchmark.calibration.isotonic import IsotonicScaling
from protea.benchmark.calibration.likelihood_ratio import LikelihoodRatio
from protea.benchmark.calibration.mondrian import MondrianConformal
from protea.benchmark.calibration.platt import PlattScaling
from protea.benchmark.calibration.platt_band import PlattBand
from protea.benchmark.calibration.quantile_conformal import QuantileConformal
from protea.benchmark.calibration.sigma_scaling import SigmaScaling
from protea.benchmark.calibration.split_conformal import SplitConformal
from protea.benchmark.calibration.temperature import TemperatureScaling
from protea.benchmark.calibration.weighted_conformal import WeightedConformal
from protea.errors import FileFormatError, describe

__all__ = ["AnyCalibrator", "load_calibrator", "save_calibrator"]

AnyCalibrator = Annotated[
    SplitConformal
    | MondrianConformal
    | QuantileConformal
    | WeightedConformal
    | LikelihoodRatio
    | SigmaScaling
    | TemperatureScaling
    | PlattScaling
    | PlattBand
    | IsotonicScaling
    | ClassSets,
    Field(discriminator="kind"),
]

_ADAPTER: TypeAdapter[AnyCalibrator] = TypeAdapter(AnyCalibrator)


def save_calibrator(calibrator: Calibrator, path: Path) -> None:
    """Write a fitted calibrator as JSON, every number in full."""
    path.write_text(calibrator.model_dump_json(indent=1) + "\n", encoding="utf-8")


def load_calibrator(path: Path) -> AnyCalibrator:
    """Return the calibrator that a file holds, equal to the one that was written.

    Raises:
        FileFormatError: not JSON, or not a calibrator.
    """
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except ValidationError as error:
        raise FileFormatError(describe("not a calibrator", where=str(path), found=str(error))) from error
