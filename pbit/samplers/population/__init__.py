"""Population annealing."""
