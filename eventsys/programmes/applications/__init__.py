"""Applications: written by several, saved as they are written, sent once and in time."""
