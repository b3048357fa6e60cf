"""Tests of the sources of proteins."""
