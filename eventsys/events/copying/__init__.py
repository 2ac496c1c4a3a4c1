"""An event made over again at another time: what follows, and where its days come to lie."""
