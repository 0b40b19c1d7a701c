"""Configurations that say everything there is to say, and one for each thing that can be wrong."""

from __future__ import annotations

from bedrock_guard.configuration import KEYS, Settings

KNOWLEDGE_BASE = "arn:aws:bedrock:us-east-1:123456789012:knowledge-base/KB12345678"
ROLE = "arn:aws:iam::123456789012:role/svc/app"

EVERY_KEY = f"""\
models = ["amazon.nova-lite-v1:0", "us.amazon.nova-pro-v1:0"]
operations = ["converse", ["retrieve", "{KNOWLEDGE_BASE}"]]
capabilities = ["knowledge-bases.query@{KNOWLEDGE_BASE}"]
actions = ["bedrock:ListGuardrails", "bedrock:Retrieve@{KNOWLEDGE_BASE}"]
service_roles = {{ lambda = "{ROLE}", knowledge-base = "{ROLE},bucket=docs" }}
region = "us-east-1"
principal_arn = "{ROLE}"
evaluators = ["offline", "probe"]
budget_seconds = 3
on_unverified = "raise"
check_model_access = false
redact = true
diagnose = "live"

[context]
"aws:SourceVpce" = "vpce-1"
"aws:TagKeys" = ["a", "b"]
"aws:MultiFactorAuthPresent" = true
"aws:MultiFactorAuthAge" = 60

[[requests]]
operation = "converse"
[requests.parameters]
modelId = "amazon.nova-lite-v1:0"

[[requests]]
operation = "bedrock:ListGuardrails"
"""

ALL_SET = Settings(
    models=("amazon.nova-lite-v1:0", "us.amazon.nova-pro-v1:0"),
    operations=("converse", ("retrieve", KNOWLEDGE_BASE)),
    capabilities=(("knowledge-bases.query", KNOWLEDGE_BASE),),
    actions=("bedrock:ListGuardrails", ("bedrock:Retrieve", KNOWLEDGE_BASE)),
    requests=(("converse", {"modelId": "amazon.nova-lite-v1:0"}), ("bedrock:ListGuardrails", {})),
    service_roles=(f"lambda={ROLE}", f"knowledge-base={ROLE},bucket=docs"),
    region="us-east-1",
    principal_arn=ROLE,
    context={
        "aws:SourceVpce": ("vpce-1",),
        "aws:TagKeys": ("a", "b"),
        "aws:MultiFactorAuthPresent": ("true",),
        "aws:MultiFactorAuthAge": ("60",),
    },
    evaluators=("offline", "probe"),
    budget_seconds=3.0,
    on_unverified="raise",
    check_model_access=False,
    redact=True,
    diagnose="live",
)

