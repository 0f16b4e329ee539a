"""A chip's graph learns MNIST: 4,264 p-bits of degree 15, 30,404 couplings, label units five times.

The machine of Niazi et al. (Nature Electronics 7, 610 (2024)): 784 pixels, 50 label units and 3,430
hidden p-bits seated at random on Pegasus P14. Prints after each epoch which part of test images is
told right, by the mean field and by the votes of chains, and keeps a checkpoint: started again with
the same options, it goes on. Needs ``$PBIT_DATA/mnist``; minutes an epoch.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click
import numpy as np
import numpy.typing as npt

from learning_data import chip_graph, mnist
from pbit.problems.boltzmann import BoltzmannMachine
from pbit.problems.learning import DataSet
from record import headline

COPIES = 5
_SETTLE, _BETWEEN = 40, 2  # sweeps first, sweeps between states that are looked at
_LOOKS, _LAST_LOOKS = 30, 300  # after an epoch, at the end
_FEW, _MORE = 500, 2000  # test images after an epoch


class Told(BoltzmannMachine):  # type: ignore[misc]
    """A machine that says after each epoch what it makes of test images."""

    test: DataSet

    def _begun(self, *given: Any) -> Any:
        self.begun = super()._begun(*given)
        return self.begun

    def _measured(self, rows: npt.NDArray[np.int8]) -> dict[str, float]:
        found = {"mean_field": self.right(_FEW), "votes": self.right_by_votes(_MORE)}
        print(
            f"{self.begun.epoch:5}  {time.process_time():11.0f}  "
            f"{100 * found['mean_field']:12.1f}  {100 * found['votes']:7.1f}",
            flush=True,
        )
        return found

    def right(self, count: int) -> float:
        """Part of the first test images that the mean field tells."""
        found = self._class_weights(self.test.spins[:count]).argmax(axis=1)
        return self._part(found)

    def right_by_votes(self, count: int, looks: int = _LOOKS) -> float:
        """The same by chains whose pixels are held: the class whose units are up most often."""
        machine, pixels = self.machine_, self.test.spins[:count]
        chains = machine.chains(count, seed=0)
        visible = machine.visible(chains)
        visible[:, : pixels.shape[1]] = pixels
        machine.start(chains, visible.astype(np.float32))
        held = np.arange(visible.shape[1]) < pixels.shape[1]
        machine.advance(chains, _SETTLE, held=held)
        ups = np.zeros((count, self.labels_.count))
        for _ in range(looks):
            machine.advance(chains, _BETWEEN, held=held)
            ups += machine.visible(chains)[:, pixels.shape[1] :] > 0
        told = self.labels_.votes(ups).argmax(axis=1)
        return self._part(told)

    def _part(self, told: npt.NDArray[np.int64]) -> float:
        labels = np.asarray(self.test.labels)
        return float((told == labels[: told.size]).mean())


@click.command()
@click.option("--checkpoint", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--epochs", default=25, show_default=True)
@click.option("--sweeps", default=8, show_default=True, help="Of each phase or mean field.")
@click.option("--rate", default=(0.004, 0.0001), show_default=True, type=(float, float))
@click.option(
    "--conditional", default=1.0, show_default=True, help="Share of ln p(label | pixels)."
)
@click.option("--phase", default="cd", show_default=True, type=click.Choice(["cd", "pcd"]))
@click.option("--seed", default=1, show_default=True)
def main(
    checkpoint: Path, epochs: int, sweeps: int, rate: tuple[float, float], conditional: float,
    phase: Any, seed: int,
) -> None:  # fmt: skip
    """Train, go on from the checkpoint if it is there, and tell all test images at the end."""
    graph, name = chip_graph(seed)
    told = f"conditional {conditional:g}, {phase}-{sweeps}, rates {rate}, seed {seed}"
    print(headline(f"{name}, {told}"))
    print("epoch  processor s  mean field %  votes %")
    train, test = mnist()
    machine = Told(
        graph, label_copies=COPIES, learning_rate=rate, conditional=conditional, adaptive=True,
        momentum=0.9, batch_size=64, n_iter=epochs, negative=phase, n_steps=sweeps,
        clamped_steps=sweeps, checkpoint=checkpoint, resume=True, verbose=1, random_state=seed,
    )  # fmt: skip
    machine.test = test
    machine.fit(train.spins, train.labels)
    everything = len(test.spins)
    print(f"all {everything}: {100 * machine.right(everything):.2f} by the mean field, ", end="")
    print(f"{100 * machine.right_by_votes(everything, _LAST_LOOKS):.2f} by votes")


if __name__ == "__main__":
    main()
