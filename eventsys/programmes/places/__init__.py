"""Where organisations belong: ending their places in cohorts and networks, and passing them on to a successor."""
