"""The log: who did what to objects that have no history of their own, and the reading of every history as one list."""
