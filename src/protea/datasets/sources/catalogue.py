"""Every source that a configuration can name: the union of the configuration classes is the registry."""

from typing import Annotated

from pydantic import Field

from protea.datasets.sources.ca_traces import CATracesConfig
from protea.datasets.sources.docking import DockingConfig
from protea.datasets.sources.folder import FolderConfig

__all__ = ["SOURCES", "AnySource"]

SOURCES = (CATracesConfig, DockingConfig, FolderConfig)
AnySource = Annotated[CATracesConfig | DockingConfig | FolderConfig, Field(discriminator="kind")]
"""A source configuration; `kind` says which."""
