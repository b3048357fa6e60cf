"""Timings of Protea against peers that do the same mathematics; mirrors `src/protea`, run by `make speed`."""
