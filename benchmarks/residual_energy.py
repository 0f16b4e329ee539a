"""How many sweeps of tempering to which energy, next to the published APT+ICM.

3D +-J glasses of the p-bit literature (``$PBIT_DATA/spinglass_3d_opuslab``). The residual energy is
``rho = (<E> - E0) / n``, E the lowest energy of any replica up to a sweep, averaged over instances,
E0 the putative ground energy that comes with them; a run may go below it. Published: Chowdhury et
al., Nat. Commun. 16, 9193 (2025), from its data, 4 replicas at each temperature.
"""

from __future__ import annotations

from typing import Any

import click
import numpy as np

from instance_sets import load
from pbit import temper
from pbit.statistics import residual_curve
from record import headline, options, write

# rho after 100 and 1000 sweeps.
PUBLISHED = {
    8: (0.0131, 0.00029),
    10: (0.0282, 0.00143),
    12: (0.0374, 0.00473),
    15: (0.0417, 0.00858),
    16: (0.0453, 0.0149),
}


@click.command()
@options
@click.option("--sizes", default="8,10,12,15,16", show_default=True)
@click.option("--instances", default=20, show_default=True, type=click.IntRange(2))
@click.option("--sweeps", default=10_000, show_default=True, type=click.IntRange(100))
@click.option("--replicas", type=click.IntRange(2), help="At each temperature; ours by default.")
def main(
    seed: int,
    repeats: int,
    json_file: Any,
    plot_file: Any,
    sizes: str,
    instances: int,
    sweeps: int,
    replicas: int | None,
) -> None:
    """Print residual energies after 100, 1000, ... sweeps. --repeats and --plot do nothing here."""
    print(headline(f"residual energies, {instances} instances, seed {seed}"))
    times = [t for t in (100, 300, 1000, 3000, 10_000, 30_000, 100_000) if t <= sweeps]
    print("  L  spins  betas x replicas      sweeps         rho       error  published")
    rows = []
    for side in (int(size) for size in sizes.split(",")):
        cases = load("ea3d", side, first=0, count=instances)
        lowest, shape = np.empty((len(cases), len(times), 1)), ""
        for k, case in enumerate(cases):
            run = temper(
                case.model, num_sweeps=sweeps, num_replicas=replicas, seed=seed + k, traced=True
            )
            trace = np.minimum.accumulate(run.info["trace"][0])
            lowest[k, :, 0] = trace[np.array(times) - 1]
            shape = f"{len(run.info['betas'])} x {run.info['num_replicas']}"
        targets = np.array([case.target for case in cases])
        n = cases[0].model.num_spins
        curve = residual_curve(lowest, targets, num_spins=n)
        for t, rho, error in zip(times, curve.mean, curve.error, strict=True):
            known = {100: PUBLISHED[side][0], 1000: PUBLISHED[side][1]}.get(t, "")
            print(f"{side:3} {n:6}  {shape:>16} {t:11}  {rho:10.3g}  {error:10.2g}  {known}")
            rows.append({"side": side, "sweeps": t, "rho": rho, "error": error, "ladder": shape})
    if json_file is not None:
        write(json_file, "residual_energy", rows)


if __name__ == "__main__":
    main()
