"""`ovation down`: stops the embedded stack."""

from ovation.commands.up import DataDir


def down(data_dir: DataDir = None) -> None:
    """Stop the jobs with a savepoint, then the embedded stack. Its data stays.

    Example: ovation down
    """
    from ovation.errors import OvationError
    from ovation.take_down import take_down
    from ovation.terminal import failures, out
    from ovation.up import stacks_of

    with failures(OvationError):
        for stack in stacks_of(data_dir):
            take_down(stack)
            out.print(f"The stack is down. Its data is in {stack.settings.data_dir}.", markup=False)
