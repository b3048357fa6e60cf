"""Tests of the making of protein-like backbones."""
