"""Who people are over several events: what is under an address, what an organisation has, and «the same as last time»."""
