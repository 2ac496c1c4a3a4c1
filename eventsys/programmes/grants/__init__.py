"""Who else than a programme's own organiser may arrange for its cohorts and networks."""
