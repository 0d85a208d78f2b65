"""Text: what one utterance shows by its wording, and keyed hashes of what must not be kept."""
