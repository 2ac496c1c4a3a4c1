"""What the sign-up forms read of an event before and after they are filled in."""
