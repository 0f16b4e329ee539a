"""A matrix of weights in an array of synapses: products, read backwards too, and updates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pbit.checks import ArgumentError, floats, instance
from pbit.devices.mtj import FloatArray
from pbit.devices.quantities import number
from pbit.devices.synapses import LinearSynapse, Synapse, SynapseVariation
from pbit.devices.synapses.draws import normals
from pbit.devices.synapses.variation import NO_VARIATION
from pbit.networks.crossbar.arguments import matrix_of, range_of, vectors_of
from pbit.networks.crossbar.cells import Cells
from pbit.networks.crossbar.draws import ArrayDraw
from pbit.networks.crossbar.layout import layout_named
from pbit.networks.crossbar.programming import Placed, Programmed, Programming
from pbit.networks.crossbar.reading import Reading, converted
from pbit.networks.crossbar.trains import Trains, Updated, coincidences
from pbit.networks.crossbar.wires import Wires

PERFECT = Wires()
EXACT = Reading()


class Clipped(NamedTuple):
    """Values beyond the range of a converter since the array was made."""

    dac: int
    adc: int


class Crossbar:
    """Weights held by conductances, so that ``array @ x`` is read as currents.

    ``y_i = sum_j w_ij x_j`` with the weights as the devices hold them
    (:mod:`pbit.networks.crossbar.layout`), as wires let them through
    (:mod:`pbit.networks.crossbar.wires`) and as converters round (:class:`Reading`). Vectors are in
    units of the voltage of a read, devices ohmic at it.

    Parameters
    ----------
    weights : float64, shape (out, in)
    device : Synapse
        Of which the array is made.
    layout : {"differential", "balanced", "offset"}
    weight_range : float, optional
        Weight of the whole range of conductances; by default ``max |weights|``, 1 if all are 0.
    programming : Programming
        :class:`Placed` (no pulses), :class:`OpenLoop` or :class:`WriteVerify`.
    variation : SynapseVariation
        d2d, from device to device, and c2c, from cycle to cycle, as in AIHWKit, but log-normal.
    stuck : float, or int8 (lines, in)
        Share of stuck devices, half at each end of their range, or -1, 0, 1 for each.
    present : bool (out, in), optional
        Cells that are there, by default all; others conduct nothing, as behind a transistor that is
        off. For layouts of pairs.
    wires : Wires
    reading : Reading
    seed : int, optional
        Of all that is drawn; fresh when None, kept as ``seed``.

    Attributes
    ----------
    shape : tuple of int
        (out, in).
    layout : Layout
    cells : Cells
        The devices, shape (lines, in).
    programmed : Programmed
        Pulses, errors and failures of the programming.
    seed : int

    Raises
    ------
    TypeError, ValueError
        Weights that are no matrix of finite numbers or outside ``weight_range``; parameters that
        are none.
    TooLargeError
        More devices than the memory holds.

    References
    ----------
    D2d and c2c, rank-1 updates by coincidence: T. Gokmen, Y. Vlasov, Front. Neurosci. 10, 333
    (2016); M. J. Rasch et al., IEEE AICAS (2021), arXiv:2104.02184 (AIHWKit).

    Examples
    --------
    >>> array = Crossbar([[1.0, -0.5], [0.25, 0.0]], seed=1)
    >>> (array @ [1.0, 1.0]).round(9).tolist(), (array.T @ [1.0, 1.0]).round(9).tolist()
    ([0.5, 0.25], [1.25, -0.5])
    """

    def __init__(
        self,
        weights: npt.ArrayLike,
        device: Synapse | None = None,
        *,
        layout: str = "differential",
        weight_range: float | None = None,
        programming: Programming | None = None,
        variation: SynapseVariation = NO_VARIATION,
        stuck: float | npt.ArrayLike = 0.0,
        present: npt.ArrayLike | None = None,
        wires: Wires = PERFECT,
        reading: Reading = EXACT,
        seed: int | None = None,
    ) -> None:
        device = LinearSynapse() if device is None else device
        instance("device", device, Synapse, remedy="see pbit.devices.synapses")
        instance("wires", wires, Wires, remedy="give Wires(segment_ohm=...)")
        instance("reading", reading, Reading, remedy="give Reading(adc_bits=...)")
        wanted = matrix_of(weights)
        largest = range_of(wanted, weight_range)
        self.layout = layout_named(layout)(device.lowest_S, device.highest_S, largest)
        targets = self.layout.targets(wanted)
        self.shape = wanted.shape
        synapses = device.made(targets.shape, seed=seed, variation=variation)
        self.seed = synapses.seed
        self.cells = Cells(synapses, stuck)
        self._present = None if present is None else self._lines_of(present)
        self.wires, self.reading = wires, reading
        self._adc = _AdcRanges.of(reading, wanted)
        self._clipped = [0, 0]
        self._reads = {ArrayDraw.READING: 0, ArrayDraw.READING_BACK: 0}
        self._updates = 0
        self._transfer: FloatArray | None = None
        self.programmed: Programmed
        self.program(wanted, Placed() if programming is None else programming)

    def program(self, weights: npt.ArrayLike, programming: Programming) -> Programmed:
        """Write other weights of the same shape into the same devices.

        Raises
        ------
        TypeError, ValueError
            Weights of another shape, not finite, outside ``layout.weight_range``.
        """
        instance("programming", programming, Programming, remedy="give WriteVerify()")
        wanted = matrix_of(weights)
        if wanted.shape != self.shape:
            raise ArgumentError(
                "weights", f"must have the shape {self.shape}", got=f"{wanted.shape}"
            )
        range_of(wanted, self.layout.weight_range)
        self._transfer = None
        done = programming.write(self.cells, self.layout.targets(wanted))
        self.programmed = done if self._present is None else done.only(self._present)
        return self.programmed

    def _lines_of(self, present: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which devices are there, (lines, in)."""
        found = np.asarray(present)
        if found.dtype != np.bool_ or found.shape != self.shape:
            raise ArgumentError(
                "present",
                f"must be bool of shape {self.shape}",
                got=f"{found.dtype} of shape {found.shape}",
            )
        if self.layout.devices_moved < 2:
            raise ArgumentError(
                "present", "needs a layout of pairs", remedy="use 'differential' or 'balanced'"
            )
        devices: npt.NDArray[np.bool_] = self.layout.signs(found.astype(np.float64)) != 0
        return devices

    # --- reads

    @property
    def weights(self) -> FloatArray:
        """Weights as products without noise and converters have them, float64 (out, in)."""
        self._read_lines()
        return self._weights.copy()

    @property
    def clipped(self) -> Clipped:
        """How many values the converters clipped so far."""
        return Clipped(*self._clipped)

    @property
    def T(self) -> Transposed:
        """The same array read backwards: driven at its outputs, sensed at its inputs."""
        return Transposed(self)

    def __matmul__(self, x: npt.ArrayLike) -> FloatArray:
        """Products with a vector (in,) or with the columns of a batch (in, b).

        Returns
        -------
        float64, shape (out,) or (out, b)

        Raises
        ------
        TypeError, ValueError
            Another shape, numbers that are not finite.
        """
        return self._product(x, backwards=False)

    def _product(self, x: npt.ArrayLike, *, backwards: bool) -> FloatArray:
        given = vectors_of("y" if backwards else "x", x, self.shape[0 if backwards else 1])
        reading = self.reading
        values, clipped = converted(given, reading.dac_bits, reading.dac_range)
        self._clipped[0] += clipped
        self._read_lines()
        products = (self._weights.T if backwards else self._weights) @ values
        if reading.noise:
            noise = self._noise(values.reshape(len(values), -1), backwards)
            products += noise.reshape(products.shape)
        largest = self._adc.backward if backwards else self._adc.forward
        result, clipped = converted(products, reading.adc_bits, largest)
        self._clipped[1] += clipped
        return result

    def _read_lines(self) -> None:
        """Siemens from each input to each line, and the weights that they are."""
        if self._transfer is None:
            conductances = self.cells.conductance()
            if self._present is not None:
                conductances = np.where(self._present, conductances, 0.0)
            self._transfer = self.wires.transfer(conductances)
            self._squares = self._transfer**2 if self.reading.noise else None
            self._weights = self.layout.outputs(self._transfer) / self.layout.siemens

    def _noise(self, values: FloatArray, backwards: bool) -> FloatArray:
        """In units of the product; that of a line is shared by all that it is part of."""
        squares = self._squares
        assert squares is not None
        if backwards:
            draw, variances = ArrayDraw.READING_BACK, squares.T @ self.layout.drives(values) ** 2
        else:
            draw, variances = ArrayDraw.READING, squares @ values**2
        lines, batch = variances.shape
        line, read = np.indices(variances.shape).reshape(2, -1)
        luck = normals(draw, line, seed=self.seed, turns=self._reads[draw] + read)
        self._reads[draw] += batch
        currents = self.reading.noise * np.sqrt(variances) * luck.reshape(lines, batch)
        outputs = currents if backwards else self.layout.outputs(currents)
        return np.asarray(outputs / self.layout.siemens)

    # --- writes

    def pulse(self, counts: npt.ArrayLike, *, sizes: npt.ArrayLike = 1.0) -> None:
        """Pulses at each weight, as many as said, down where the number is below 0.

        Both devices of a pair get them, in opposite directions; of an offset line none.

        Parameters
        ----------
        counts : int, shape (out, in)
        sizes : float, or float64 of shape (out, in)
            Amplitudes, in those of the device's own pulse.

        Raises
        ------
        TypeError, ValueError
            No whole numbers, another shape, sizes below 0 or not finite.
        """
        given = np.asarray(counts)
        if given.dtype.kind not in "iu":
            raise TypeError(f"counts must be integers, got {given.dtype}")
        if given.shape != self.shape:
            raise ArgumentError("counts", f"must have the shape {self.shape}", got=f"{given.shape}")
        signed = self.layout.signs(given.astype(np.int64))
        synapses = self.cells.synapses
        amplitudes = np.sign(signed) * self._sizes(sizes) * synapses.device.write_pulse
        synapses.pulse(amplitudes, where=signed != 0, count=np.abs(signed))
        self._transfer = None

    def _sizes(self, sizes: npt.ArrayLike) -> FloatArray:
        """Of the devices that move, (lines, in)."""
        found = floats("sizes", sizes)
        if not (np.isfinite(found) & (found >= 0)).all():
            raise ArgumentError("sizes", "must be finite and >= 0", remedy="counts have the signs")
        if found.ndim == 0:
            return found
        if found.shape != self.shape:
            raise ArgumentError("sizes", f"must have the shape {self.shape}", got=f"{found.shape}")
        return np.abs(self.layout.signs(found))

    def wait(self, seconds: float) -> None:
        """Let time pass without a pulse: devices that forget change.

        Raises
        ------
        TypeError, ValueError
            A time that is not a finite number >= 0.
        """
        self.cells.synapses.wait(seconds)
        self._transfer = None

    def update(
        self,
        outputs: npt.ArrayLike,
        inputs: npt.ArrayLike,
        *,
        rate: float = 1.0,
        trains: Trains | None = None,
    ) -> Updated:
        """Add ``rate outputs inputs^T`` by pulse trains, all devices at once.

        In each slot of a train a line has a pulse with a probability in proportion to its number; a
        device that gets two pulses at once takes a step, so that the change is right on average
        wherever no end of a range is near (:mod:`pbit.networks.crossbar.trains`).

        Parameters
        ----------
        outputs : float64, shape (out,) or (out, b)
        inputs : float64, shape (in,) or (in, b)
            Of a batch, one train after the other.
        rate : float
        trains : Trains, optional
            By default 31 slots and the mean step of the device.

        Returns
        -------
        Updated

        Raises
        ------
        TypeError, ValueError
            Other shapes, numbers that are not finite.
        """
        rows = vectors_of("outputs", outputs, self.shape[0])
        columns = vectors_of("inputs", inputs, self.shape[1])
        if rows.shape[1:] != columns.shape[1:]:
            raise ArgumentError(
                "outputs", "must be as many as the inputs", got=f"{rows.shape}, {columns.shape}"
            )
        number("rate", rate, remedy="a learning rate")
        trains = self._own_trains if trains is None else trains
        instance("trains", trains, Trains, remedy="give array.trains(slots=...)")
        counts, clipped = np.zeros(self.shape, np.int64), 0
        for row, column in zip(rows.reshape(len(rows), -1).T, columns.reshape(len(columns), -1).T,
                               strict=True):  # fmt: skip
            one = coincidences(trains, rate * row, column, seed=self.seed, update=self._updates)
            self._updates += 1
            self.pulse(one.counts)
            counts += np.abs(one.counts)
            clipped += one.clipped
        return Updated(counts, clipped)

    def trains(self, slots: int = 31) -> Trains:
        """Trains whose step is the mean change of a weight by a pulse, amid the range."""
        return Trains.of(self.cells.synapses.device, self.layout, slots)

    @cached_property
    def _own_trains(self) -> Trains:
        return self.trains()


@dataclass(frozen=True)
class Transposed:
    """An array read backwards: ``array.T @ y``.

    Parameters
    ----------
    array : Crossbar
    """

    array: Crossbar

    @property
    def shape(self) -> tuple[int, ...]:
        """(in, out)."""
        return self.array.shape[::-1]

    @property
    def T(self) -> Crossbar:
        """The array itself."""
        return self.array

    def __matmul__(self, y: npt.ArrayLike) -> FloatArray:
        """Products with a vector (out,) or with the columns of a batch (out, b): as forwards."""
        return self.array._product(y, backwards=True)


class _AdcRanges(NamedTuple):
    forward: float
    backward: float

    @classmethod
    def of(cls, reading: Reading, weights: FloatArray) -> _AdcRanges:
        if reading.adc_range is not None:
            return cls(reading.adc_range, reading.adc_range)
        sizes = np.abs(weights)
        return cls(*(float(sizes.sum(axis=axis).max()) * reading.dac_range for axis in (1, 0)))
