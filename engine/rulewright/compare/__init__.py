"""Two policies, rulebooks or revisions compared: what changed in words, what that does to cases, and which change did it."""
