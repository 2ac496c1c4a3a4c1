"""Who has a room and when, and what contracts with venues ask for by a day."""
