"""Events that overlap: what one person alone is told of."""
