"""Where results go: formats of what is written, and its clients."""
