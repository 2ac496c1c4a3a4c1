"""Who helps with which event: read at each request of a helper, written where the organiser's people are decided."""
