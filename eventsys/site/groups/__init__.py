"""A group's own pages, each member's behind a link of their own."""
