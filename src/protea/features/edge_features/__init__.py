"""Features of the edges of a graph. Axes: edge, feature column or vector. Angstrom.

Each is computed for edges [source, target] from a featurised batch, and declares its parity.

- catalogue.py: all edge features by name
- distance.py: length of an edge
- direction.py: unit vector from target to source
- edge_type.py: number of the relation
- sequence_distance.py: target minus source, in residues
- offset_embedding.py: source minus target, in residues, as sines and cosines
- node_features.py: the features of source and target
"""
