"""How near to the best do recommendations come that a restricted Boltzmann machine makes?

Users of four tastes like 64 items (``pbit.problems.learning.tastes``); a share of their answers is
missing, to learn from and to be predicted: accuracy on these. The best is Bayes' rule of the law
that the answers were drawn from. The machine leaves out what is missing, with the settings that are
best on a tenth of the known answers, kept apart. "Gaps free" draws them in the clamped phase; "gaps
as dislikes" is the same machine on data whose gaps are filled. Peers get the parameter that is best
on the hidden answers, of those tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import click
import numpy as np
import numpy.typing as npt
from sklearn.impute import KNNImputer

from pbit.problems.boltzmann import RestrictedBoltzmannMachine
from pbit.problems.learning.tastes import Likes, Tastes
from record import headline, options, pyplot, write

Floats = npt.NDArray[np.float64]

MISSING = (0.2, 0.5, 0.8, 0.95)
USERS, HIDDEN, EPOCHS, STEPS, RATES, DECAY = 2000, 6, 250, 5, (0.1, 0.002), 0.01
Setting = tuple[int, tuple[float, float], float]  # hidden p-bits, learning rates, weight decay
SETTINGS: tuple[Setting, ...] = tuple(
    product((3, 8), ((0.1, 0.005), (0.5, 0.02)), (0.001, 0.003, 0.01))
)
_APART = 0.1
RANKS, NEIGHBOURS = (1, 2, 3, 4, 6), (30, 100)


class Row(NamedTuple):
    """Accuracy on what was missing, and its error over data sets; seconds of processor."""

    missing: float
    method: str
    accuracy: float
    error: float
    seconds: float


def machine(likes: Likes, seed: int) -> Floats:
    """Probability of each item to be liked by a machine that leaves out what is not known; its
    settings are those that are best on a tenth of the known answers, which it learns without."""
    rng = np.random.default_rng(seed)
    apart = likes.known & (rng.random(likes.known.shape) < _APART)
    told = replace(likes, known=likes.known & ~apart)

    def right(setting: Setting) -> float:
        return float(((left_out(told, seed, setting) > 0.5) == (likes.spins > 0))[apart].mean())

    return left_out(likes, seed, max(SETTINGS, key=right))


def left_out(likes: Likes, seed: int, setting: Setting) -> Floats:
    """The same with given settings."""
    hidden, rates, decay = setting
    rbm = RestrictedBoltzmannMachine(
        hidden, missing="left out", negative="cd", n_iter=EPOCHS, learning_rate=rates,
        weight_decay=decay, momentum=0.5, batch_size=200, random_state=seed,
    )  # fmt: skip
    data = np.where(likes.known, likes.spins, np.nan)
    return np.asarray(rbm.fit(data).complete_proba(data))


def free_gaps(likes: Likes, seed: int, *, gaps: float = np.nan) -> Floats:
    """Probability of each item to be liked, by a machine whose gaps are free and by chains that
    hold what is known."""
    told = np.where(likes.known, likes.spins, np.nan)
    rbm = RestrictedBoltzmannMachine(
        HIDDEN, missing=True, n_iter=EPOCHS, learning_rate=RATES, weight_decay=DECAY,
        n_steps=STEPS, clamped_steps=STEPS, momentum=0.0, batch_size=200, random_state=seed,
    )  # fmt: skip
    rbm.fit(np.where(likes.known, likes.spins, gaps))
    return rbm.complete_proba(told, random_state=seed)


def popularity(likes: Likes) -> Floats:
    """Share of those who like an item among those who said something of it."""
    liked = ((likes.spins > 0) & likes.known).sum(axis=0)
    return np.broadcast_to((liked + 0.5) / (likes.known.sum(axis=0) + 1.0), likes.spins.shape)


def singular_vectors(likes: Likes, rank: int) -> Floats:
    """Gaps filled by the leading singular vectors, again and again, from the items' means on."""
    means = 2 * popularity(likes) - 1
    filled = np.where(likes.known, likes.spins, means)
    for _ in range(30):
        u, s, v = np.linalg.svd(filled - means, full_matrices=False)
        low = means + (u[:, :rank] * s[:rank]) @ v[:rank]
        filled = np.where(likes.known, likes.spins, low)
    return np.asarray(0.5 + 0.5 * low)


