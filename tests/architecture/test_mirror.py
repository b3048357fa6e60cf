"""`tests/` mirrors `src/protea` file by file."""

from tests.architecture.source_tree import REPOSITORY, modules

# Modules without a test file of their own, and where they are tested instead.
EXEMPT: dict[str, str] = {}


def mirror_of(place: str) -> str:
    """The test file that belongs to a module: `geometry/torsions.py` gives `tests/geometry/test_torsions.py`."""
    folder, _, name = place.rpartition("/")
    return "/".join(part for part in ("tests", folder, f"test_{name}") if part)


def test_every_module_has_its_test_file() -> None:
    places = [
        module.place for module in modules() if not module.is_package and not module.place.endswith("__main__.py")
    ]
    missing = [mirror_of(place) for place in places if not (REPOSITORY / mirror_of(place)).exists()]
    missing = [path for path in missing if path not in {mirror_of(place) for place in EXEMPT}]
    assert not missing, f"{len(missing)} modules without their test file: {missing}"


def test_exemptions_are_needed() -> None:
    places = {module.place for module in modules()}
    needless = [place for place in EXEMPT if place not in places or (REPOSITORY / mirror_of(place)).exists()]
    assert not needless, f"no longer exempt: {needless}"


def test_mirror_of_a_module_at_the_top_and_deep_down() -> None:
    assert mirror_of("config.py") == "tests/test_config.py"
    assert mirror_of("features/edges/radius.py") == "tests/features/edges/test_radius.py"
