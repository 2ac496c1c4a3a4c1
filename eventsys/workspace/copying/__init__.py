"""Events made over again: one, the next of a series, or a whole series in another year."""
