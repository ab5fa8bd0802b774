"""Scoring what is larger than a machine: one kernel that counts a batch, called by processes, Spark and Ray alike."""
