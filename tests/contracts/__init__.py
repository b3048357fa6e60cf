"""One test per family, run over its whole catalogue."""
