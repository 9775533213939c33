"""Generated rulebooks and cases, and what must hold of every one of them."""
