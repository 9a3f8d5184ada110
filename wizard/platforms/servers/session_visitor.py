"""Visitors who log in, go on with their work on this page or that one, and notice when the site has forgotten them."""

import secrets
from collections.abc import Callable

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from wizard.platforms.servers.contents import LONGEST_SESSION, key_of, session_of
from wizard.platforms.servers.request_errors import TROUBLES, request_error
from wizard.platforms.servers.request_stats import RequestStats
from wizard.platforms.servers.visited import AppConnection, VisitedSite


_PATIENCE = 2.0
_MOST = 200
"""Sessions in use at the same time: few enough that each is looked at every quarter of a minute."""
_NEARLY_OVER = 2.0
_ROUND = 5
"""Of so many visits one is a page of another frontend; of the others every second is a new visitor's while there are
few."""


class SessionVisitor:
    """Begins sessions through one frontend, goes on with them there, and reads them through the others.

    Args:
        site: The site as it is now.
        tally: Where each visit is counted.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        site: Callable[[], VisitedSite],
        tally: RequestStats,
        clock: Callable[[], float],
    ) -> None:
        self._site, self._tally, self._clock = site, tally, clock
        self._ends: dict[str, float] = {}
        """When each session that was acknowledged ends, the one that was looked at longest ago first."""
        self._clients: dict[str, tuple[AppConnection, redis.Redis]] = {}
        self._password = ""
        self._visits = 0

    def visit(self) -> None:
        """Come once. What goes wrong is counted and never raised."""
        self._visits += 1
        try:
            site = self._site()
            self._let_go(site)
            if site.turned_away():
                self._tally.turn_away()
                return
            session = self._oldest()
            part = self._visits % _ROUND
            if session and part == 0:
                self._read(site, session)
            elif session and (part % 2 == 0 or len(self._ends) >= _MOST):
                self._go_on(site, session)
            else:
                self._log_in(site)
        except TROUBLES as problem:
            self._tally.refuse(request_error(problem, self._password))
            if isinstance(problem, redis.ConnectionError):
                self.leave()  # a server that comes back may do so at another port

    def leave(self) -> None:
        """Hang up everywhere."""
        for _, client in self._clients.values():
            client.close()
        self._clients.clear()

    def _let_go(self, site: VisitedSite) -> None:
        """Hang up for the processes that have ended."""
        for frontend, (to, client) in list(self._clients.items()):
            if not site.holds(to):
                del self._clients[frontend]
                client.close()

    def _oldest(self) -> str:
        """The session that was looked at longest ago and should be there; empty when there is none."""
        soon = self._clock() + _NEARLY_OVER
        for session in [session for session, ends in self._ends.items() if ends <= soon]:
            del self._ends[session]
        return next(iter(self._ends), "")

    def _log_in(self, site: VisitedSite) -> None:
        self._set(self._client(site), secrets.token_hex(16))

    def _go_on(self, site: VisitedSite, session: str) -> None:
        client = self._client(site)
        if self._is_there(client, session):
            self._set(client, session)

    def _read(self, site: VisitedSite, session: str) -> None:
        frontends = site.other_frontends()
        if self._is_there(self._client(site, frontends[self._visits // _ROUND % len(frontends)]), session):
            self._ends[session] = self._ends.pop(session)
            self._tally.find()

    def _is_there(self, client: redis.Redis, session: str) -> bool:
        if client.exists(key_of(session)):
            return True
        del self._ends[session]
        self._tally.log_out()
        return False

    def _set(self, client: redis.Redis, session: str) -> None:
        sent = self._clock()
        client.set(key_of(session), session_of(int(session[:6], 16), seen=self._visits), ex=LONGEST_SESSION)
        self._ends.pop(session, None)
        self._ends[session] = sent + LONGEST_SESSION
        self._tally.acknowledge()

    def _client(self, site: VisitedSite, frontend: str = "") -> redis.Redis:
        to = site.to_sessions(frontend)
        held = self._clients.get(frontend)
        if held is not None and held[0] == to:
            return held[1]
        key = site.credentials(to)
        self._password = key.password
        host = key.host
        client = redis.Redis(
            host=host,
            port=key.port,
            unix_socket_path=host if host.startswith("/") else None,
            password=self._password or None,
            client_name=to.name,
            socket_timeout=_PATIENCE,
            socket_connect_timeout=_PATIENCE,
            # A line that is lost is told: what was sent on it may have been done or not.
            retry=Retry(NoBackoff(), 0),
        )
        if held is not None:
            held[1].close()
        self._clients[frontend] = (to, client)
        return client
