"""A small app on langchain-aws: a chat with a guardrail, embeddings and a retriever."""

from __future__ import annotations

from langchain_aws import AmazonKnowledgeBasesRetriever, BedrockEmbeddings, ChatBedrockConverse

REGION = "us-east-1"

chat = ChatBedrockConverse(
    model="us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    region_name=REGION,
    guardrail_config={"guardrailIdentifier": "gr1234567890", "guardrailVersion": "1"},
)
print(chat.invoke("hello").content)  # noqa: T201
print(len(list(chat.stream("hello"))) > 0)  # noqa: T201

embeddings = BedrockEmbeddings(model_id="amazon.titan-embed-text-v2:0", region_name=REGION)
print(len(embeddings.embed_documents(["one", "two"])))  # noqa: T201

retriever = AmazonKnowledgeBasesRetriever(
    knowledge_base_id="KB12345678",
    region_name=REGION,
    retrieval_config={"vectorSearchConfiguration": {"numberOfResults": 2}},
)
print(len(retriever.invoke("what is known?")))  # noqa: T201
