"""How much of what an organiser sends and publishes is in each form of Norwegian, for the report that the law asks of."""
