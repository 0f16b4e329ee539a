"""The engine: one kernel family, from what it takes to how it runs a block of reads.

``choose`` of :mod:`pbit.engines.registry` asks engines in the order of their ``rank``; the first
that offers a plan runs the model. To add one: a module in this folder with an ``ENGINE``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pbit.by_value import ByValue
from pbit.checks import ArgumentError
from pbit.engines.bit_model import BitModel
from pbit.engines.block import Block, Outcome, Watch
from pbit.engines.compiled_model import Form
from pbit.engines.words import ORDERS, RULES, Order, Rule
from pbit.graphs.colors import Coloring, first_fit_coloring
from pbit.models.directed import DirectedModel
from pbit.models.ising import IsingModel
from pbit.models.labels import SpinArray
from pbit.models.polynomial import PolynomialModel

if TYPE_CHECKING:
    from pbit.engines.task import Task


class Ask(NamedTuple):
    """What of a request decides which engine runs it; ``held``: some spins are; ``biases``: each
    read has its own."""

    kernel: str = "auto"
    rule: Rule = "heat-bath"
    order: str = "auto"
    num_reads: int | None = None
    held: bool = False
    biases: bool = False

    @property
    def special(self) -> str | None:
        """What most engines do not take, if there is some."""
        return "held spins" if self.held else "biases of single reads" if self.biases else None


@dataclass(frozen=True, eq=False)
class Plan(ByValue):
    """Engine, order of the updates, and the model's forms they need."""

    engine: Engine
    order: Order
    bits: BitModel | None = None
    coloring: Coloring | None = None

    def for_share(self, share: int, *, named: bool) -> str:
        """Name of the engine for so many reads a thread; no effect on the result."""
        return self.engine.name if named else self.engine.for_share(self, share)


class Engine:
    """One kernel family.

    ``name``: how it is asked for; ``rank``: place in which it is asked when none is named;
    ``orders``, ``rules``: of updates that it makes; ``form``: of the couplings; ``takes_terms``:
    terms of many spins; ``takes_directed``: couplings; ``takes_special``: spins that are held,
    biases of single reads; ``chip``: it emulates one, and is never named; ``update_ns``: of a
    coupling in an update, to tell small work.
    """

    name: str = ""
    rank: int = 100
    orders: tuple[Order, ...] = ORDERS
    rules: tuple[Rule, ...] = RULES
    form: Form = "sparse"
    takes_terms: bool = False
    takes_directed: bool = False
    takes_special: bool = False
    chip: bool = False
    update_ns: float = 2.0

    def __reduce__(self) -> str:
        return "ENGINE"  # of its module, where there is one of each

    def refusal(self, model: Any, ask: Ask) -> ArgumentError | None:
        """Why the engine, asked for by name, cannot run the model; None if it can."""
        for name, value, can in (("order", ask.order, self.orders), ("rule", ask.rule, self.rules)):
            if value not in ("auto", *can):
                words = " or ".join(repr(word) for word in can)
                return ArgumentError("kernel", f"{self.name!r} needs {name} {words}", value)
        if not model.num_spins:
            return None
        what = kind_of(model)
        if ask.special is not None and not self.takes_special:
            what = ask.special
        elif self.takes_directed if isinstance(model, DirectedModel) else self.takes_terms:
            what = None
        if what is not None:
            rule = f"{self.name!r} takes no {what}"
            return ArgumentError("kernel", rule, remedy="use 'lanes' or 'reads'")
        colorless = "held spins" if ask.held else kind_of(model)
        if ask.order == "chromatic" and colorless is not None:
            rule = f"'chromatic' takes no {colorless}"
            return ArgumentError("order", rule, remedy="use 'sequential'")
        return None

    def offer(self, model: Any, ask: Ask) -> Plan | None:
        """A plan where no engine is named and this one is the fastest; None to pass."""
        return None

    def plan(self, model: Any, ask: Ask) -> Plan:
        """The plan for a model that the engine takes.

        Raises
        ------
        ValueError
            The engine cannot run it after all.
        """
        order = self._order(model, ask)
        colored = order == "chromatic" and bool(model.num_spins)
        return Plan(self, order, coloring=first_fit_coloring(model) if colored else None)

    def _order(self, model: Any, ask: Ask) -> Order:
        if ask.order != "auto":
            return ask.order  # type: ignore[return-value]
        colors = "chromatic" in self.orders and isinstance(model, IsingModel) and not ask.held
        return "chromatic" if colors and model.num_spins else "sequential"

    def for_share(self, plan: Plan, share: int) -> str:
        """Name of an engine of the same results that is faster for so many reads a thread."""
        return self.name

    def sizes(self, n: int, share: int) -> tuple[int, int]:
        """(most reads in a block, granularity of its limits) for n spins and a thread's share."""
        raise NotImplementedError

    def block(self, first: int, wanted: int, most: int, num_reads: int | None) -> Block:
        """Block of these reads, padded as the kernel likes it; ``most`` is the size of others."""
        return Block(first, wanted, wanted)

    def parts(self, n: int, num_reads: int | None, threads: int) -> int:
        """Threads that share one read."""
        return 1

    def run(self, task: Task, block: Block, spins: SpinArray, watch: Watch) -> Outcome:
        """Run a block from ``spins`` (n, width), which may be overwritten."""
        raise NotImplementedError

    def variant(self, task: Task, width: int) -> tuple[Any, ...]:
        """What tells compiled kernels apart: a task of the same variant compiles nothing."""
        model = task.model
        return (
            self.name,
            type(model.rows).__name__,
            model.real,
            model.rows.h.dtype,
            model.rows.kind,
            model.order is None,
            task.metropolis,
            task.order > 0,
            task.biases is None,
        )

    def warm(self, toy: Task, task: Task, block: Block) -> list[tuple[Task, Block]]:
        """Toy runs that compile all that the task needs, or load it."""
        return [(toy, Block(0, 1, 1))]


def kind_of(model: Any) -> str | None:
    """What a model has whose energy is no sum over pairs; None if it is one."""
    if isinstance(model, IsingModel):
        return None
    return "terms of many spins" if isinstance(model, PolynomialModel) else "directed couplings"
