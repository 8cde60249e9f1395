"""Languages: the registry, the catalogues, their extraction and their checks."""
