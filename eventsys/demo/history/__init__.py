"""How the programme came to be, for the full demo: from the call of November 2006 to the summer of 2008.

Who applied, was admitted and came is drawn by lot, and says so.
"""
