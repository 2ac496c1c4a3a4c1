"""What organisers say of mail texts: names and faults in their language, forms, previews. The pages are in `views`."""
