"""Administrative areas of China by code and by name."""
