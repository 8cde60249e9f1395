"""A stand-in for keras; see the package tensorflow beside it."""

import sys
from typing import Any

import tensorflow


def __getattr__(name: str) -> Any:
    return tensorflow._module_getattr(sys.modules[__name__], name)
