"""Interactions between proteins: networks, their splits, pairs that do not interact, tables of their types.

Objects: an `InteractionNetwork` (proteins, undirected pairs of them, types per pair). Axes: protein (row of `ids`),
pair (row of `pairs`), type (column of `labels`).

- network.py: the network: checked, read-only, with incident pairs, components, degrees
- action_tables.py: tables of typed actions and of sequences, and the network that they make
"""
