"""A small app on aiobotocore: calls side by side, a stream, a call that is refused by its guardrail's absence."""

from __future__ import annotations

import asyncio

from aiobotocore.session import get_session

MODEL = "amazon.nova-lite-v1:0"
HELLO = [{"role": "user", "content": [{"text": "hello"}]}]


async def main() -> None:
    session = get_session()
    async with session.create_client("bedrock-runtime") as runtime:
        answers = await asyncio.gather(*(runtime.converse(modelId=MODEL, messages=HELLO) for _ in range(5)))
        print(len(answers))  # noqa: T201
        streamed = await runtime.converse_stream(modelId=MODEL, messages=HELLO)
        print(len([event async for event in streamed["stream"]]) > 0)  # noqa: T201
    async with session.create_client("bedrock-agent-runtime") as agents:
        found = await agents.retrieve(knowledgeBaseId="KB12345678", retrievalQuery={"text": "what is known?"})
        print(len(found["retrievalResults"]))  # noqa: T201


asyncio.run(main())
