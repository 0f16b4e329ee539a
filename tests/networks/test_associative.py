"""Associative memories: against plain loops, against exact laws, and what they refuse."""

import itertools
import re

import numpy as np
import pytest

from pbit.checks import TooLargeError
from pbit.networks.associative import (
    ERASED,
    CliqueMemory,
    TemplateMemory,
    expected_density,
    expected_error,
)
from pbit.statistics import binomial_p_values

ALPHA = 1e-6


def random_messages(count, clusters, symbols, seed):
    return np.random.default_rng(seed).integers(0, symbols, (count, clusters))


def recalled_by_sets(messages, probe, symbols, rounds):
    """What may be meant in each cluster, and links read, by sets of linked pairs."""
    clusters = len(probe)
    linked = {
        ((i, a), (j, b))
        for message in messages
        for (i, a), (j, b) in itertools.permutations(enumerate(message), 2)
    }
    meant = [set(range(symbols)) if s == ERASED else {s} for s in probe]
    active = [set() if s == ERASED else {s} for s in probe]
    reads = 0
    for _ in range(rounds):
        after = [set(each) for each in meant]
        for i in (i for i in range(clusters) if probe[i] == ERASED):
            others = [j for j in range(clusters) if j != i]
            reads += len(meant[i]) * sum(len(active[j]) for j in others)
            score = {
                a: sum(any(((i, a), (j, b)) in linked for b in active[j]) for j in others)
                for a in meant[i]
            }
            after[i] = {a for a in meant[i] if score[a] == max(score.values())}
        changed, meant, active = after != meant, after, after
        if not changed or all(len(each) == 1 for each in meant):
            break
    return meant, reads


@pytest.mark.parametrize("rounds", [1, 4])
def test_recall_is_that_of_plain_sets(rounds):
    messages = random_messages(30, 4, 6, seed=1)
    memory = CliqueMemory(4, 6)
    memory.store(messages)
    generator = np.random.default_rng(2)
    probes = np.where(generator.random((20, 4)) < 0.4, ERASED, messages[:20])
    found = memory.recall(probes, rounds=rounds)
    expected = [recalled_by_sets(messages.tolist(), p, 6, rounds) for p in probes.tolist()]
    assert found.reads == sum(reads for _, reads in expected)
    for k, (meant, _) in enumerate(expected):
        assert found.messages[k].tolist() == [min(each) for each in meant]
        assert found.ambiguous[k] == any(len(each) > 1 for each in meant)


def test_what_was_stored_is_never_lost():
    """Whoever is sure is right: the stored symbol always has the most links."""
    messages = random_messages(60, 5, 8, seed=3)
    memory = CliqueMemory(5, 8)
    memory.store(messages)
    probes = messages.copy()
    probes[:, :2] = ERASED
    found = memory.recall(probes)
    sure = ~found.ambiguous
    assert 0 < sure.sum() < len(sure)
    np.testing.assert_array_equal(found.messages[sure], messages[sure])
    np.testing.assert_array_equal(memory.recall(messages).messages, messages)


def test_density_follows_its_law():
    """Links of independent memories; 1/30 in the place of 1/25 is 8 errors off."""
    hits = sum(_linked(seed) for seed in range(4000))
    right, wrong = expected_density(20, 5), -np.expm1(20 * np.log1p(-1 / 30))
    assert binomial_p_values([hits], [4000], [right])[0] > ALPHA
    assert binomial_p_values([hits], [4000], [wrong])[0] < ALPHA


def _linked(seed):
    memory = CliqueMemory(2, 5)
    memory.store(random_messages(20, 2, 5, seed))
    return int(memory.links[0, 1, 0, 0])


