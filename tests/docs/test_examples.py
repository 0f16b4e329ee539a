"""Examples in the README and in docstrings run and print what they say."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import pbit

README = Path(__file__).parents[2] / "README.md"
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(pbit.__path__, "pbit.")
    if not module.ispkg and ".cli." not in module.name
)


def test_readme():
    failed, tried = doctest.testfile(str(README), module_relative=False)
    assert tried > 5
    assert failed == 0


@pytest.mark.parametrize("name", ["pbit", "pbit.formats", "pbit.problems.logic", *MODULES])
def test_docstrings(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
