"""Answers: written texts with sources, composed for one person and rendered for one channel."""
