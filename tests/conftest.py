"""Shared options and fixtures."""

import os
from pathlib import Path

import pytest

from random_models import random_model

os.environ["PBIT_QUIET"] = "1"  # or the note about compiling gets into output that tests compare


def pytest_addoption(parser):
    parser.addoption("--run-slow", action="store_true", help="run tests marked slow as well")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--run-slow"):
        return
    skip = pytest.mark.skip(reason="slow: give --run-slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def data():
    """Folder of instances and data sets, from PBIT_DATA."""
    folder = os.environ.get("PBIT_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PBIT_DATA does not name the folder of instances")
    return Path(folder)


@pytest.fixture
def glass():
    """Six spins, real couplings and fields: no symmetry left to hide behind."""
    return random_model(6, seed=7)
