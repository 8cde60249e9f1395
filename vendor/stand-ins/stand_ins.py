"""Stand-ins for packages that Rasa imports at start and Doorway never uses: names without behaviour.

The names only have to exist: Rasa reads them as attributes, subclasses them and puts them in annotations. Calling one
raises `NotInstalled`.

>>> import tensorflow as tf
>>> class Callback(tf.keras.callbacks.Callback): pass
>>> tf.constant(1)
Traceback (most recent call last):
    ...
stand_ins.NotInstalled: tensorflow.constant: this package is not part of the installation ...
"""

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any, Optional, Sequence

NAMES = (
    "tensorflow", "tensorflow_hub", "tensorflow_text", "keras",  # components that Doorway does not have
    "aiogram", "slack_sdk", "webexteamssdk",  # channels: Doorway has its own
    "boto3", "botocore", "pymongo", "aio_pika", "aiormq",  # other stores and brokers than SQL
)  # fmt: skip


class NotInstalled(ImportError):
    """Somebody called a function of a package that is not there: something that needs it is configured."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}: this package is not part of the installation "
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
            raise NotInstalled(cls.__qualname__)
        return super().__call__(*args, **kwargs)

    def __getitem__(cls, item: Any) -> Any:
        return cls


def _placeholder(qualified_name: str) -> Any:
    namespace = {"_is_placeholder": True, "__qualname__": qualified_name, "__module__": "stand_ins"}
    bases = (Exception,) if qualified_name.endswith(("Error", "Exception")) else ()  # named in `except` clauses
    return _PlaceholderType(qualified_name.rpartition(".")[2], bases, namespace)


class _PlaceholderModule(types.ModuleType):
    """A module any attribute of which is a placeholder class."""

    __path__: Sequence[str] = []
    __version__ = "0.0.0+none"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        child = _placeholder(f"{self.__name__}.{name}")
        setattr(self, name, child)
        return child


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers every import of the packages and below them."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Any = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if fullname.partition(".")[0] in NAMES:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _PlaceholderModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


def install() -> None:
    """Answer imports of the packages from now on; a real package that is installed comes first."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
