"""Reading and writing: formats, label maps, detection, records placed in the documents of a gold set, exports."""
