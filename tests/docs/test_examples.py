"""Examples in docstrings run and print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import pbit

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(pbit.__path__, "pbit.")
    if not module.ispkg and ".cli." not in module.name
)


PACKAGES = [f"pbit.problems.{name}" for name in ("bayes", "learning", "logic", "machines")]


@pytest.mark.parametrize("name", ["pbit", "pbit.formats", *PACKAGES, *MODULES])
def test_docstrings(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
