"""Macrospins against cmtj (GPL, used here only), where it is installed.

cmtj stores M_s in tesla, rounds its constants, logs the state after a step under the time before
it, and takes the torque of a current as ``-gamma0 a / (1 + alpha^2) (m x (m x p) - beta m x p)``:
without the terms of order alpha, beta the other way. With these mapped onto ours, the trajectories
are the same (seen in version 1.15).
"""

import math

import numpy as np
import pytest
from scipy import integrate

from pbit.devices.constants import (
    BOLTZMANN_J_K,
    ELECTRON_C,
    GAMMA0_M_A_S,
    HBAR_J_S,
    MU0_T_M_A,
)
from pbit.devices.macrospin import Macrospin, simulate

cmtj = pytest.importorskip("cmtj")

MS, DIAMETER, THICKNESS = 8e5, 40e-9, 1e-9
AREA = math.pi / 4 * DIAMETER**2
SHAPE = (0.1, 0.05, 0.2)
APPLIED = (1e4, 2e4, -3e4)
H_K, ALPHA = 2e5, 0.05
START = (0.6, 0.0, 0.8)


@pytest.fixture(autouse=True)
def constants():
    """Ours in cmtj."""
    theirs = cmtj.constants.PhysicalConstants
    theirs.set_gyromagnetic_ratio(GAMMA0_M_A_S)
    theirs.set_magnetic_permeability(MU0_T_M_A)
    theirs.set_TtoAm(1 / MU0_T_M_A)
    theirs.set_hbar(HBAR_J_S)
    theirs.set_elementary_charge(ELECTRON_C)
    theirs.set_boltzmann_constant(BOLTZMANN_J_K)
    yield
    theirs.resetToDefaults()


def vector(v):
    return cmtj.CVector(*(float(x) for x in v))


def junction(*, shape=SHAPE, alpha=ALPHA, H_K=H_K, applied=APPLIED, **torque):
    """One layer; ``torque``: polarization, asymmetry, beta."""
    tensor = [vector(row) for row in np.diag(shape)]
    layer = cmtj.Layer.createSTTLayer(
        "free",
        vector(START),
        vector((0, 0, 1)),
        MU0_T_M_A * MS,
        THICKNESS,
        AREA,
        tensor,
        damping=alpha,
        SlonczewskiSpacerLayerParameter=torque.get("asymmetry", 1.0),
        beta=torque.get("beta", 0.0),
        spinPolarisation=0.6,
    )
    layer.setReferenceLayer(vector((0, 0, 1)))
    found = cmtj.Junction([layer])
    constant = cmtj.ScalarDriver.getConstantDriver
    found.setLayerAnisotropyDriver("free", constant(H_K * MU0_T_M_A * MS / 2))
    found.setLayerExternalFieldDriver("free", cmtj.AxialDriver(*applied))
    if "density" in torque:
        found.setLayerCurrentDriver("free", constant(torque["density"]))
    return found


def path(found):
    log = found.getLog()
    return np.stack([log[f"free_m{axis}"] for axis in "xyz"], axis=1)


@pytest.mark.parametrize(
    "torque",
    [
        {},
        {"density": 3e10},
        {"density": -3e10},
        {"density": 3e10, "asymmetry": 1.5},
        {"density": 3e10, "beta": 0.3, "asymmetry": 1.5},
    ],
)
def test_trajectory_without_temperature(torque):
    """1 ns; the difference falls with the square of our step."""
    found = junction(**torque)
    found.runSimulation(1e-9, 1e-13, 1e-13)
    theirs = path(found)
    beta = torque.get("beta", 0.0)
    ratio = (ALPHA - beta) / (1 + ALPHA * beta)
    magnet = Macrospin.disk(
        diameter_m=DIAMETER,
        thickness_m=THICKNESS,
        saturation_A_m=MS,
        damping=ALPHA,
        anisotropy_field_A_m=H_K,
        demagnetising_factors=SHAPE,
        applied_field_A_m=APPLIED,
        temperature_K=0,
        asymmetry=torque.get("asymmetry", 1.0),
        field_like_ratio=ratio,
    )
    current = torque.get("density", 0.0) * AREA / (1 + ALPHA * ratio)

    def difference(step, every):
        run = simulate(
            magnet, 1e-9, current_A=current, initial=START, time_step_s=step, record_every=every
        )
        return np.abs(run.m[0, 1 : len(theirs) + 1] - theirs[: len(run.m[0]) - 1]).max()

    errors = difference(1e-13, 1), difference(5e-14, 2)
    assert errors[0] < 3e-5
    assert 3.5 < errors[0] / errors[1] < 4.5


def test_thermal_average():
    """<m_z^2> at a barrier of 1 k_B T, both against Boltzmann; 60 blocks of 4 tau each."""
    alpha = 0.5
    magnet = Macrospin.disk(
        diameter_m=DIAMETER, thickness_m=THICKNESS, saturation_A_m=MS, damping=alpha
    ).with_barrier(1)
    step, length = 1e-12, 4 * magnet.relaxation_time_s
    found = junction(
        shape=(0, 0, 0), alpha=alpha, H_K=magnet.anisotropy_field_A_m, applied=(0, 0, 0)
    )
    found.setLayerTemperatureDriver("free", cmtj.ScalarDriver.getConstantDriver(300.0))
    found.getLayer("free").setSeed(7)
    found.runSimulation(60 * length, step, 10 * step)
    theirs = path(found)[:, 2] ** 2
    theirs = theirs[: theirs.size // 60 * 60].reshape(60, -1).mean(1)[1:]
    run = simulate(magnet, 60 * length, initial=START, time_step_s=step, record_every=10, seed=7)
    ours = run.m[0, 1:, 2] ** 2
    ours = ours[: ours.size // 60 * 60].reshape(60, -1).mean(1)[1:]

    def integral(power):
        return integrate.quad(lambda m: m**power * math.exp(m * m), -1, 1)[0]

    exact = integral(2) / integral(0)
    for blocks in (ours, theirs):
        z = (blocks.mean() - exact) / (blocks.std(ddof=1) / math.sqrt(blocks.size))
        print(f"<m_z^2> {blocks.mean():.4f}, Boltzmann {exact:.4f}, z {z:.2f}")
        assert abs(z) < 5.5
