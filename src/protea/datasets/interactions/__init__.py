"""Interactions between proteins: networks, their splits, pairs that do not interact, tables of their types.

Objects: an `InteractionNetwork` (proteins, undirected pairs of them, types per pair). Axes: protein (row of `ids`),
pair (row of `pairs`), type (column of `labels`).

- network.py: the network: checked, read-only, with incident pairs, components, degrees
- action_tables.py: tables of typed actions and of sequences, and the network that they make
- published_walks.py: pairs drawn at random, breadth-first or depth-first as GNN-PPI draws them
- network_splits.py: rows of pairs in three parts, the published ways with a true test, what message passing sees
- network_sequences.py: the proteins of a network as records, one by one or in batches by row
- label_profile.py: what the labelled pairs of a protein are like, and how many there are
- pair_classes.py: tested pairs of which both, one or no protein was trained on
- protein_partition.py: splits without a shared protein, or without similar proteins
- non_interactions.py: pairs taken as not interacting, drawn anew in each epoch
- network_leakage.py: what a split gives away: seen proteins, relatives, mirrored pairs
- interface_contacts.py: contact maps of complexes: within each side, and between
- conformation_pairs.py: the same protein alone and in a complex
- affinity.py: written affinities with their bounds, binding energies and their changes
- skempi_table.py: SKEMPI 2.0: affinities of complexes and their mutants, and its splits
"""
