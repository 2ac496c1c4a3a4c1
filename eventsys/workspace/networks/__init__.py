"""One event for each network: drafts that belong to the networks' advisers, who set the day."""
