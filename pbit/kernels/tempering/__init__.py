"""Compiled sweeps, swaps and cluster moves of replicas on a ladder."""
