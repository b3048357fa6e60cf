"""Ready collections by name and profile, or any collection from a file of its own."""

from importlib.resources import files
from pathlib import Path

from protea.benchmark.collection.config import CollectionConfig
from protea.config import load_config, load_tree
from protea.errors import ConfigError, describe

__all__ = ["COLLECTIONS", "SAVED", "is_collection", "named_collection"]

COLLECTIONS = Path(str(files("protea.benchmark.collection"))) / "profiles"
"""Files called `<collection>.<profile>.yaml`."""
SAVED = "collection.yaml"
"""The configuration in the folder of a collection."""


def _profiles(name: str) -> list[str]:
    return [path.stem.partition(".")[2] for path in sorted(COLLECTIONS.glob(f"{name}.*.yaml"))]


def is_collection(name: str) -> bool:
    """Return whether a name, or the YAML file of that path, is a collection and not a single grid."""
    if name.endswith((".yaml", ".yml")):
        return "tasks" in load_tree(Path(name))
    return bool(_profiles(name))


def named_collection(name: str, profile: str | None = None, overrides: list[str] | None = None) -> CollectionConfig:
    """Return a collection by its name and profile, or from a YAML file.

    Raises:
        ConfigError: if there is no such collection, profile or file, or a setting is wrong.
    """
    if name.endswith((".yaml", ".yml")):
        if profile is not None:
            raise ConfigError(describe("a profile belongs to a name, not to a file", where=f"--profile {profile}"))
        return load_config(CollectionConfig, Path(name), overrides)
    known = _profiles(name)
    if profile is None and len(known) == 1:
        profile = known[0]
    if profile not in known:
        raise ConfigError(
            describe("no such profile", where=f"collection {name}", expected=f"--profile {' | '.join(known)}",
                     found=str(profile))
        )  # fmt: skip
    return load_config(CollectionConfig, COLLECTIONS / f"{name}.{profile}.yaml", overrides)
