"""One run of a network of p-bits: asked for, prepared, shared among threads, collected."""
