"""A training that was killed goes on bit for bit."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from pbit.formats.errors import FormatError
from pbit.problems.boltzmann import BoltzmannMachine, RestrictedBoltzmannMachine

X = np.random.default_rng(1).integers(0, 2, (200, 12))

_SCRIPT = """
import sys
import numpy as np
from pbit.problems.boltzmann import *
X = np.random.default_rng(1).integers(0, 2, (200, 12))
machine = eval(sys.argv[1])
machine.set_params(checkpoint=sys.argv[2], resume=True).fit(X)
"""


MACHINES = {
    "pcd": "RestrictedBoltzmannMachine(6, n_iter=3000, random_state=1)",
    "tempered": "RestrictedBoltzmannMachine(6, negative='tempered', n_iter=1500, random_state=1)",
    "population": "RestrictedBoltzmannMachine(6, negative='population', n_iter=2000, "
    "random_state=1)",
    "deep": "DeepBoltzmannMachine((6, 4), n_iter=500, random_state=1)",
    "graph": "BoltzmannMachine(n_hidden=4, n_iter=500, random_state=1)",
    "adaptive": "RestrictedBoltzmannMachine(6, adaptive=True, n_iter=500, random_state=1)",
}


def machine_of(text):
    from pbit.problems.boltzmann import DeepBoltzmannMachine

    names = {c.__name__: c for c in (
        BoltzmannMachine, DeepBoltzmannMachine, RestrictedBoltzmannMachine)}  # fmt: skip
    return eval(text, names)


@pytest.mark.parametrize("name", MACHINES)
def test_a_stopped_training_goes_on_bit_for_bit(name, tmp_path):
    whole, stopped = (machine_of(MACHINES[name]).set_params(n_iter=6) for _ in range(2))
    whole.fit(X)
    path = tmp_path / "run"
    stopped.set_params(n_iter=4, checkpoint=path).fit(X)
    again = machine_of(MACHINES[name]).set_params(n_iter=6, checkpoint=path, resume=True).fit(X)
    for a, b in zip(whole.machine_.parameters, again.machine_.parameters, strict=True):
        assert np.array_equal(a, b)
    assert len(again.history_) == 6
    assert np.array_equal(
        whole.training_.phase.chains.states(), again.training_.phase.chains.states()
    )


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_kill_9_loses_an_epoch_at_most(tmp_path):
    path = tmp_path / "run"
    script = [sys.executable, "-c", _SCRIPT, MACHINES["pcd"], str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for _ in range(2):  # killed twice on its way, whatever it is doing then
        process = subprocess.Popen(script, env=environment)
        begun = path.stat().st_mtime_ns if path.exists() else 0
        while process.poll() is None and (not path.exists() or path.stat().st_mtime_ns == begun):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
    machine = machine_of(MACHINES["pcd"])
    done = machine.set_params(checkpoint=path, resume=True)
    from pbit.problems.boltzmann.keeping import checkpoint_of

    spins = np.where(X == 1, 1, -1).astype(np.int8)
    reached = int(checkpoint_of(done, spins).resume().arrays["counters"][0])
    assert reached >= 1
    again = done.set_params(n_iter=reached + 5).fit(X)
    whole = machine_of(MACHINES["pcd"]).set_params(n_iter=reached + 5).fit(X)
    assert np.array_equal(again.components_, whole.components_)


def test_other_data_and_settings_are_refused(tmp_path):
    path = tmp_path / "run"
    options = {"n_iter": 2, "checkpoint": path, "random_state": 1}
    RestrictedBoltzmannMachine(6, **options).fit(X)
    with pytest.raises(FormatError, match="other data"):
        RestrictedBoltzmannMachine(6, resume=True, **options).fit(1 - X)
    with pytest.raises(FormatError, match="momentum"):
        RestrictedBoltzmannMachine(6, resume=True, momentum=0.1, **options).fit(X)
    with pytest.raises(FormatError, match="BoltzmannMachine"):
        BoltzmannMachine(resume=True, **options).fit(X)


def test_without_resume_it_starts_anew(tmp_path):
    options = {"n_iter": 2, "checkpoint": tmp_path / "run", "random_state": 1}
    first = RestrictedBoltzmannMachine(6, **options).fit(X)
    second = RestrictedBoltzmannMachine(6, **options).fit(X)
    assert np.array_equal(first.components_, second.components_)
    assert len(second.history_) == 2
