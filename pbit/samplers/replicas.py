"""Coupled replicas: what tempering, population annealing and Trotter slices have in common."""

from __future__ import annotations

from typing import Protocol


class Replicas(Protocol):
    """Networks that are swept side by side and coupled in between.

    ``couple`` is what one sampler differs in from another: swaps of neighbours in temperature,
    copies of members that fit the next one, bonds between slices of imaginary time. A kernel may
    do several of these at once where that is faster; here they are steps of a program.
    """

    def is_over(self) -> bool:
        """Whether all steps are made, or the run has been stopped."""
        ...

    def couple(self) -> None:
        """Let the replicas act on each other, for the step that comes."""
        ...

    def sweep(self) -> None:
        """Sweep every replica by itself."""
        ...

    def look(self) -> None:
        """Take down what is to be known of the step."""
        ...


def drive(replicas: Replicas) -> None:
    """Couple, sweep and look, step after step, until it is over.

    Examples
    --------
    >>> class Count:
    ...     steps = 0
    ...     def is_over(self): return self.steps == 3
    ...     def couple(self): pass
    ...     def sweep(self): self.steps += 1
    ...     def look(self): print(self.steps)
    >>> drive(Count())
    1
    2
    3
    """
    while not replicas.is_over():
        replicas.couple()
        replicas.sweep()
        replicas.look()
