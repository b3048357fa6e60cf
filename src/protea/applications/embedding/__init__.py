"""Embeddings of a trained encoder or a language model: stored and drawn. Always in evaluation mode.

Objects: an `EmbeddingModel` (scheme, encoder, digest of its weights), a folder of embeddings (which
`datasets/stored_embeddings.py` reads back), a `Projection` (proteins in the plane). Axes: protein, residue (end to end,
cut by `residue_ptr`), channel. Positions in angstrom.

- embedder.py: what embeds proteins
- encoding_model.py: an encoder with trained weights, from a run or from a file by published names
- language_embedder.py: a language model that embeds chosen layers, long sequences in windows
- contact_embedder.py: a language model that writes the likeliest contacts of each residue
- memory_bound.py: how many tokens a pass may have within a bound of memory
- inputs.py: the files, folders and stores that are embedded, as one list in a fixed order; shards of it
- growing_array.py: an .npy file to which rows are appended
- embedding_folder.py: embeddings written to disk as a stream, and resumed
- progress.py: how far an embedding is, and how long the rest takes
- blocks.py: stretches of the input that are read by themselves
- passes.py: a stretch of the input, embedded window by window
- embed.py: proteins into a folder of embeddings
- shared_embedding.py: the same by many machines
- point_labels.py: a label per protein from a CSV table
- projection.py: embeddings in the plane, by PCA or UMAP
- map_page.py: proteins in the plane as one interactive HTML page
- embedding_map.py: a folder of embeddings and a table of labels drawn as a map
"""
