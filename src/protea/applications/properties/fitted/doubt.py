"""What a predictor says of its own doubt: intervals, sets of classes, known values, and the domain of its training.

All of it is fitted on proteins of validation families, which no gradient saw. Intervals are conformal (numbers), sets
of classes too; a probability of yes is Platt's, with the spread of its fit. Where residues have the property, proteins
are what is exchangeable. Written beside the predictor as `doubt.json` and, where there is a domain, `domain.npz`. Axes:
item, class, protein, channel.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Shaped
from pydantic import ConfigDict, Field

from protea.applications.properties.labels.property import Property
from protea.benchmark.calibration.catalogue import AnyCalibrator
from protea.benchmark.calibration.class_sets import fit_class_sets
from protea.benchmark.calibration.domain import Domain, load_domain, save_domain
from protea.benchmark.calibration.platt import no_platt_curve
from protea.benchmark.calibration.platt_band import fit_platt_band
from protea.benchmark.calibration.split_conformal import fit_split_conformal
from protea.config import Config
from protea.encoders.weights.kept_files import check_sha256, sha256_of
from protea.errors import FileFormatError, InputError, describe

__all__ = ["Doubt", "PropertyDoubt", "fit_property_doubt", "holds_doubt", "quantiles_of"]

_FILE, _DOMAIN = "doubt.json", "domain.npz"
_NUM_KNOWN = 201
_LEAST = 1e-12


class PropertyDoubt(Config):
    """The doubt of one property."""

    calibrator: AnyCalibrator | None = Field(
        description="Intervals or sets; none for labels that are not exclusive, or where held-out items allow none."
    )
    known: tuple[float, ...] = Field((), description="Quantiles of the training labels of a number, evenly spaced.")

    def percentile(self, value: float) -> float | None:
        """Return the share of known values below this one, 0 to 100; None where none are kept, or there is no value."""
        if not self.known or not np.isfinite(value):
            return None
        ties = np.searchsorted(self.known, value, "left"), np.searchsorted(self.known, value, "right")
        if ties[0] != ties[1]:
            return float(100 * (sum(ties) - 1) / 2 / (len(self.known) - 1))
        return float(100 * np.interp(value, self.known, np.linspace(0, 1, len(self.known))))


class _File(Config):
    """What `doubt.json` holds; a bound that too few proteins left infinite is spelt as a string."""

    model_config = ConfigDict(ser_json_inf_nan="strings")

    properties: dict[str, PropertyDoubt] = Field(description="By name of the property.")
    sha256: dict[str, str] | None = Field(
        None,
        description="SHA-256 of the domain's file, by name; empty where the folder has no domain, null in folders "
        "written before, which do not say.",
    )


@dataclass(frozen=True, eq=False)
class Doubt:
    """The doubt of a predictor."""

    properties: Mapping[str, PropertyDoubt]
    domain: Domain | None
    """None where too few proteins were held out to say what is far."""

    def save(self, folder: Path) -> None:
        """Write the files of a folder."""
        (folder / _DOMAIN).unlink(missing_ok=True)
        if self.domain is not None:
            save_domain(self.domain, folder / _DOMAIN)
        content = _File(properties=dict(self.properties), sha256=sha256_of(folder, (_DOMAIN,)))
        (folder / _FILE).write_text(content.model_dump_json(indent=1) + "\n", encoding="utf-8")

    def only(self, names: Sequence[str]) -> "Doubt":
        """Return the doubt of some of the properties."""
        return Doubt({name: self.properties[name] for name in names}, self.domain)

    def digest(self) -> str:
        """Return a digest of all that decides an interval, a set, a percentile or a familiarity."""
        content = _File(properties=dict(self.properties)).model_dump_json(exclude={"sha256"})
        found = hashlib.sha256(content.encode())
        if self.domain is not None:
            for value in vars(self.domain).values():
                found.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
        return found.hexdigest()

    @classmethod
    def load(cls, folder: Path) -> "Doubt":
        """Return the doubt of a predictor's folder.

        Raises:
            InputError: if the folder has none, or its domain is not there.
            FileFormatError: if the files hold something else, or the domain is not the one that was written.
        """
        path = folder / _FILE
        if not holds_doubt(folder):
            raise InputError(
                describe("the predictor says nothing of its doubt", where=str(folder), expected=f"a file {_FILE}",
                         do="Fit it again with `protea properties fit`.")
            )  # fmt: skip
        try:
            content = _File.model_validate_json(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise FileFormatError(
                describe("not the doubt of a predictor", where=str(path), found=str(error))
            ) from error
        return cls(content.properties, _domain_of(folder, content.sha256))


def _domain_of(folder: Path, stated: Mapping[str, str] | None) -> Domain | None:
    """Return the domain of a folder that states it; where a folder of before states nothing, the one that is there."""
    path = folder / _DOMAIN
    if stated is None:
        return load_domain(path) if path.exists() else None
    check_sha256(folder, stated)
    if _DOMAIN in stated:
        return load_domain(path)
    if path.exists():
        raise FileFormatError(
            describe("a domain of another predictor", where=str(path), expected=f"none, as {_FILE} says",
                     do="Take it out of the folder, or copy the whole folder again.")
        )  # fmt: skip
    return None


def holds_doubt(folder: Path) -> bool:
    """Return whether a predictor's folder says anything of its doubt."""
    return (folder / _FILE).is_file()


def quantiles_of(known: Float[np.ndarray, " label"]) -> tuple[float, ...]:
    """Return evenly spaced quantiles of known labels; none of none."""
    return tuple(np.quantile(known, np.linspace(0, 1, _NUM_KNOWN)).tolist()) if len(known) else ()


def fit_property_doubt(
    item: Property, target: Shaped[np.ndarray, "item ..."], answer: Float[np.ndarray, "item ..."],
    unit: Shaped[np.ndarray, " item"], known: Float[np.ndarray, " label"], level: float = 0.9,
) -> PropertyDoubt:  # fmt: skip
    """Return the doubt of a property; yes or no has no calibrator where the held-out items allow no curve.

    That is where they are all of one class, or the answers part the classes: a chance of small sets, by which hours of
    training must not be lost. The probability is then handed out as it is, without an interval.

    Args:
        item: the property.
        target: true labels of held-out items, in the unit of the property.
        answer: what was predicted: numbers in that unit, the probability of yes, or one per class.
        unit: the protein of each item.
        known: the training labels of a number; empty for others.
        level: what intervals and sets promise.
    """
    if item.kind == "value":
        calibrator = fit_split_conformal(target, answer, level, unit=unit)
        return PropertyDoubt(calibrator=calibrator, known=quantiles_of(known))
    if item.kind == "binary":
        if no_platt_curve(target, answer) is not None:
            return PropertyDoubt(calibrator=None)
        return PropertyDoubt(calibrator=fit_platt_band(target, answer, level, unit=unit))
    if item.kind == "classes":
        logits = np.log(answer.clip(min=_LEAST))
        return PropertyDoubt(calibrator=fit_class_sets(target.astype(np.int64), logits, level, unit=unit))
    return PropertyDoubt(calibrator=None)
