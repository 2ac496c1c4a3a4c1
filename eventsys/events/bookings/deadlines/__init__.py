"""Days by which venues must be told: rooms and beds given back, numbers of meals; and the mail that reminds of them."""
