"""What organisers type about programmes and who is in their cohorts and networks, as values."""
