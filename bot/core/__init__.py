"""The ground floor: settings, errors, time, ids, logging, text. Imports nothing of ours."""
