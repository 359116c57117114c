"""Arrays as the bytes of one file of numbers."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np


def npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    """`arrays` as a compressed `.npz`, which `numpy.load` reads."""
    stream = BytesIO()
    np.savez_compressed(stream, **dict(arrays))  # type: ignore[arg-type]
    return stream.getvalue()
