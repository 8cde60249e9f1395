"""What the `doorway` commands do, one module each; heavy imports happen here and not in bot/cli.py."""
