"""What organisers say of rules, and what they may say: sentences, forms, reads. The pages are in `workspace.views`."""
