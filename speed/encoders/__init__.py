"""Timings of the encoders against the same mathematics with an edge list."""
