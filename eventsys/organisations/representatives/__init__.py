"""Representatives of unions in the municipalities: a special category, seen by the union and its confederation alone."""
