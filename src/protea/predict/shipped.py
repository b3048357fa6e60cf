"""The predictor that comes with the package, or one of the user's own."""

from importlib.resources import files
from pathlib import Path

from protea.errors import InputError, describe

__all__ = ["predictor_folder", "predictor_of"]


def predictor_folder(given: Path | str | None) -> Path:
    """Return the folder of the predictor in use: that which is given, else the shipped one.

    Raises:
        InputError: if the package came without one.
    """
    if given is not None:
        return Path(given)
    folder = Path(str(files("protea.predict").joinpath("shipped_predictor")))
    if not folder.is_dir():
        raise InputError(
            describe("this package holds no trained predictor", where="--predictor", expected="a folder of your own",
                     do="Train one with `protea properties fit` and name its folder `predictor`.")
        )  # fmt: skip
    return folder


def predictor_of(name: str, given: Path | None) -> Path:
    """Return the folder of the predictor of one property: that which is given, else the shipped one that has it.

    Changes of variants have a predictor each, below `shipped_changes`.

    Raises:
        InputError: if the package came without a predictor.
    """
    changes = Path(str(files("protea.predict").joinpath("shipped_changes")))
    shipped = {folder.name for folder in changes.iterdir()} if changes.is_dir() else set()
    return changes / name if given is None and name in shipped else predictor_folder(given)
