"""`observe`: looking on at a session that is open elsewhere."""

import click

from wizard.cli.cli_context import CliContext
from wizard.errors import ExitCode


@click.command()
@click.argument("session")
@click.option("--plain", is_flag=True, help="Line by line, without the screens.")
@click.pass_obj
def observe(context: CliContext, *, session: str, plain: bool) -> int:
    """Look on at SESSION (an id, the beginning or end of one, or a folder); it is only read."""
    from wizard.archive.sessions import find_session
    from wizard.engine.record_follower import Observed
    from wizard.engine.session_observer import SessionObserver
    from wizard.plain.observe import Observer

    found = find_session(session)
    if not context.plain(asked=plain):
        return context.open_screens(observed=SessionObserver(found.folder))
    observed = Observed(found.folder)
    try:
        return Observer(observed).run()
    except KeyboardInterrupt:
        click.echo()
        return ExitCode.COMPLETED
    finally:
        observed.close()
