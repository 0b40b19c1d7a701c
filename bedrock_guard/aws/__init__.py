"""Every call to AWS that bedrock_guard makes: who calls, what the simulator answers, what policies say."""
