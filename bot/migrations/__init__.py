"""The steps from one version of the tables to the next, run by Alembic when a database is opened (bot/core/schema.py).

A new step: change the table in its module, run `python -m bot.migrations.draft "what changes"`, read what it wrote.
While a new version is rolled out, the old one works on the new tables: a step adds; what is no longer used goes one
version later.
"""
