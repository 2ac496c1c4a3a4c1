"""Two who change one thing at once: what each typed is joined, and where both changed a field they are asked."""
