"""`observe`: looking on at a session that is open elsewhere."""

import click

from wizard.errors import ExitCode


@click.command()
@click.argument("session")
def observe(*, session: str) -> int:
    """Look on at SESSION (an id, the beginning or end of one, or a folder), line by line; it is only read."""
    from wizard.engine.observing import Observed
    from wizard.engine.sessions import find_session
    from wizard.plain.observe import Observer

    observed = Observed(find_session(session).folder)
    try:
        return Observer(observed).run()
    except KeyboardInterrupt:
        click.echo()
        return ExitCode.COMPLETED
    finally:
        observed.close()
