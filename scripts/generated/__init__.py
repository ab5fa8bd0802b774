"""What is generated, a module for each kind of file; ``regenerate.py`` has the table, writes and compares."""
