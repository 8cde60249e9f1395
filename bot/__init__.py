"""Doorway: answers migrants' questions about housing and settling in, in their own language."""
