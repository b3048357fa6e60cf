"""The union of source configurations is the registry."""

import pytest
from pydantic import TypeAdapter, ValidationError

from protea.datasets.sources.catalogue import SOURCES, AnySource
from protea.datasets.sources.interface import SourceConfig

ANY = TypeAdapter(AnySource)


def test_kinds_are_distinct_and_every_field_is_described() -> None:
    kinds = [source.model_fields["kind"].default for source in SOURCES]
    assert len(set(kinds)) == len(SOURCES)
    for source in SOURCES:
        assert issubclass(source, SourceConfig)
        assert [name for name, field in source.model_fields.items() if not field.description] in ([], ["kind"])


def test_the_kind_picks_the_class() -> None:
    assert type(ANY.validate_python({"kind": "folder", "path": "x"})).__name__ == "FolderConfig"
    with pytest.raises(ValidationError, match=r"ca_traces.*docking.*folder"):
        ANY.validate_python({"kind": "downloads", "path": "x"})
    with pytest.raises(ValidationError, match="Extra inputs"):
        ANY.validate_python({"kind": "folder", "path": "x", "pattern": "*"})
