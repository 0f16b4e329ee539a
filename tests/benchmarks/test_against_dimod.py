"""The comparison with dimod goes every way, and sees an error that is planted."""

import numpy as np
import pytest
from click.testing import CliRunner

import against_dimod
from pbit import IsingModel
from pbit.formats.registry import writable


def test_every_way_is_gone_and_agrees():
    found = against_dimod.compare(120, seed=1)
    assert {f"file {name}" for name in writable() if name != "compiled"} < set(found)
    assert {f"sampler {name}" for name in against_dimod._SAMPLERS} < set(found)
    assert all(rows > 0 for rows, _ in found.values())
    assert max(worst for _, worst in found.values()) <= against_dimod.MOST


def test_a_planted_error_is_seen(monkeypatch):
    real = IsingModel.energy
    monkeypatch.setattr(IsingModel, "energy", lambda model, s: real(model, s) * (1 + 1e-9))
    told = CliRunner().invoke(against_dimod.main, ["--models", "8"])
    assert told.exit_code == 1 and "of the scale" in told.output


@pytest.mark.parametrize("is_spin", [True, False])
def test_a_case_has_the_energies_of_dimod(is_spin):
    rng = np.random.default_rng(1)
    cases = [against_dimod.Case(against_dimod.quadratic(rng), rng) for _ in range(20)]
    case = next(case for case in cases if case.is_spin == is_spin)
    row = {v: int(b) for v, b in zip(case.labels, 2 * case.bits[0] - 1 if is_spin else case.bits[0],
                                     strict=True)}  # fmt: skip
    assert case.given.energy(row) == pytest.approx(case.energies[0], rel=1e-12)
