"""Runs inside `.venv-stock`: a JSON list of texts on stdin → their intent rankings on the last line of stdout."""

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent


async def main(model: str) -> None:
    texts = json.load(sys.stdin)
    agent = Agent.load(model)
    rankings = []
    for text in texts:
        parsed = await agent.parse_message(text)
        rankings.append([item["name"] for item in parsed["intent_ranking"] if item["name"] != "nlu_fallback"])
    sys.stdout.write("\n" + json.dumps(rankings) + "\n")


asyncio.run(main(str(sorted(Path("models").glob("*.tar.gz"))[-1])))
