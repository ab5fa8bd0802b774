"""Reports for people and for programs: the only place besides the commands that writes for people."""
