"""What one's own pages and the registrar's are made of: their reads, forms, words, and the link sent once more."""
