"""Energy functions: pairwise, of higher order, directed; what is held or cut out of them."""
