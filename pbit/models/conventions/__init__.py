"""Other conventions as arrays in ours: dimod, bits, networkx. They import no model."""
