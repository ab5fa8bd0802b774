"""The stress suite: labelled cases made from hand-written templates, apart from the gold of the page."""
