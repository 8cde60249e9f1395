"""Rasa actions: one feature a module, each a few lines around the libraries below."""
