"""Tests of the encoders; `proteins` makes small inputs, `goldens` reads the reference values."""
