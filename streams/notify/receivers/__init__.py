"""Receivers: one file each, and the list by which they are made."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp

from streams.delivery import Alertmanager, Apprise, Log, Notify, PagerDuty, Receiver, Slack, Webhook
from streams.errors import ConfigError
from streams.notify.receivers.alertmanager import AlertmanagerSender
from streams.notify.receivers.apprise import AppriseSender
from streams.notify.receivers.base import Sender
from streams.notify.receivers.log import LogSender
from streams.notify.receivers.pagerduty import PagerDutySender
from streams.notify.receivers.slack import SlackSender
from streams.notify.receivers.webhook import WebhookSender, key_of


def build(notify: Notify, secrets: Mapping[str, str], session: aiohttp.ClientSession) -> dict[str, Sender]:
    """All configured receivers; ConfigError names the one that cannot be made, and never its secret."""
    if not notify.receivers:
        raise ConfigError("notify.receivers", "none: nobody would be told")
    return {
        name: _one(name, found, secrets.get(name, ""), session) for name, found in notify.receivers.items()
    }


def _one(name: str, settings: Receiver, secret: str, session: aiohttp.ClientSession) -> Sender:
    where = f"notify.receivers.{name}"
    if not secret and not isinstance(settings, Alertmanager | Log):
        raise ConfigError(
            f"{where}.secret_file", f"missing: it needs one, or FLOORWALKER_SECRET_{name.upper()}"
        )
    match settings:
        case Alertmanager():
            return AlertmanagerSender(settings, secret, session)
        case PagerDuty():
            return PagerDutySender(settings, secret, session)
        case Slack():
            return SlackSender(settings, secret, session)
        case Webhook():
            return WebhookSender(settings, key_of(secret, where), session)
        case Apprise():
            return AppriseSender(secret, name, settings.timeout_s)
        case Log():
            return LogSender()
