"""Published weights: where they lie, how they are fetched, checked and read, and how they enter our models.

Objects. A `WeightsEntry` of the manifest says where the weights of a model lie and what is known of their bytes; a
`Checkpoint` holds tensors by their published names and what a file says of its sizes. Nothing but `fetching` opens a
connection, and nothing that a file says is run. Sizes in bytes.

Where they lie:
- manifest.py: the table of published weights (manifest.toml)
- places.py: the cache, and the files of an entry in it
- fetching.py: from the hub, the authors' server or a mirror into the cache
- verifying.py: whether bytes and keys are the published ones
- converting.py: any file as one `.safetensors` file

Reading:
- reading.py: tensors of any file of weights, whole or in shards
- shards.py: which files make one model
- pickled.py: files of torch, restricted to tensors and plain values
- stand_ins.py: what takes the place of foreign objects in old files
- kept_files.py: the files of weights that a folder of ours keeps, known again by their bytes
- checkpoint_layout.py: where the tensors stand in a file, under which names

Loading:
- language_models.py: published language models by name or from a file
- key_fit.py: how tensors fit a module, key by key
- key_maps.py: for each encoder, which published keys are second names of others
- loading.py: strict loading of tensors by their published names
"""
