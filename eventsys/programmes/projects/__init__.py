"""What members work with, their goals and the figures over time."""
