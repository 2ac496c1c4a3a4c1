"""Privacy: what is kept of somebody, and erased."""
