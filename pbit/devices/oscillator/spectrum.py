r"""The line of an oscillator: power spectra of its voltage, and a line fitted to them.

A spectrum by Welch's method shows a line through a window. The fit takes that in: the
autocorrelation :math:`e^{-\pi w |t|}` of a Lorentzian of full width w, times that of the window,
gives the mean of the spectrum exactly, with whatever the sampling folds back. It is fitted by
Whittle's likelihood, :math:`\sum \ln m + S / m`, near the line alone: noise that goes by the power
makes far wings other than a Lorentzian's.

Sources: Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967); Whittle, Ark. Mat. 2, 423 (1953).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from pbit.by_value import ByValue
from pbit.checks import ArgumentError, integer
from pbit.devices.fitting.estimates import Estimate
from pbit.devices.oscillator.oscillator_run import AutoOscillatorRun, FloatArray

_WINDOW = "hann"
_SPAN = 2.5  # linewidths on either side that are fitted
_GROUPS = 8  # of reads that are left out in turn
_FEWEST = 8  # bins across what is fitted


@dataclass(frozen=True, eq=False)
class Spectrum(ByValue):
    """One-sided power spectral density of the voltage.

    Attributes
    ----------
    frequencies_Hz : float64, shape (bins,)
        Rising, around that of the frame.
    density_V2_Hz : float64, shape (reads, bins)
    step_s : float
        From one sample to the next.
    """

    frequencies_Hz: FloatArray
    density_V2_Hz: FloatArray
    step_s: float

    @property
    def mean_V2_Hz(self) -> FloatArray:
        """Mean over reads, float64 (bins,)."""
        return np.asarray(self.density_V2_Hz.mean(axis=0))

    @property
    def resolution_Hz(self) -> float:
        """Between two bins."""
        return float(self.frequencies_Hz[1] - self.frequencies_Hz[0])


def power_spectrum(
    run: AutoOscillatorRun, *, from_s: float = 0.0, segment: int | None = None
) -> Spectrum:
    """Spectra of the recorded amplitudes by Welch's method, Hann windows that overlap by half.

    Parameters
    ----------
    run : AutoOscillatorRun
        Recorded in one frame for all reads.
    from_s : float
        What came before is left out.
    segment : int, optional
        Samples of a window; by default a quarter of all.

    Returns
    -------
    Spectrum

    Raises
    ------
    ValueError
        Fewer than 16 samples, a longer segment, reads of different frames.

    Examples
    --------
    >>> from pbit.devices.oscillator import AutoOscillator, simulate
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, noise_Hz=4e2, signal_V=0.1)
    >>> run = simulate(oscillator, 2e-3, current_A=2e-3, record_every=100, seed=1)
    >>> spectrum = power_spectrum(run)
    >>> power = spectrum.mean_V2_Hz.sum() * spectrum.resolution_Hz  # V^2: half the square
    >>> round(float(power / (0.1**2 * 0.4 / 2)), 2)
    1.0
    """
    from scipy.signal import welch

    samples = run.amplitudes[:, run.times_s >= from_s]
    if samples.shape[1] < 16:
        raise ArgumentError(
            "run", "must have 16 samples", samples.shape[1], remedy="set record_every in simulate"
        )
    if np.ptp(run.frame_Hz) > 0:
        raise ArgumentError("run", "must have one frame_Hz", remedy="give frame_Hz to simulate")
    length = integer(
        "segment", samples.shape[1] // 4 if segment is None else segment, 4, samples.shape[1]
    )
    step = float(run.times_s[-1] - run.times_s[-2])
    shifts, density = welch(
        samples.conj() * run.oscillator.signal_V / math.sqrt(2), 1 / step, _WINDOW,
        nperseg=length, detrend=False, return_onesided=False, axis=1,
    )  # fmt: skip
    order = np.argsort(shifts)
    return Spectrum(run.frame_Hz[0] + shifts[order], np.asarray(density[:, order]), step)


@dataclass(frozen=True)
class Line:
    """A line found in a spectrum; errors by the jackknife over reads, NaN of a single one.

    Attributes
    ----------
    frequency_Hz, linewidth_Hz, power_V2 : Estimate
        Where it is, its full width at half maximum, and the mean square of the voltage in it.
    """

    frequency_Hz: Estimate
    linewidth_Hz: Estimate
    power_V2: Estimate


def fit_line(spectrum: Spectrum) -> Line:
    """The Lorentzian that the spectrum shows through its window.

    Raises
    ------
    ValueError
        A line too wide or too narrow for the bins.

    Examples
    --------
    >>> from pbit.devices.oscillator import AutoOscillator, linewidth_Hz, simulate
    >>> oscillator = AutoOscillator(frequency_Hz=3e8, damping_Hz=4e5, noise_Hz=4e3)
    >>> run = simulate(oscillator, 5e-3, current_A=2e-3, num_reads=8, record_every=500, seed=1)
    >>> width = fit_line(power_spectrum(run, segment=256)).linewidth_Hz
    >>> bool(abs(width.value - linewidth_Hz(oscillator, 2e-3)) < 5 * width.error)
    True
    """
    S = spectrum.density_V2_Hz
    start = _guess(spectrum)
    best = _fit(spectrum, spectrum.mean_V2_Hz, start)
    count = min(len(S), _GROUPS)
    if count < 2:
        return Line(*(Estimate(value, math.nan) for value in best))
    total, groups = S.sum(axis=0), np.array_split(np.arange(len(S)), count)
    others = np.array([
        _fit(spectrum, (total - S[left].sum(axis=0)) / (len(S) - len(left)), best)
        for left in groups
    ])  # fmt: skip
    errors = np.sqrt((count - 1) * others.var(axis=0))
    return Line(*(Estimate(*pair) for pair in zip(best, errors.tolist(), strict=True)))


Found = tuple[float, float, float]


def _guess(spectrum: Spectrum) -> Found:
    """Frequency, width and power by eye."""
    S, f, df = spectrum.mean_V2_Hz, spectrum.frequencies_Hz, spectrum.resolution_Hz
    high = S > S.max() / 2
    width = max(float(high.sum()), 1.5) * df
    if high.sum() < 3 or _SPAN * width > (f[-1] - f[0]) / 2:
        wrong = "narrow" if high.sum() < 3 else "wide"
        raise ArgumentError(
            "spectrum",
            f"must show a line of several bins, and its sides: it is too {wrong}",
            got=f"{width:.3g} Hz at {df:.3g} Hz a bin",
            remedy="longer segments for a narrow line, record_every lower for a wide one",
        )
    return float(np.average(f[high], weights=S[high])), width, float(S.sum() * df)


def _fit(spectrum: Spectrum, S: FloatArray, start: Found) -> Found:
    """Frequency, full width and power of the line in the density ``S``."""
    from scipy.optimize import minimize

    f, df = spectrum.frequencies_Hz, spectrum.resolution_Hz
    reach = max(_SPAN * start[1], _FEWEST * df / 2)
    near = np.abs(f - start[0]) <= reach
    window = _autocorrelation(f.size)

    def model(centre: float, width: float) -> FloatArray:
        return _seen(spectrum, window, centre, width)[near]

    def cost(x: FloatArray) -> float:
        m = model(start[0] + x[0] * start[1], start[1] * math.exp(x[1]))
        return float(np.log(m).mean() + math.log((S[near] / m).mean()))

    simplex = np.array([[0.0, 0.0], [0.2, 0.0], [0.0, 0.2]])
    options = {"initial_simplex": simplex, "xatol": 1e-4, "fatol": 1e-9}
    x = minimize(cost, np.zeros(2), method="Nelder-Mead", options=options).x
    centre, width = start[0] + float(x[0]) * start[1], start[1] * math.exp(float(x[1]))
    return centre, width, float((S[near] / model(centre, width)).mean())


def _autocorrelation(length: int) -> FloatArray:
    """Of the window with itself, over that at no lag, for lags from 0 up."""
    from scipy.signal import get_window

    w = np.fft.rfft(get_window(_WINDOW, length), 2 * length)
    r = np.fft.irfft(np.abs(w) ** 2, 2 * length)[:length]
    return np.asarray(r / r[0])


def _seen(spectrum: Spectrum, window: FloatArray, centre: float, width: float) -> FloatArray:
    """Mean density of a line of power 1, in 1/Hz, at all bins."""
    length, step = window.size, spectrum.step_s
    lags = np.arange(length) * step
    frame = spectrum.frequencies_Hz[length // 2]
    r = window * np.exp((2j * np.pi * (centre - frame) - np.pi * width) * lags)
    halves = np.fft.fft(r)
    density: FloatArray = step * (2 * halves.real - r[0].real)
    return np.fft.fftshift(density)
