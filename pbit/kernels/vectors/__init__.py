"""Short vectors in LLVM's own types, and circuits over bit planes."""
