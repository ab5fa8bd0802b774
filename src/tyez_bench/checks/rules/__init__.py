"""The rules of the check, a module a family. ``rules.toml`` describes them."""
