"""Networks of devices: weights that sit in arrays, and what is built of them."""
