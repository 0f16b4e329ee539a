"""Algorithms over runs of networks: anneals, moments, averages, tempering, populations."""
