"""Eight quantum Ising spins, J = 1 and h = 0, exactly: numbers from an independent program."""

from typing import NamedTuple

import numpy as np

from pbit import IsingModel


def ring(n, weight=1.0, h=0.0):
    """A ring; with two spins the bond is there twice."""
    sites = np.arange(n)
    weights = np.full(n, weight)
    return IsingModel.from_edges(sites, (sites + 1) % n, weights, h=np.full(n, h))


def chain(n, weights=1.0, h=0.0):
    """An open chain."""
    sites = np.arange(n - 1)
    weights = np.broadcast_to(weights, n - 1).astype(float)
    return IsingModel.from_edges(sites, sites + 1, weights, h=np.full(n, h), num_spins=n)


class Row(NamedTuple):
    lattice: str
    gamma: float
    beta: float
    energy: float
    sigma_x: float
    m2: float
    m4: float
    correlations: tuple[float, ...]

    @property
    def model(self):
        return ring(8) if self.lattice == "ring" else chain(8)


TABLE = [
    Row("ring", 0.5, 1, -0.89029358, 0.28104497, 0.66422909, 0.59720215,
        (0.7497711, 0.61368877, 0.53720401, 0.512505)),
    Row("ring", 1, 1, -1.13335960, 0.54942771, 0.49742260, 0.39850503,
        (0.58393189, 0.4192291, 0.33334233, 0.30637417)),
    Row("ring", 1, 2, -1.25553131, 0.58560161, 0.64421282, 0.54679055,
        (0.6699297, 0.58751838, 0.55010496, 0.53859649)),
    Row("ring", 1, 4, -1.27321607, 0.59780956, 0.66240720, 0.56298265,
        (0.67540651, 0.60658531, 0.58079188, 0.57369023)),
    Row("ring", 2, 2, -2.12060184, 0.92788893, 0.23691597, 0.13019960,
        (0.26482399, 0.10741775, 0.05471783, 0.04140861)),
    Row("open chain", 1, 2, -1.19057981, 0.67134587, 0.47210442, 0.36008003,
        (0.54818189, 0.41985745, 0.33888481, 0.2763822)),
    Row("open chain", 0.5, 1, -0.76820950, 0.31115989, 0.49916030, 0.40709196,
        (0.69319376, 0.50838245, 0.37315372, 0.27390031)),
]  # fmt: skip