def test_error_of_one_round_follows_its_law():
    """Exact for two symbols, one erased; links taken as independent (d^k) are 8 errors off."""
    runs, load, known = 1000, 4, 3
    wrong = 0
    for seed in range(runs):
        messages = random_messages(load, known + 1, 2, seed)
        memory = CliqueMemory(known + 1, 2)
        memory.store(messages)
        probe = messages[:1].copy()
        probe[0, 0] = ERASED
        wrong += int(memory.recall(probe, rounds=1).ambiguous[0])
    exact = expected_error(load, num_symbols=2, known=known, erased=1)
    assert binomial_p_values([wrong], [runs], [exact])[0] > ALPHA
    independent = (1 - (1 - 1 / 4) ** (load - 1)) ** known
    assert binomial_p_values([wrong], [runs], [independent])[0] < ALPHA


def test_failed_writes_are_as_many_as_asked():
    messages = [[a, b] for a in range(60) for b in range(60)]
    memory = CliqueMemory(2, 60)
    memory.store(messages, failed=0.1, seed=1)
    missing = 3600 - int(memory.links[0, 1].sum())
    assert binomial_p_values([missing], [3600], [0.1])[0] > ALPHA
    assert binomial_p_values([missing], [3600], [0.15])[0] < ALPHA
    np.testing.assert_array_equal(memory.links[0, 1], memory.links[1, 0].T)
    assert memory.num_junctions == 3600


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: CliqueMemory(1, 4), "num_clusters must be >= 2, got 1"),
        (lambda: CliqueMemory(4, 1), "num_symbols must be >= 2, got 1"),
        (lambda: CliqueMemory(2, 4).store([[0, 4]]), "messages must be symbols from 0 to 3"),
        (lambda: CliqueMemory(2, 4).store([[0, 1, 2]]), "shape (rows, 2), got int64 of shape"),
        (lambda: CliqueMemory(2, 4).store([[0.5, 1.0]]), "must be whole numbers of shape"),
        (lambda: CliqueMemory(2, 4).store([[0, 1]], failed=1), "failed must be from 0 to below 1"),
        (lambda: CliqueMemory(2, 4).recall([[-2, 1]]), "probes must be symbols from -1 to 3"),
        (lambda: CliqueMemory(2, 4).recall([[-1, 1]], rounds=0), "rounds must be >= 1, got 0"),
        (lambda: TemplateMemory([[1]], most=1, distance="euclid"), "distance must be manhattan or"),
        (lambda: TemplateMemory([[2]], most=1), "patterns must be from 0 to 1, got 2 to 2"),
        (lambda: TemplateMemory([[0.5]], most=1), "patterns must be whole numbers of shape"),
        (lambda: TemplateMemory([[1]], most=1).match([[1, 0]]), "shape (rows, 1), got int64 of"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        call()


def test_too_many_links_are_refused():
    with pytest.raises(TooLargeError, match=r"links need about .*; lower num_symbols"):
        CliqueMemory(100, 10**6)


@pytest.mark.parametrize("distance", ["manhattan", "hamming"])
def test_nearest_pattern_and_its_cells_are_those_of_plain_loops(distance):
    generator = np.random.default_rng(7)
    patterns, rows = generator.integers(0, 4, (9, 6)), generator.integers(0, 4, (15, 6))
    found = TemplateMemory(patterns, most=3, distance=distance).match(rows)
    cells = 0
    for k, row in enumerate(rows):
        off = [
            [
                abs(a - b) if distance == "manhattan" else int(a != b)
                for a, b in zip(p, row, strict=True)
            ]
            for p in patterns
        ]
        sums = [sum(each) for each in off]
        assert found.nearest[k] == sums.index(min(sums)) and found.distances[k] == min(sums)
        racing, so_far, step = set(range(9)), [0] * 9, 3 if distance == "manhattan" else 1
        for column in range(6):
            cells += len(racing)
            so_far = [total + each[column] for total, each in zip(so_far, off, strict=True)]
            rest = step * (5 - column)
            racing -= {t for t in racing if so_far[t] - min(so_far) > rest}
        assert sums.index(min(sums)) in racing
    assert found.in_race == cells < found.by_column
    assert (found.by_column, found.always_on) == (9 * 6 * 15, 9 * 6 * 15 * 6)
