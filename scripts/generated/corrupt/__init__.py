"""Single corruptions of the gold, each made the way a person or a tool makes it.

Offsets, surface and id fit each other unless the kind says otherwise.
"""
