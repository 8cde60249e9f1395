"""Channels: how messages come in and answers go out, exactly once."""
