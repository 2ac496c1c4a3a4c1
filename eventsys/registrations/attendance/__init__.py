"""The day itself: who came, who did not, and what that makes of a registration."""
