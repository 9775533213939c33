"""Reading what people write: YAML, sentences, positions, messages."""
