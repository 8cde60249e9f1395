"""The web front: API, pages, widget."""
