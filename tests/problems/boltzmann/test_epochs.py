"""Training an epoch at a time; machines that do not fit are refused before they are made."""

import numpy as np
import pytest

from pbit import machine as this_machine
from pbit.problems.boltzmann import (
    BoltzmannMachine,
    DeepBoltzmannMachine,
    RestrictedBoltzmannMachine,
)

X = np.random.default_rng(1).integers(0, 2, (50, 6))


def made(**options):
    return RestrictedBoltzmannMachine(4, n_iter=3, batch_size=20, random_state=1, **options)


def test_epochs_are_those_of_fit():
    whole, each = made().fit(X), made()
    found = []
    for entry in each.epochs(X):
        found.append(entry["epoch"])
        assert each.n_iter_ == len(each.history_) == entry["epoch"]
        until = made().set_params(n_iter=entry["epoch"]).fit(X)
        assert np.array_equal(each.components_, until.components_)
    assert found == [1, 2, 3] and np.array_equal(each.components_, whole.components_)


def test_measures_are_noted_without_a_bar(capsys):
    entries = list(made(verbose=1).epochs(X))
    assert all(entry["pseudo_likelihood"] < 0 for entry in entries)
    assert "pseudo_likelihood" not in made().fit(X).history_[0]
    assert capsys.readouterr().err == ""


def test_updates_are_told_and_may_end_it():
    shares = []

    def stop(share):
        shares.append(round(share, 3))
        if len(shares) == 5:
            raise RuntimeError("enough")

    machine = made()
    with pytest.raises(RuntimeError, match="enough"):
        list(machine.epochs(X, after_update=stop))
    assert shares == [0.333, 0.667, 1.0, 0.333, 0.667] and machine.n_iter_ == 1


def test_what_was_resumed_comes_first(tmp_path):
    options = {"checkpoint": tmp_path / "run", "resume": True}
    made(**options).set_params(n_iter=2).fit(X)
    machine = made(**options)
    assert [entry["epoch"] for entry in machine.epochs(X)] == [2, 3]
    assert np.array_equal(machine.components_, made().fit(X).components_)
    assert [entry["epoch"] for entry in made(**options).epochs(X)] == [3]


@pytest.mark.parametrize(
    ("machine", "lower"),
    [
        (RestrictedBoltzmannMachine(10**6), "n_components"),
        (DeepBoltzmannMachine((10**3, 10**3)), "n_components"),
        (BoltzmannMachine(n_hidden=10**4), "n_hidden"),
    ],
)
def test_what_does_not_fit_is_refused(monkeypatch, machine, lower):
    monkeypatch.setattr(this_machine, "memory_bytes", lambda: 10e6)
    with pytest.raises(MemoryError, match=rf"need about .* lower {lower}") as error:
        machine.fit(X)
    assert error.value.argument == lower
