"""Couplings of oscillators from where they are and how they are wired."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, integer, positive
from pbit.networks.oscillators.arguments import ComplexArray, FloatArray, finite


def dipolar_couplings(
    positions_m: npt.ArrayLike, *, strength_rad_s: complex, distance_m: float
) -> ComplexArray:
    """Couplings that fall with the third power of the distance.

    Parameters
    ----------
    positions_m : float, shape (n, dimensions)
    strength_rad_s : complex
        Of two oscillators ``distance_m`` apart: size and phase.
    distance_m : float

    Returns
    -------
    complex128, shape (n, n)

    Raises
    ------
    ArgumentError
        Positions that are no list of points, or two at one place.

    Examples
    --------
    >>> line = [[0.0], [1e-7], [2e-7]]
    >>> dipolar_couplings(line, strength_rad_s=8e6, distance_m=1e-7)[0].real.round(3).tolist()
    [0.0, 8000000.0, 1000000.0]
    """
    apart = _distances(positions_m) / positive("distance_m", distance_m)
    return np.asarray(strength_rad_s / apart**3 + 0j)


def spin_wave_couplings(
    positions_m: npt.ArrayLike,
    *,
    strength_rad_s: complex,
    distance_m: float,
    wavelength_m: float,
    decay_m: float,
) -> ComplexArray:
    r"""Couplings by waves that spread in a film: :math:`\propto e^{ikr} e^{-r/l} / \sqrt r`.

    Parameters
    ----------
    positions_m : float, shape (n, dimensions)
    strength_rad_s : complex
        Of two oscillators ``distance_m`` apart: size and phase.
    distance_m, wavelength_m, decay_m : float
        The last: l, in which amplitudes fall by e.

    Returns
    -------
    complex128, shape (n, n)

    Raises
    ------
    ArgumentError
        As :func:`dipolar_couplings`; lengths that are not > 0.

    Examples
    --------
    >>> lengths = {"distance_m": 1e-7, "wavelength_m": 2e-7, "decay_m": 1e-6}
    >>> waves = spin_wave_couplings([[0.0], [2e-7]], strength_rad_s=1e6, **lengths)
    >>> waves[0, 1].real.round(-3).tolist()  # half a wavelength further, in the other phase
    -640000.0
    """
    r, unit = _distances(positions_m), positive("distance_m", distance_m)
    k = 2 * np.pi / positive("wavelength_m", wavelength_m)
    further = np.where(np.isinf(r), 0.0, r) - unit
    waves = np.exp((1j * k - 1 / positive("decay_m", decay_m)) * further) * np.sqrt(unit / r)
    return np.asarray(strength_rad_s * waves)


def _distances(positions_m: npt.ArrayLike) -> FloatArray:
    """Of points from each other, (n, n); infinite from themselves."""
    points = floats("positions_m", positions_m)
    if points.ndim != 2:
        raise ArgumentError(
            "positions_m",
            "must have shape (n, dimensions)",
            got=f"shape {points.shape}",
            remedy="a row a point",
        )
    finite("positions_m", points)
    apart = np.linalg.norm(points[:, None] - points[None, :], axis=-1)
    np.fill_diagonal(apart, np.inf)
    if (apart == 0).any():
        raise ArgumentError("positions_m", "must be apart", got="two at one place")
    return np.asarray(apart)


def electrical_couplings(n: int, strength_rad_s: complex) -> ComplexArray:
    """All to all, as oscillators in series are by the current that they share: complex128 (n, n).

    Parameters
    ----------
    n : int
    strength_rad_s : complex
        Size and phase of each.

    Examples
    --------
    >>> electrical_couplings(2, 1e6).real.tolist()
    [[0.0, 1000000.0], [1000000.0, 0.0]]
    """
    couplings = np.full((integer("n", n, 1), n), strength_rad_s, dtype=np.complex128)
    np.fill_diagonal(couplings, 0)
    return couplings
