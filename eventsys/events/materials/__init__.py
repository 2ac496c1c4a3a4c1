"""The papers of events and sessions: put up, opened by those whom they are for, told of once."""
