"""The names of the graph compiler come when they are asked for."""

import subprocess
import sys

import pytest

from pbit import graphs


def test_every_name_is_there():
    assert all(callable(getattr(graphs, name)) for name in graphs.__all__)
    assert dir(graphs) == graphs.__all__


def test_others_are_not():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = graphs.nothing


def test_sampling_does_not_import_what_it_does_not_need():
    code = (
        "import sys, pbit; pbit.anneal, pbit.temper; "
        "assert not {'scipy.sparse.csgraph', 'networkx', 'dimod'} & set(sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
