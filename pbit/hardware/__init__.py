"""Networks as a chip runs them: what its p-bits, synapses and weights are not quite."""
