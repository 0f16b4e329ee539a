"""pytest plugin: D-Wave's tests of its simulated annealing sampler run on PBitSampler.

Two of them rely on D-Wave's default rule, Metropolis, which has to be named here.
"""

import functools

import dwave.samplers.sa

from pbit import PBitSampler


class MetropolisByDefault(PBitSampler):
    """PBitSampler with D-Wave's default rule."""

    @functools.wraps(PBitSampler.sample)
    def sample(self, bqm, **keywords):
        keywords.setdefault("proposal_acceptance_criteria", "Metropolis")
        return super().sample(bqm, **keywords)


dwave.samplers.sa.SimulatedAnnealingSampler = MetropolisByDefault
