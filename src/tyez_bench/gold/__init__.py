"""Gold sets: loading, label sets, the manifest, sentences; and in ``build``, how the gold of the page is made."""
