"""Samplers behind dimod's interface: thin faces with D-Wave's keywords."""
