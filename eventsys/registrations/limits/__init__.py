"""What is limited, how much of it is taken, and whom a free place fits."""
