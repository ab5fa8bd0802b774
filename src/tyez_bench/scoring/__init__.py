"""From spans to figures: matching, additive counts, measures, report, agreement."""
