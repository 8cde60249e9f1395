"""Adding an authenticator app: a QR code, and a code that shows it works."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.engine import Connection

from bot.console.seal import seal, unseal
from bot.console.sessions import ENROL, FULL, end_sessions
from bot.console.totp import PURPOSE, find_step, new_secret, provisioning_uri, spaced
from bot.console.users import set_totp, take_step
from bot.core.errors import UserInputError
from bot.web.console.guard import STEP_UP
from bot.web.console.page import PREFIX, get, post
from bot.web.console.sign_in import complete
from bot.web.console.visit import HOME, Visit
from bot.web.pages.site import SERVICE
from bot.web.qr import qr_code

ENROLMENT_SECONDS = 900


async def get_authenticator(visit: Visit) -> web.StreamResponse:
    """GET /console/authenticator: a new secret each time; it counts for nothing before the form comes back."""
    return _refusal(visit) or _show(visit, new_secret())


async def post_authenticator(visit: Visit) -> web.StreamResponse:
    """POST /console/authenticator: replaces the authenticator that there was; all other sessions end."""
    refused = _refusal(visit)
    if refused:
        return refused
    secret = unseal(visit.secret, _purpose(visit), visit.field("sealed"), within_seconds=ENROLMENT_SECONDS)
    if secret is None:
        return _show(visit, new_secret(), UserInputError("enrolment_late", status=422))
    step = find_step(secret, visit.field("code"), visit.now)
    if step is None:
        return _show(visit, secret, UserInputError("code", status=422))

    def finish(connection: Connection) -> str:
        set_totp(connection, visit.user.id, seal(visit.secret, PURPOSE, secret))
        take_step(connection, visit.user.id, step)
        visit.record(connection, "authenticator_added")
        end_sessions(connection, visit.user.id)
        return complete(visit, connection, visit.user)

    return visit.sign_in(visit.go(HOME, done="authenticator"), await visit.run(finish))


def _refusal(visit: Visit) -> web.Response | None:
    """A first one needs a recent sign-in, another one a code of the one before."""
    session, user = visit.own_session, visit.user
    if user.totp_enrolled and not (session.stage == FULL and session.is_stepped_up(visit.now)):
        return visit.go(f"{STEP_UP}?next={PREFIX}/authenticator")
    if not user.totp_enrolled and not session.is_fresh(visit.now):
        return visit.refuse(UserInputError("sign_in_again", status=403))
    return None


def _show(visit: Visit, secret: str, error: UserInputError | None = None) -> web.Response:
    uri = provisioning_uri(secret, account=visit.user.email, issuer=SERVICE)
    sealed = seal(visit.secret, _purpose(visit), secret)
    return visit.render(error=error, qr=qr_code(uri, border=3), key=spaced(secret), uri=uri, sealed=sealed)


def _purpose(visit: Visit) -> str:
    return f"enrol {visit.user.id}"


PAGES = (
    get("/authenticator", get_authenticator, action="use_account", template="authenticator.html", stages=(ENROL, FULL)),
    post(
        "/authenticator", post_authenticator, action="use_account", template="authenticator.html", stages=(ENROL, FULL)
    ),
)
