"""An audience asked to an event: who was asked, what each answered, and the places held for them."""
