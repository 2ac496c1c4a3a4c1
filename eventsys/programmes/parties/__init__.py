"""Who is behind a programme: the parties that agreed on it, and the partners who get copies of its letters."""
