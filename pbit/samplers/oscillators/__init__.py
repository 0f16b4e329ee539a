"""Ising machines of oscillators: phases that lock, and bifurcations simulated."""
