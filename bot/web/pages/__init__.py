"""Pages for people: every answer as a plain page, and the conversation page. All of it works without JavaScript."""
