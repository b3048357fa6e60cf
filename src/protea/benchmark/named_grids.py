"""Ready grids by suite and profile, or any grid from a file of its own."""

from importlib.resources import files
from pathlib import Path

from protea.benchmark.grid import GridConfig
from protea.config import load_config
from protea.errors import ConfigError, describe

__all__ = ["PROFILES", "named_grid", "profile_names"]

PROFILES = Path(str(files("protea.benchmark"))) / "profiles"
"""Files called `<suite>.<profile>.yaml`."""


def profile_names() -> dict[str, list[str]]:
    """Return the profiles of each suite."""
    found: dict[str, list[str]] = {}
    for path in sorted(PROFILES.glob("*.yaml")):
        suite, _, profile = path.stem.partition(".")
        found.setdefault(suite, []).append(profile)
    return found


def named_grid(name: str, profile: str | None = None, overrides: list[str] | None = None) -> GridConfig:
    """Return a grid: `name` is a suite (then `profile` chooses one of its profiles) or the path of a YAML file.

    A suite with a single profile needs no profile.

    Raises:
        ConfigError: if there is no such suite, profile or file (the message lists those that exist), or a setting is
            wrong.
    """
    if name.endswith((".yaml", ".yml")):
        if profile is not None:
            raise ConfigError(describe("a profile belongs to a suite, not to a file", where=f"--profile {profile}"))
        return load_config(GridConfig, Path(name), overrides)
    known = profile_names()
    if name not in known:
        raise ConfigError(
            describe("no such suite with a ready grid", where=name,
                     expected=f"one of {', '.join(known)}, or a YAML file")
        )  # fmt: skip
    if profile is None and len(known[name]) == 1:
        profile = known[name][0]
    if profile not in known[name]:
        raise ConfigError(
            describe("no such profile", where=f"suite {name}", expected=f"--profile {' | '.join(known[name])}",
                     found=str(profile))
        )  # fmt: skip
    return load_config(GridConfig, PROFILES / f"{name}.{profile}.yaml", overrides)
