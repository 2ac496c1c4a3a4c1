"""What is kept of somebody, sent to them or erased; what was erased, in counts."""
