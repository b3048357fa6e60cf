"""Tests of the shape of the house: maps, sizes, names, import order, documentation."""
