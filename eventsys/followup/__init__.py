"""What organisers follow up afterwards: how sign-ups grew, who comes from where, and what it was like the times before."""
