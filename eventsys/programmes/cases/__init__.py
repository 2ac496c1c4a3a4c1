"""What a call, an application and a decision have in common: their history, and the links of those who take part."""
