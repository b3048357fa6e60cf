"""Measured properties of proteins, residues, variants and pairs: what they are, from which labels, judged how.

Objects: a `Property` (one YAML block), its `Examples` (each sequence or variant once, with what was left out and why),
a `Partition` of them (whole families to one side), a `FittedTransform` from labels to what a model learns. Axes:
example, residue, class. Positions count from 0 inside. A number has the property's unit and sign everywhere outside a
model. Data flows labels -> cheap -> fitted -> joint; few_labels and changes stand beside.

- labels: what a property is, and the labels that it is learned and judged by
- cheap: columns, models of them, controls
- few_labels: what few measurements are worth, and which to make next
- fitted: a predictor on disk and in use, with its doubt
- joint: one encoder for many properties, and one for each
- changes: what mutations change, in both directions
"""
