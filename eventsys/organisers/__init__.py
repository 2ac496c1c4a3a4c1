"""Organisers: who owns everything that is arranged. The first package, so that every row below can point at its owner."""
