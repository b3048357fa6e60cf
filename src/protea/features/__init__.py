"""From a packed batch to what an encoder reads: scalar features per residue, CA positions, a graph.

Objects: `SchemeConfig.build()` gives a `Scheme`; a scheme called with a `ProteinBatch` and a graph configuration gives
a `FeaturisedBatch`. Axes: residue (packed), neighbour slot or edge, feature. Positions in angstrom, angles in radian.
Nothing crosses a protein border; every feature declares its parity and what it reveals of the residue.

- interface.py: residue feature, typed edges, featurised batch
- schemes.py: ca_base to ca_sc: which features, in which order
- structure_view.py: atoms and links of a batch, gathered once for all features
- residue/: one file per residue feature
- edges/: one file per graph
"""
