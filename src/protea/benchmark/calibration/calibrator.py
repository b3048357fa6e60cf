"""The base of all fitted calibrators: a small typed object that is written as JSON and read back exactly."""

from pydantic import ConfigDict

from protea.config import Config

__all__ = ["Calibrator"]


class Calibrator(Config):
    """A fitted calibrator. A subclass is final, adds `kind: Literal[...]`, and holds plain numbers only.

    Infinity is a value (too few calibration items), so JSON spells it as a string; doubles are written in full.
    """

    model_config = ConfigDict(ser_json_inf_nan="strings")
