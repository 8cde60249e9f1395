"""Giving memory back to the system: loading a model leaves tens of megabytes in holes that Python keeps."""

from __future__ import annotations

import ctypes
import ctypes.util
import gc


def release_memory() -> None:
    """Collect garbage and return free memory to the system, where its C library can do that (glibc)."""
    gc.collect()
    library = ctypes.CDLL(ctypes.util.find_library("c"))
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
