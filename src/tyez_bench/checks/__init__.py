"""The consistency check: rules over a gold set, findings with place and reason. Prints nothing."""
