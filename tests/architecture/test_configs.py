"""Every file in `configs/` is a valid configuration of the kind that its folder names."""

from pathlib import Path

import pytest

from docs.generate import package_modules
from protea.config import Config, load_config, load_tree
from protea.errors import ConfigError
from tests.architecture.source_tree import REPOSITORY

CONFIGS = REPOSITORY / "configs"
FILES = sorted(CONFIGS.rglob("*.yaml")) if CONFIGS.exists() else []


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
        assert first.startswith("# configuration: "), f"{path.name}: its first line is `# configuration: ClassName`"
        model = configuration_named(first.removeprefix("# configuration: ").strip())
        assert load_config(model, path) == model.model_validate(load_tree(path)), path.name


def test_nothing_but_yaml_lies_in_configs() -> None:
    others = [path for path in CONFIGS.rglob("*") if path.is_file() and path.suffix != ".yaml"] if FILES else []
    assert not others


def test_a_wrong_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("no_such_setting: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="no_such_setting"):
        load_config(Config, path)
