"""Every source that a configuration can name: the union of the configuration classes is the registry."""

from typing import Annotated

from pydantic import Field

from protea.datasets.sources.ca_traces import CATracesConfig
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.foldcomp_database import FoldcompConfig
from protea.datasets.sources.folder import FolderConfig
from protea.datasets.sources.generated import GeneratedConfig

__all__ = ["SOURCES", "AnySource"]

SOURCES = (CATracesConfig, DockingConfig, FoldcompConfig, FolderConfig, GeneratedConfig)
AnySource = Annotated[
    CATracesConfig | DockingConfig | FoldcompConfig | FolderConfig | GeneratedConfig, Field(discriminator="kind")
]
"""A source configuration; `kind` says which."""
