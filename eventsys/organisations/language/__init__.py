"""Which form of the language organisations have chosen: the official list, and what each chose when."""
