"""Parts of a netlist in the order of a file, put in the order of their logic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pbit.formats.errors import FormatError, shown
from pbit.problems.logic.circuits.netlist import FALSE, TRUE, Netlist

MAX_PARTS = 2_000_000
_MAX_NETS = 8_000_000
MAX_DEPTH = 1000
_MOST_SHOWN = 8
_NOTHING, _GIVEN = -1, -2  # instead of the part that drives a signal
_UNKNOWN = -1  # instead of a literal

Build = Callable[[Netlist, Sequence[int]], Sequence[int]]


class PartError(Exception):
    """What is wrong with a part; the assembly knows where it stands."""


class Place(NamedTuple):
    """Where a part stands in its file: a line, or words for a file whose lines mean nothing."""

    line: int | None = None
    words: str = ""


class Part(NamedTuple):
    """Something that drives signals: ``build(netlist, literals of inputs)`` gives its outputs."""

    inputs: Sequence[int]
    outputs: Sequence[int]
    build: Build
    place: Place


class Assembly:
    """Signals by number, and the parts that drive them; signals 0 and 1 are the constants.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    describe : callable from int to str
        Name of a signal, for messages.
    """

    def __init__(self, name: str, describe: Callable[[int], str]) -> None:
        self.name = name
        self.describe = describe
        self.parts: list[Part] = []
        self.drivers: list[int] = [_GIVEN, _GIVEN]

    def signal(self) -> int:
        """Number of a new signal."""
        self.drivers.append(_NOTHING)
        return len(self.drivers) - 1

    def give(self, signal: int, place: Place) -> None:
        """Declare a signal an input.

        Raises
        ------
        FormatError
            It is one, or something drives it.
        """
        self._check_undriven(signal, place)
        self.drivers[signal] = _GIVEN

    def add(self, part: Part) -> None:
        """Add a part.

        Raises
        ------
        FormatError
            A signal that something drives already; too many parts.
        """
        if len(self.parts) >= MAX_PARTS:
            raise self.wrong(
                part.place, f"more than {MAX_PARTS} cells once flattened, the most that is read"
            )
        self.parts.append(part)
        for signal in part.outputs:
            self._check_undriven(signal, part.place)
            self.drivers[signal] = len(self.parts) - 1

    def copy(self, source: int, target: int, place: Place) -> None:
        """Let one signal drive another."""
        self.add(Part((source,), (target,), _same, place))

    def literals(
        self, netlist: Netlist, given: Mapping[int, int], required: Iterable[int]
    ) -> list[int]:
        """Literal of every signal, -1 for what depends on wires that nothing drives.

        Parameters
        ----------
        netlist : Netlist
            It grows by the parts.
        given : mapping from signal to literal
            One for each input.
        required : iterable of signals
            Those that must have a literal.

        Raises
        ------
        FormatError
            A cycle; a required signal that depends on wires that nothing drives.
        """
        known = [_UNKNOWN] * len(self.drivers)
        known[0], known[1] = FALSE, TRUE
        for signal, literal in given.items():
            known[signal] = literal
        for index in self._in_order():
            part = self.parts[index]
            literals = [known[signal] for signal in part.inputs]
            if _UNKNOWN not in literals:
                made = self._build(part, netlist, literals)
                for signal, literal in zip(part.outputs, made, strict=True):
                    known[signal] = literal
        for signal in required:
            if known[signal] == _UNKNOWN:
                raise self._undriven(signal, known)
        return known

    def _build(self, part: Part, netlist: Netlist, literals: Sequence[int]) -> Sequence[int]:
        try:
            made = part.build(netlist, literals)
        except PartError as error:
            raise self.wrong(part.place, str(error)) from error
        if netlist.num_nets > _MAX_NETS:
            raise self.wrong(part.place, f"more than {_MAX_NETS} gates, the most that is read")
        return made

    def _undriven(self, signal: int, known: Sequence[int]) -> FormatError:
        """Error that names the wire that nothing drives, from one that depends on it."""
        place = Place()
        while self.drivers[signal] >= 0:
            part = self.parts[self.drivers[signal]]
            place = part.place
            signal = next(s for s in part.inputs if known[s] == _UNKNOWN)
        return self.wrong(
            place,
            f"nothing drives wire {self._shown(signal)}; declare it an input or add the cell that "
            "drives it",
        )

    def wrong(self, place: Place, problem: str) -> FormatError:
        """Error at a place."""
        return FormatError(
            self.name, place.line, f"{place.words}: {problem}" if place.words else problem
        )

    def _check_undriven(self, signal: int, place: Place) -> None:
        driver = self.drivers[signal]
        if driver == _NOTHING:
            return
        if signal <= TRUE:
            raise self.wrong(place, "this drives a constant; connect it to a wire of its own")
        if driver == _GIVEN:
            before = "it is an input"
        else:
            at = self.parts[driver].place
            before = f"line {at.line} does already" if at.line else f"{at.words} does already"
        raise self.wrong(
            place, f"this drives wire {self._shown(signal)} again: {before}; remove one of the two"
        )

    def _in_order(self) -> Iterator[int]:
        """Indices of the parts, each after those it reads; no recursion, paths can be long."""
        done = bytearray(len(self.parts))  # 1: on the path, 2: done
        for start in range(len(self.parts)):
            if done[start]:
                continue
            path = [(start, iter(self.parts[start].inputs))]
            done[start] = 1
            while path:
                index, inputs = path[-1]
                for signal in inputs:
                    driver = self.drivers[signal]
                    if driver >= 0 and done[driver] == 1:
                        raise self._cycle([at for at, _ in path], driver)
                    if driver >= 0 and not done[driver]:
                        done[driver] = 1
                        path.append((driver, iter(self.parts[driver].inputs)))
                        break
                else:
                    done[index] = 2
                    path.pop()
                    yield index

    def _cycle(self, path: list[int], last: int) -> FormatError:
        """Error that names the wires from the part ``last`` back to itself."""
        around = path[path.index(last) :]
        wires = []
        for reader, driver in zip(around, [*around[1:], last], strict=True):
            read = set(self.parts[reader].inputs)
            wires.append(next(s for s in self.parts[driver].outputs if s in read))
        # The path runs against the flow of signals.
        names = [self._shown(signal) for signal in reversed(wires[-_MOST_SHOWN:])]
        more = f" and {len(wires) - _MOST_SHOWN} more" if len(wires) > _MOST_SHOWN else ""
        return self.wrong(
            self.parts[last].place,
            f"a cycle through {', '.join(names)}{more}; only logic without feedback can be read, "
            "cut the loop and make its ends an input and an output",
        )

    def _shown(self, signal: int) -> str:
        return shown(self.describe(signal))


def _same(_: Netlist, literals: Sequence[int]) -> Sequence[int]:
    return literals
