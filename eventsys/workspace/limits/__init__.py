"""What limits an event: what its organisers type about it, and what there is already."""
