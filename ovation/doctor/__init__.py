"""What is wrong with a deployment, why it matters, and the command that mends it. One file asks one part."""
