"""Graphs over the residues of each protein. An edge runs source -> target; the target receives. Angstrom.

Unresolved residues take no part in any graph, and no edge joins two proteins. Rows may be nodes of residues (see
`representations/`): neighbours in space are then nodes, offsets in sequence count residues.

- catalogue.py: all graph configurations
- k_nearest.py: the k nearest
- radius.py: all within a radius
- sequential.py: neighbours in sequence
- seven_relations.py: the typed edges of GearNet
- one_relation.py: the k nearest as the only type
- joined.py: several graphs as one
- predicted_contacts.py: contacts of a language model, for proteins without structure
- published_names.py: the graphs of ProteinWorkshop by their names there
"""
