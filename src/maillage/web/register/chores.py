"""What the register does again and again, by itself; a worker takes each when it is due."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from maillage.web.register.finding import alerts
from maillage.web.register.forgetting import forget
from maillage.web.register.importing.tasks import take_up_lost
from maillage.web.register.life.freshness import turn_clock
from maillage.web.register.sheets.relay import forget_messages, remind_silent
from maillage.web.runs.chores import Chore, offer

_DAY: Final = timedelta(days=1)


def offer_chores() -> None:
    """Have the register's clocks turned, its messages sent, what it must forget forgotten."""
    hour, minutes = timedelta(hours=1), timedelta(minutes=10)
    for name, label, every, work in (
        ("alerts", "Annoncer les nouvelles initiatives à qui suit une recherche", hour, _alerts),
        ("freshness", "Rappeler, signaler puis masquer les fiches anciennes", _DAY, _freshness),
        ("imports", "Reprendre les imports interrompus par une panne", minutes, _imports),
        ("relay", "Relancer les porteurs silencieux, effacer les vieux messages", _DAY, _relay),
        (
            "forgetting",
            "Effacer ce que personne n’a confirmé et ce qui est trop ancien",
            _DAY,
            _forgetting,
        ),
    ):
        offer(Chore(name=f"register.{name}", label=label, every=every, work=work))


def _alerts(at: datetime) -> Mapping[str, int]:
    return {"messages": alerts.send_due(at=at), "adresses oubliées": alerts.purge(at=at)}


def _freshness(at: datetime) -> Mapping[str, int]:
    turned = turn_clock(at=at)
    return {"rappels": turned.reminded, "signalées": turned.flagged, "masquées": turned.hidden}


def _imports(at: datetime) -> Mapping[str, int]:
    return {"repris": take_up_lost(at=at)}


def _relay(at: datetime) -> Mapping[str, int]:
    return {"relances": remind_silent(at=at), "messages effacés": forget_messages(at=at)}


def _forgetting(at: datetime) -> Mapping[str, int]:
    gone = forget(at=at)
    return {
        "brouillons": gone.drafts,
        "propositions": gone.suggestions,
        "adresses": gone.addresses,
        "contacts": gone.contacts,
        "lignes de tableurs": gone.lines,
    }
