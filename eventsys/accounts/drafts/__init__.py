"""What accounts have typed into forms and not saved: kept, found again, shown to nobody else."""
