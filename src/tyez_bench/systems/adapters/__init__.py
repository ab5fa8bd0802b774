"""Other people's systems, a module each."""
