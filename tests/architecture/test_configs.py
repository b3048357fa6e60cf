"""Every YAML file in `configs/` and in the package is a valid configuration of the class that it names."""

from pathlib import Path

import pytest

from docs.generate import package_modules
from protea.config import Config, load_config, load_tree
from protea.errors import ConfigError
from tests.architecture.source_tree import PACKAGE, REPOSITORY

CONFIGS = REPOSITORY / "configs"
FILES = sorted([*CONFIGS.rglob("*.yaml"), *PACKAGE.rglob("*.yaml")])
# The class of a file whose first line does not name one (`# configuration: ClassName`), by its folder.
CLASS_OF = {"profiles": "GridConfig"}


def configuration_named(name: str) -> type[Config]:
    """The configuration class of this name, wherever the package defines it."""
    found = {
        value
        for module in package_modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Config) and value.__name__ == name
    }
    assert len(found) == 1, f"{len(found)} configurations are named {name}"
    return found.pop()


def test_every_configuration_loads() -> None:
    for path in FILES:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        marker = "# configuration: "
        name = first.removeprefix(marker).strip() if first.startswith(marker) else CLASS_OF.get(path.parent.name)
        assert name is not None, f"{path.name}: its first line is `{marker}ClassName`"
        model = configuration_named(name)
        assert load_config(model, path) == model.model_validate(load_tree(path)), path.name


def test_nothing_but_yaml_lies_in_configs() -> None:
    others = [path for path in CONFIGS.rglob("*") if path.is_file() and path.suffix != ".yaml"]
    assert not others


def test_a_wrong_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("no_such_setting: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="no_such_setting"):
        load_config(Config, path)
