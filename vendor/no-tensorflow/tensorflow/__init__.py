"""A stand-in for TensorFlow: names without behaviour.

Rasa 3.6 imports TensorFlow whenever its graph components are imported. Doorway's pipeline uses none of those
components, so the names only have to exist: they are read as attributes, subclassed and put in annotations.
Calling one raises `TensorFlowIsNotInstalled`.

>>> import tensorflow as tf
>>> class Callback(tf.keras.callbacks.Callback): pass
>>> tf.constant(1)
Traceback (most recent call last):
    ...
tensorflow.TensorFlowIsNotInstalled: tensorflow.constant: TensorFlow is not part of this installation ...
"""

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any, Optional, Sequence

__version__ = "0.0.0+none"


class TensorFlowIsNotInstalled(ImportError):
    """Somebody called a TensorFlow function: a component that needs it is in config.yml."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}: TensorFlow is not part of this installation "
            "(docs/adr/0001-rasa-without-tensorflow.md says how to add it)."
        )


class _PlaceholderType(type):
    """Metaclass: attributes of a placeholder are placeholders, and calling one explains itself."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        child = _placeholder(f"{cls.__qualname__}.{name}")
        setattr(cls, name, child)
        return child

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if "_is_placeholder" in cls.__dict__:
            raise TensorFlowIsNotInstalled(cls.__qualname__)
        return super().__call__(*args, **kwargs)

    def __getitem__(cls, item: Any) -> Any:
        return cls


def _placeholder(qualified_name: str) -> Any:
    namespace = {"_is_placeholder": True, "__qualname__": qualified_name, "__module__": "tensorflow"}
    return _PlaceholderType(qualified_name.rpartition(".")[2], (), namespace)


class _PlaceholderModule(types.ModuleType):
    """A module any attribute of which is a placeholder class."""

    __path__: Sequence[str] = []

    def __getattr__(self, name: str) -> Any:
        return _module_getattr(self, name)


def _module_getattr(module: types.ModuleType, name: str) -> Any:
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)
    child = _placeholder(f"{module.__name__}.{name}")
    setattr(module, name, child)
    return child


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers every import below `tensorflow` and its companions."""

    roots = ("tensorflow.", "tensorflow_hub.", "tensorflow_text.", "keras.")

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Any = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname.startswith(self.roots):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _PlaceholderModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


sys.meta_path.append(_Finder())


def __getattr__(name: str) -> Any:
    return _module_getattr(sys.modules[__name__], name)
