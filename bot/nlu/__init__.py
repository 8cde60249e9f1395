"""Understanding: Rasa graph components and the plain functions and tables they share.

Order in the graph: normalise → language → gloss → encoder → intent → crisis → entities. Each component adds
one thing to the message and none removes what another added.
"""
