"""Results as tables, a module a kind of result."""
