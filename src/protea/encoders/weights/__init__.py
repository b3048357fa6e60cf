"""Published weights: how tensors under their original names enter our encoders.

- key_fit.py: how tensors fit a module, key by key
- key_maps.py: for each encoder, which published keys are second names of others
- loading.py: strict loading of tensors by their published names
"""
