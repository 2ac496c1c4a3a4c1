"""What comes again: series of events, the next of one, and a whole one made over again."""
