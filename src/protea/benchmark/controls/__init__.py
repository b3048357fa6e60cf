"""Controls: what a benchmark's questions yield without an encoder. They are printed in every table.

Objects: a `Control` (name, the tasks that it can answer, how it is run) and `ControlData` (targets and features of all
proteins as arrays). A control learns from the training part of a fold, with fixed settings, on one thread, and leaves
the same files as a trained cell. Axes: item (residue or protein), feature. Angstrom.

- interface.py: what a control is
- catalogue.py: the controls by name
- running.py: runs the missing controls of a grid
- items.py: targets and features of a suite, cut by split
- answers.py: kinds of answers, and their losses
- prior.py: training frequency or mean
- residue_type.py: training frequency of each residue type
- sequence_window.py: a small network on 15 residue types
- letter_statistics.py: frequencies of letters and of letters between their neighbours
- exposure.py: trees on residue type, exposure and patch, for sites
- backbone_burial.py: trees on backbone angles and burial, for inverse folding
- composition.py: trees on composition, secondary structure and contacts, for labels of proteins
- place_and_letter.py: ridge regression on letters by place, for variants of one protein
- nearest_sequence.py: the label of the most alike training sequence
- label_profile.py: what the training pairs of both proteins are like, for pairs
- degree.py: how many partners both proteins have in training, for pairs
- affinity_sizes.py: number of mutations and size of the interface, for affinities
- contact_shares.py: how often residues touch by separation or by type, for maps
- boosting.py: the trees
- surroundings.py: pairs of residues, and where side chains point
- burial.py: counts, half-spheres, protrusion
- patch.py: neighbour composition, means over the exposed neighbours
- chain_columns.py: columns from along the chain
- residue_scales.py: hydropathy, volume and groups of residue types
"""