FAULTS: list[tuple[str, str, str]] = [
    ('model = "x"', "1:1", "there is no key 'model'; did you mean models?"),
    ('  principal-arn = "x"', "1:3", "there is no key 'principal-arn'; did you mean principal_arn?"),
    ("Region = 1", "1:1", "there is no key 'Region'; did you mean region?"),
    ("zzz = 1", "1:1", f"there is no key 'zzz'; the keys are {', '.join(KEYS)}"),
    ('profile = "dev"', "1:1", "there is no key 'profile': which credentials are used is a machine's affair"),
    ("[session]\na = 1", "1:2", "there is no key 'session': a session is given to Guard"),
    ('[tool.bedrock_guard]\nmodels = ["x"]', "1:2", "there is no key 'tool': in a file that is not called pyproject"),
    # Values of another type.
    ('models = "amazon.nova-lite-v1:0"', "1:10", 'expected a list: ["amazon.nova-lite-v1:0"]'),
    ("models = { a = 1 }", "1:10", "models: a table; expected a list"),
    ('models = [\n  "amazon.nova-lite-v1:0",\n  5,\n]', "3:3", "models: the number 5; expected a text"),
    ('models = [" "]', "1:11", "models: an empty text; expected a text"),
    ("region = 1979-05-27", "1:10", "region: a date or time; expected a text"),
    ("region = true", "1:10", "region: true; expected a text"),
    ('redact = "yes"', "1:10", "redact: the text 'yes'; expected true or false"),
    ("check_model_access = 1", "1:22", "check_model_access: the number 1; expected true or false"),
    ("budget_seconds = 0", "1:18", "expected a number of seconds above 0"),
    ("budget_seconds = true", "1:18", "expected a number of seconds above 0"),
    ("budget_seconds = inf", "1:18", "expected a number of seconds above 0"),
    (f"budget_seconds = 0x{'f' * 5000}", "1:18", "a number of more than 64 bits"),
    ("evaluators = []", "1:14", "expected some of 'simulator', 'offline', 'probe', in order"),
    ("context = 1", "1:11", "context: the number 1; expected a table"),
    # Values that no guard takes.
    ('models = [" amazon.nova-lite-v1:0"]', "1:11", "has white space around it"),
    ('evaluators = ["offline "]', "1:15", "did you mean offline?"),
    ('models = ["no model!"]', "1:11", "model 'no model!' is no model id"),
    ('operations = ["converse", "convers"]', "1:27", "did you mean bedrock-runtime:Converse?"),
    ('capabilities = ["knowledge-bases.qery"]', "1:17", "did you mean knowledge-bases.query"),
    ('actions = ["bedrock:Converse"]', "1:12", "Converse is authorised as bedrock:InvokeModel"),
    ('actions = [["bedrock:Retrieve", "kb"]]', "1:12", "'kb'"),
    ('actions = ["bedrock:Retrieve@"]', "1:12", "expected a name before the @ and an ARN behind it"),
    ('actions = [["a", "b", "c"]]', "1:12", 'actions: a list; expected "NAME", "NAME@ARN" or ["NAME", "ARN"]'),
    ('region = "us east"', "1:10", "'us east' is not the name of a Region"),
    ('principal_arn = "app"', "1:17", "'app' is not the ARN of a principal"),
    ('evaluators = ["simulator", "ofline"]', "1:28", "did you mean offline?"),
    ('on_unverified = "Rais"', "1:17", "'Rais' is none of 'warn', 'raise', 'ignore'; did you mean raise?"),
    ('diagnose = "deeply"', "1:12", "'deeply' is none of 'message', 'live'"),
    # Tables.
    ('[service_roles]\nlamda = "x"', "2:1", "did you mean lambda?"),
    ('[service_roles]\nlambda = "x"', "2:10", "'x'"),
    ('[context]\n"vpce" = "x"', "2:1", "'vpce' is not a condition key"),
    ('[context]\naws.SourceVpce = "x"', "2:1", "expected the whole key in quotes"),
    ('[context]\n"aws:SourceVpcee" = "x"', "2:1", "the nearest is aws:SourceVpce"),
    ('[context]\n"aws:SourceVpce" = []', "2:20", "expected a text or a list of at least one text"),
    ('[context]\n"aws:TagKeys" = ["x"]\n"AWS:tagkeys" = ["y"]', "3:1", "are the same key"),
    ('region = "eu-west-1"\ncontext."aws:RequestedRegion" = "us-east-1"', "2:33", "the app calls eu-west-1"),
    # Calls.
    ("requests = [1]", "1:13", "requests: the number 1; expected a table"),
    ("[[requests]]\nparameters = {}", "1:3", "a call without its operation"),
    ('[[requests]]\noperation = "convers"', "2:13", "did you mean bedrock-runtime:Converse?"),
    ('[[requests]]\noperation = "converse"\nparams = {}', "3:1", "did you mean parameters?"),
    ('[[requests]]\noperation = "converse"\nparameters = []', "3:14", "parameters: a list; expected a table"),
    ('[[requests]]\noperation = "converse"\nparameters.modelID = "x"', "3:12", "did you mean modelId?"),
    ('[[requests]]\noperation = "converse"\nparameters = { modelId = "x y" }', "3:26", "'x y' is no model id"),
    (
        '[[requests]]\noperation = "converse"\n[requests.parameters.guardrailConfig]\nguardrailIdentifier = 5',
        "4:23",
        "guardrailConfig.guardrailIdentifier is of the type int",
    ),
    (
        '[[requests]]\noperation = "create_agent"\nparameters = { agentName = "a", tags = { "b c" = 1 } }',
        "3:50",
        "tags['b c'] is of the type int",
    ),
]
"""A text, the line and column of what is wrong with it, and what is said there."""
