"""Which organiser advises a network: the drafts that are made for each network become its own."""
