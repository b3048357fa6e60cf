"""An .npy file to which rows are appended: always loadable with `numpy.load`, also after the writer was killed.

Rows count once committed. The header has a fixed length (NumPy pads it for growth), so a commit rewrites it in place,
after the rows are durable; what a killed writer left behind is cut off when the file is opened again.
"""

import io
import math
import os
from pathlib import Path

import numpy as np
from numpy.lib.format import write_array_header_1_0

from protea.errors import FileFormatError, describe

__all__ = ["GrowingArray"]


class GrowingArray:
    """Appends rows of one shape and type to an .npy file, from `num_rows` committed rows on."""

    def __init__(self, path: Path, dtype: np.dtype, row_shape: tuple[int, ...], num_rows: int) -> None:
        self.path, self.dtype, self.row_shape, self.num_rows = path, np.dtype(dtype), row_shape, num_rows
        header = self._header(num_rows)
        needed = len(header) + num_rows * math.prod(row_shape) * self.dtype.itemsize
        found = path.stat().st_size if path.exists() else 0
        if num_rows and found < needed:
            raise FileFormatError(
                describe("the array is damaged", where=str(path), expected=f"{needed} bytes", found=f"{found} bytes",
                         do="Delete the folder and start anew.")
            )  # fmt: skip
        path.touch()
        self._file = path.open("r+b")
        self._file.write(header)
        self._file.truncate(needed)
        self._file.seek(needed)

    def _header(self, num_rows: int) -> bytes:
        text = io.BytesIO()
        shape = (num_rows, *self.row_shape)
        write_array_header_1_0(text, {"descr": self.dtype.str, "fortran_order": False, "shape": shape})
        return text.getvalue()

    def append(self, rows: np.ndarray) -> None:
        """Add rows; they count once committed."""
        self._file.write(np.ascontiguousarray(rows, self.dtype).tobytes())
        self.num_rows += len(rows)

    def commit(self) -> None:
        """Make all rows so far durable, then say so in the header."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.seek(0)
        self._file.write(self._header(self.num_rows))
        self._file.seek(0, os.SEEK_END)
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Release the file."""
        self._file.close()
