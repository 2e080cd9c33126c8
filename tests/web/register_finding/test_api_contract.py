"""The public interface keeps its own contract: Schemathesis calls it by its OpenAPI document.

In this process and from a fixed seed. What is allowed is asked, then what is not: every answer has
a documented status, type and shape, and none is an error of ours.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from maillage.web.register.finding.api import frame
from maillage.web.register.finding.api.operations import api
from maillage.web.register.models.choices import State
from tests.web.register.conftest import MakeInitiative

EXAMPLES = 100
"""Of each operation, in each way of asking."""

CONTRACT = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1"))
CONTRACT.app = get_wsgi_application()
OPERATIONS = [found.ok() for found in CONTRACT.get_all_operations()]
ASKED = [
    pytest.param(operation, mode, id=f"{operation.label} {mode.value}")
    for operation in OPERATIONS
    for mode in GenerationMode
    # Nothing that an address without parameter could be given wrongly.
    if mode == GenerationMode.POSITIVE or list(operation.iter_parameters())
]
PLAIN = {"Accept-Encoding": "identity"}


@contextmanager
def one_connection() -> Iterator[None]:
    """Keep the connection of the test from one call to the next, as Django's own client does."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    try:
        yield
    finally:
        for end in ends:
            end.connect(close_old_connections)


@pytest.fixture
def some(make: MakeInitiative, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records to be listed, and no limit to the calls; their names in addresses."""
    monkeypatch.setattr(frame, "consume", lambda *_, **__: True)
    made = [make(title=f"Bus {rank}") for rank in range(3)]
    return [each.public_id for each in (*made, make(State.DRAFT), make(State.MERGED))]


@pytest.mark.parametrize(("operation", "mode"), ASKED)
def test_every_answer_is_as_documented(
    operation: Any, mode: GenerationMode, some: list[str], client: Client
) -> None:
    address = client.get("/api/v1/initiatives?limit=1").json()["next"]
    cursor = QueryDict(urlsplit(address).query)["cursor"]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.sampled_from(["", *some]))
    def keeps_its_word(case: schemathesis.Case, known: str) -> None:
        if mode == GenerationMode.POSITIVE:
            # Any text is a name or a cursor by its type; few are ones of ours.
            _replace(case.path_parameters, "public_id", known)
            _replace(case.query, "cursor", cursor)
        case.call_and_validate(headers=PLAIN)

    with one_connection():
        keeps_its_word()


def _replace(parameters: dict[str, Any] | None, name: str, value: str) -> None:
    if value and parameters and name in parameters:
        parameters[name] = value


def test_each_operation_of_the_document_is_called() -> None:
    assert len(OPERATIONS) == len(api.get_openapi_schema(path_prefix="/api/v1")["paths"])
