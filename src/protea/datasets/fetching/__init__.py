"""Files from the network, whole or not at all: resumed where they were cut, checked, put in place in one step.

Objects: a `RemoteFile` (address, name, expected size and checksum), a `Receipt` beside each fetched file (what came
from where, with its SHA-256), a `Fetched` report of many files. Sizes in bytes, waits in seconds.

- remote_file.py: what is to be fetched, and under which name
- receipt.py: what was fetched: address, size, SHA-256
- partial.py: the unfinished file on disk, and which version of the remote file it belongs to
- request.py: one HTTP request, from an offset if asked, and what its answer means
- download.py: one file: resume, retries, checksum, atomic rename
- parallel.py: many files at once; what failed is named
- addresses.py: the table of addresses (addresses.toml), by data set
"""
