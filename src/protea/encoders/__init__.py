"""Encoders: from a featurised batch to residue and protein encodings, all behind one interface.

Objects. A configuration (`XConfig`, picked by its `kind`) builds an `Encoder` for features of a given width; the
encoder maps a `FeaturisedBatch` to an `Encoding`. Axes: residue (packed end to end), neighbour slot or edge, channel.
Positions in angstrom. Law (eval mode): encoding packed proteins equals packing encoded proteins. Hidden values (the
positions of unresolved residues) are never read. State keys carry the published names.

Messages live in `[residue, k, channel]` tables: maps of a concatenation are split before the gather, maps after the
sum are applied after it, and the forward pass scatters nothing.

The interface:
- interface.py: `Encoder`, `EncoderConfig`, `Encoding`
- likelihood.py: what models promise that say how likely sequences are
- catalogue.py: every encoder by name, with those of plug-ins
- weights/: published weights by their original names
- language/: protein language models

Encoders:
- schnet.py: SchNet, continuous filters of distance
- egnn.py: EGNN, messages that also move the positions
- gearnet.py: GearNet, typed edges over sequence and space
- gearnet_edge.py: GearNet-Edge, messages between edges by their angle
- cdconv.py: CDConv, kernels over space and sequence on ever fewer points
- dimenet.py: DimeNet++, messages between edges by distance and angle
- graph_convolution.py: GCN, GAT, GATv2 and the graph transformer
- gcpnet.py: GCPNet, scalars and vectors seen in frames on the edges
- gvp.py: GVP-GNN, scalars and vectors through gated perceptrons
- tfn.py: TFN, scalars, vectors and higher harmonics through tensor products
- mace.py: MACE, powers of the sum over neighbours
- trans_fun.py: TransFun, three stacks that move the positions, and the mean of the sequence
- local_frame.py: the SE(3) reference, neighbours seen in the residue's own frame
- sequence_convolution.py: dilated convolutions along the chain
- gnn_ppi.py: GNN-PPI's convolution and recurrence over sequences, one vector per protein
- gnn_ppi_residues.py: the 13 numbers per residue that it reads, five of them from its user's table
- fusion.py: a sequence model and a structure encoder as one
- identity.py: the features and nothing else

How messages travel:
- row_sums.py: sums of chosen rows, forward and backward without a scatter
- centred_edges.py: edges grouped by the residue that receives them, from a table or from segments
- continuous_filter.py: the filtered sum of SchNet
- tabulated_filter.py: the same in 16 bits, of filters read from a table of distances
- pair_messages.py: messages made pair by pair, the same filter both ways
- egnn_messages.py: the messages of EGNN
- frame_messages.py: the messages of the local-frame encoder
- block_messages.py: summed messages made block by block, of which only large products are kept
- block_vectors.py: vectors on a block of edges, mapped, measured and gated
- gvp_messages.py: the messages of GVP
- gcpnet_messages.py: the messages of GCPNet
- gcpnet_blocks.py: the parts of its perceptrons on a block of edges
- gcpnet_frames.py: the frames of GCPNet, and its edges by the residue that sends them
- gcpnet_layer.py: one layer of GCPNet
- gcpnet_embedding.py: what residues and edges of GCPNet start from
- cdconv_frames.py: numbers along chains and frames of residues
- cdconv_levels.py: the points of CDConv and what they hear of each other
- cdconv_messages.py: its sum over neighbours
- dimenet_triplets.py: the edges that each edge of DimeNet++ hears
- dimenet_messages.py: how their states travel
- dimenet_update.py: how the state of an edge changes by what it hears
- graph_convolution_gcn.py: the mean of GCN, weighted by degrees
- graph_convolution_gat.py: the attention of GAT
- graph_convolution_gatv2.py: the attention of GATv2
- graph_convolution_transformer.py: the attention of the graph transformer
- graph_convolution_sums.py: weighted sums and products along edges
- graph_convolution_softmax.py: shares of the neighbours
- relational_edges.py: typed edges in one list, and their features
- relational_layer.py: the convolution that GearNet and GearNet-Edge share
- line_graph.py: which edges lead into which, at what angle
- line_messages.py: the convolution on the line graph
- symmetric_edges.py: a graph read both ways, in tables of residues of like degree
- edge_directions.py: lengths of edges and spherical harmonics of their directions
- recomputed_blocks.py: a function of rows block by block, made again for its gradient
- tensor_convolution.py: the sum of tensor products that makes no weight of an edge
- tensor_layer.py: the layer that TFN and MACE share

Prompts of language models:
- prompts.py: named rows, how they start, and which are on
- prompt_states.py: what they are in every layer, made once for all sequences
- prompt_attention.py: how tokens hear them

Parts:
- adapters.py: low-rank adapters of linear maps
- activations.py: activations by their published names
- bessel_basis.py: Bessel functions of distance under a polynomial cutoff
- dimenet_basis.py: Bessel functions of distance and Legendre polynomials of angle
- edge_dropout.py: dropout masks for large edge tensors
- couplings.py: Wigner 3j symbols and the paths of a tensor product
- edge_norm.py: batch normalisation over real edges as an affine map
- gcpnet_perceptron.py: the geometry-complete perceptron
- gvp_perceptron.py: the geometric vector perceptron
- irreps.py: blocks of irreducible representations and their layout
- irreps_gate.py: the gate of scalars
- irreps_norm.py: batch normalisation that turns with the molecule
- mace_couplings.py: the bases in which products of irreps make irreps
- mace_product.py: the product block of MACE
- pooling.py: from residues to the protein
- precision.py: the dtype of matrix products here and now
- radial_basis.py: Gaussians of distance and the cosine cutoff
- scalar_vector.py: length, norm and dropout of scalars beside vectors
- shifted_softplus.py: the activation of SchNet and its slope
"""