def neighbours(likes: Likes, count: int) -> Floats:
    """scikit-learn's imputer by the nearest users."""
    told = np.where(likes.known, likes.spins, np.nan)
    told[:, ~likes.known.any(axis=0)] = 0.0
    return np.asarray(0.5 + 0.5 * KNNImputer(n_neighbors=count).fit_transform(told))


def accuracy(liked: Floats, likes: Likes) -> float:
    """Share of right answers on what is missing."""
    return float(((liked > 0.5) == (likes.spins > 0))[~likes.known].mean())


def best_of(method: Callable[[Likes, int], Floats], choices: tuple[int, ...]) -> Any:
    """The best accuracy over the choices."""
    return lambda likes, seed: max(accuracy(method(likes, k), likes) for k in choices)


METHODS: dict[str, Callable[[Likes, int], float]] = {
    "restricted machine": lambda likes, seed: accuracy(machine(likes, seed), likes),
    "the same, gaps free": lambda likes, seed: accuracy(free_gaps(likes, seed), likes),
    "gaps as dislikes": lambda likes, seed: accuracy(free_gaps(likes, seed, gaps=-1.0), likes),
    "singular vectors, best rank": best_of(singular_vectors, RANKS),
    "k nearest users, best k": best_of(neighbours, NEIGHBOURS),
    "popularity": lambda likes, seed: accuracy(popularity(likes), likes),
}


def rows_of(missing: float, repeats: int, seed: int) -> Iterator[Row]:
    """All methods on the same data sets."""
    laws = [Tastes.random(seed=seed + k) for k in range(repeats)]
    sets = [law.draw(USERS, missing=missing, seed=seed + k) for k, law in enumerate(laws)]
    best = [law.best_accuracy(likes) for law, likes in zip(laws, sets, strict=True)]
    yield _row(missing, "best there can be", best, 0.0)
    for name, method in METHODS.items():
        start = time.process_time()
        found = [method(likes, seed + k) for k, likes in enumerate(sets)]
        yield _row(missing, name, found, (time.process_time() - start) / repeats)


def _row(missing: float, name: str, found: list[float], seconds: float) -> Row:
    error = float(np.std(found, ddof=1) / np.sqrt(len(found))) if len(found) > 1 else 0.0
    return Row(missing, name, float(np.mean(found)), error, seconds)


def print_rows(rows: list[Row]) -> None:
    """A line a method, a column a share of missing answers."""
    print(f"{'missing':28}" + "".join(f"{share:>17g}" for share in MISSING) + "        seconds")
    for name in dict.fromkeys(row.method for row in rows):
        mine = [row for row in rows if row.method == name]
        told = "".join(f"{row.accuracy:>9.4f} ± {row.error:.4f}"[:18].rjust(17) for row in mine)
        print(f"{name:28}{told}{np.mean([row.seconds for row in mine]):>15.1f}")


def draw(rows: list[Row], path: Any) -> None:
    """Accuracy against what is missing."""
    plt = pyplot()
    figure, axis = plt.subplots(figsize=(5.5, 3.6), layout="constrained")
    for name in dict.fromkeys(row.method for row in rows):
        mine = [row for row in rows if row.method == name]
        style = "k--" if name.startswith("best") else "o-"
        axis.plot([r.missing for r in mine], [r.accuracy for r in mine], style, ms=4, label=name)
    axis.set(xlabel="share of answers missing", ylabel="right on the missing ones")
    axis.legend(fontsize=7)
    figure.savefig(path, dpi=110)


@click.command()
@options
def main(seed: int, repeats: int, json_file: Any, plot_file: Any) -> None:
    """Print accuracies of the machine and of its peers; --repeats data sets."""
    print(headline(f"{USERS} users, 64 items, 4 tastes, {repeats} data sets, seed {seed}"))
    rows = [row for missing in MISSING for row in rows_of(missing, repeats, seed)]
    print_rows(rows)
    if json_file is not None:
        write(json_file, "recommender", [row._asdict() for row in rows], seed=seed)
    if plot_file is not None:
        draw(rows, plot_file)


if __name__ == "__main__":
    main()
