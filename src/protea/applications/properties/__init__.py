"""Measured properties of proteins, residues, variants and pairs: what they are, from which labels, judged how.

Objects: a `Property` (one YAML block), its `Examples` (each sequence or variant once, with what was left out and why),
a `Partition` of them (whole families to one side), a `FittedTransform` from labels to what a model learns. Axes:
example, residue, class. Positions count from 0 inside. A number has the property's unit and sign everywhere outside a
model.

- property.py: what a property is
- cells.py: how a label is written in a cell
- tables.py: the tables that examples are read from
- numbered_residues.py: residues named by entry, chain and number
- examples.py: examples, and what repeats among them becomes
- transforms.py: from labels to what a model learns, and back
- partition.py: training, validation and tests, and what leaks
- catalogue.py: the built-in properties (`built_in/*.yaml`), and what is absent
"""
