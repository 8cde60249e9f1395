"""Every page of the console. The order of those with a menu entry is the order of the navigation."""

from __future__ import annotations

from bot.web.console import (
    account,
    ask,
    audit_list,
    authenticator,
    batch,
    cases,
    compare,
    flag,
    flags,
    freshness,
    insight,
    invitation,
    operations,
    overview,
    sign_in,
    single_sign_on,
    step_up,
    translation,
    translations,
    users,
    withdrawals,
)
from bot.web.console.page import Page

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *ask.PAGES,
    *compare.PAGES,
    *flags.PAGES,
    *flag.PAGES,
    *withdrawals.PAGES,
    *cases.PAGES,
    *batch.PAGES,
    *freshness.PAGES,
    *translations.PAGES,
    *translation.PAGES,
    *insight.PAGES,
    *operations.PAGES,
    *users.PAGES,
    *audit_list.PAGES,
    *account.PAGES,
    *sign_in.PAGES,
    *single_sign_on.PAGES,
    *invitation.PAGES,
    *authenticator.PAGES,
    *step_up.PAGES,
)
