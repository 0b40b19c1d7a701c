"""What Bedrock calls need: operations, actions, resource kinds, models, capabilities. No AWS calls."""
