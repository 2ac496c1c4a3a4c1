"""The public front page and the installation's own pages."""
