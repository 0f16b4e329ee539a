"""Measuring the time to solution of a solver or of any dimod sampler."""
