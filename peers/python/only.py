"""Imports a module or two of a package that is made for a GPU, and makes all else of it empty."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import sysconfig
import types
from pathlib import Path


class EmptyType(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Empty


class Empty(metaclass=EmptyType):
    """Whatever is asked of a module that is not there."""

    def __init__(self, *arguments, **named):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Empty()

    def __call__(self, *arguments, **named):
        return Empty()


class EmptyModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Empty


class Only(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the `real` modules of a package and makes its others empty."""

    def __init__(self, package, real):
        self.real, self.emptied = real, (package, "torch")

    def find_spec(self, name, path, target=None):
        if name in self.real:
            file = Path(sysconfig.get_path("purelib")) / f"{name.replace('.', '/')}.py"
            return importlib.util.spec_from_file_location(name, file)
        if name.split(".")[0] in self.emptied:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = EmptyModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


def imports(package, real):
    """From now on only the `real` modules of `package` are what they are."""
    sys.meta_path.insert(0, Only(package, real))
