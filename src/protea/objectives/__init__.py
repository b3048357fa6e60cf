"""Objectives: what a network is asked for, as main task or beside one.

Axes: item (a residue or a protein), class or label. Losses in natural log or in standardised units.

- interface.py: the steps of every objective (corrupt, targets, predict, loss), and the source of randomness
- catalogue.py: the union of all objective configurations
- heads.py: from an embedding to a prediction, of equal width for every encoder
- published_heads.py: ProteinWorkshop's decoders, by the names of their tensors
- pairing.py: what every head over two proteins is: a state per protein, logits of two states
- pair_heads.py: heads over two protein vectors: product, concatenation; the union of all
- bilinear_attention.py: every residue of one protein against every residue of the other, with its map
- interaction_graph.py: message passing over an interaction network, pairs told by two proteins
- gnn_ppi.py: GNN-PPI whole, by its published key names
- labels.py: targets from labels that travel with a batch
- original_types.py: the residue types before any corruption
- original_positions.py: the atom positions before any corruption
- angle_columns_loss.py: the loss of angles as cosine and sine, of which some are undefined
- precision.py: losses and scores are never computed in halves
- weighting.py: several objectives become one loss
- binary.py: a yes/no label of residues or proteins
- multiclass.py: one class of several
- multilabel.py: any number of labels
- regression.py: a real value
- mean_variance.py: a real value and its variance
- evidential.py: a real value, its noise and its ignorance
- quantile.py: quantiles of a real value
- stated_columns.py: the numbers of a predicted distribution, and how metrics read them
- ontology_axioms.py: the losses of four kinds of axioms between balls
- ontology_model.py: DeepGO-SE's geometric model, by the names of its tensors
- ontology_entailment.py: labels that are classes of an ontology, with its axioms
- inverse_folding.py: the residue type from structure alone
- turned_torsions.py: backbone torsions turned, bond lengths and angles kept, side chains carried along
- masked_language.py: hidden residues and what they are, as language models are trained
- corrupted_types.py: residue types changed at drawn places
- sequence_denoising.py: mutated or masked residues, the original type predicted
- structure_denoising.py: noise on the atoms; the noise of the CA, or its place, predicted
- torsional_denoising.py: turned phi, psi, omega; the turns predicted
- sequence_structure_denoising.py: mutated residues and moved atoms at once
- backbone_dihedral_prediction.py: phi, psi, omega from features without them
- plddt_regression.py: the confidence of a predicted structure
- drawn_groups.py: which pairs, triples and quadruples of residues are asked for
- masked_groups.py: what the three that ask for such groups have in common
- masked_distance_prediction.py: the distance of two residues whose edge is hidden
- masked_angle_prediction.py: the angle of three residues whose edges are hidden
- masked_dihedral_prediction.py: the dihedral of four residues whose edges are hidden
- crops.py: stretches of the sequence and spheres of the structure
- multiview_contrast.py: which two crops of a batch come from one protein
"""
