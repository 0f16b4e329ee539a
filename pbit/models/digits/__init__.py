"""Models of digits: sites of K values each, in pairs of tables or as Potts spins."""
