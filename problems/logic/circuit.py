"""Circuits of gates on shared nets, and the p-bit network of a circuit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pbit.model import FloatArray, IsingModel, SpinArray
from pbit.problems.logic.gates import Gate


@dataclass(eq=False)
class Circuit:
    """Gates wired together: a net is one p-bit, whatever the number of gates on it.

    Examples
    --------
    >>> from pbit.problems.logic.gates import AND, NOT
    >>> circuit = Circuit()
    >>> a, b = circuit.net("a"), circuit.net("b")
    >>> both = circuit.add(AND, (a, b), "both")
    >>> _ = circuit.add(NOT, both, "not both")
    >>> circuit.names, circuit.ground_energy
    (['a', 'b', 'both', 'not both'], -4.0)
    """

    names: list[str] = field(default_factory=list)
    gates: list[tuple[Gate, tuple[int, ...]]] = field(default_factory=list)

    def net(self, name: str) -> int:
        """Index of a new net.

        Raises
        ------
        ValueError
            The name is taken.
        """
        if name in self.names:
            raise ValueError(f"net names must be distinct, got {name!r} twice; pick another name")
        self.names.append(name)
        return len(self.names) - 1

    def add(self, gate: Gate, inputs: tuple[int, ...], *outputs: str) -> tuple[int, ...]:
        """Nets of the outputs of one more gate; ``inputs`` are nets that exist already.

        Raises
        ------
        ValueError
            Inputs and outputs do not cover the pins, or an input is no net.
        """
        if len(inputs) + len(outputs) != len(gate.pins):
            raise ValueError(
                f"{gate.name} has the pins {', '.join(gate.pins)}, got {len(inputs)} inputs and "
                f"{len(outputs)} outputs; give one net or name a pin"
            )
        for net in inputs:
            if not 0 <= net < len(self.names):
                raise ValueError(
                    f"input net {net} does not exist, nets go from 0 to {len(self.names) - 1}; "
                    "make it with net() first"
                )
        nets = tuple(self.net(name) for name in outputs)
        self.gates.append((gate, (*inputs, *nets)))
        return nets

    @property
    def ground_energy(self) -> float:
        """Sum of the gates' ground energies: the energy of every consistent state of the nets.

        No state lies lower; reaching it proves that all gates hold at once.
        """
        return sum(gate.ground_energy for gate, _ in self.gates)

    @property
    def model(self) -> IsingModel:
        """The p-bit network: the sum of the gates' energies, nets as labels."""
        terms = [
            (nets[i], nets[j], weight)
            for gate, nets in self.gates
            for i, j, weight in gate.couplings
        ]
        pairs = [term for term in terms if term[0] != term[1]]
        # A gate with two pins on one net: s * s = 1, a constant.
        offset = -sum(weight for i, j, weight in terms if i == j)
        rows = np.array([i for i, _, _ in pairs], dtype=np.int64)
        cols = np.array([j for _, j, _ in pairs], dtype=np.int64)
        weights = [weight for _, _, weight in pairs]
        return IsingModel.from_edges(
            rows, cols, weights, h=self._biases(), offset=offset, labels=tuple(self.names)
        )

    def _biases(self) -> FloatArray:
        h = np.zeros(len(self.names))
        for gate, nets in self.gates:
            for net, bias in zip(nets, gate.biases, strict=True):
                h[net] += bias
        return h

    def evaluate(self, inputs: Mapping[int, npt.ArrayLike]) -> SpinArray:
        """Spins of all nets, computed forwards by the truth tables.

        Parameters
        ----------
        inputs : mapping from net to bits 0 or 1, shape (...)
            Every net that is not the output of a gate.

        Returns
        -------
        int8, shape (..., number of nets)
        """
        bits = {net: np.asarray(value, dtype=np.int8) for net, value in inputs.items()}
        for gate, nets in self.gates:
            num_inputs = len(gate.rows).bit_length() - 1
            row = np.zeros((), dtype=np.int64)
            for net in nets[:num_inputs]:
                row = 2 * row + bits[net]
            outputs = np.array(gate.rows, dtype=np.int8)[row, num_inputs:]
            for pin, net in enumerate(nets[num_inputs:]):
                bits[net] = outputs[..., pin]
        columns = np.broadcast_arrays(*(bits[net] for net in range(len(self.names))))
        return (2 * np.stack(columns, axis=-1) - 1).astype(np.int8)
