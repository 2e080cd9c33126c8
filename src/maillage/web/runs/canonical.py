"""One text for one value, so that equal inputs and equal results have equal hashes."""

import json
from hashlib import sha256
from typing import Any

from maillage.core.errors import InputError
from maillage.web.runs.errors import ResultNotStorable

MAX_INPUTS_BYTES = 1_000_000
MAX_RESULT_BYTES = 20_000_000


def canonical_json(value: Any) -> str:
    """Return `value` as JSON with sorted keys and no blanks.

    Raises ValueError or TypeError for what is not finite, plain JSON.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def inputs_text(inputs: Any) -> str:
    """Return the canonical text of a run's inputs; raise InputError when it has none."""
    if not isinstance(inputs, dict):
        raise InputError(
            f"inputs are {type(inputs).__name__}, expected an object of named values.",
            french="les données sont attendues comme un objet JSON, avec un nom par valeur.",
        )
    try:
        text = canonical_json(inputs)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"inputs cannot be written as JSON ({error}).",
            french="ces données ne s’écrivent pas en JSON.",
        ) from error
    if len(text.encode()) > MAX_INPUTS_BYTES:
        raise InputError(
            f"inputs take {len(text.encode())} bytes, at most {MAX_INPUTS_BYTES}.",
            french=f"ces données dépassent {MAX_INPUTS_BYTES} octets.",
        )
    return text


def result_text(result: Any) -> str:
    """Return the text kept of a study's result, its keys in the order that the study chose.

    Raises ResultNotStorable, a fault of the study, for nan, arrays, dates or too much text.
    """
    try:
        text = json.dumps(result, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ResultNotStorable(f"the result is not finite, plain JSON: {error}") from error
    if len(text.encode()) > MAX_RESULT_BYTES:
        raise ResultNotStorable(
            f"the result takes {len(text.encode())} bytes, at most {MAX_RESULT_BYTES}: "
            "return figures by territory, not by pair."
        )
    return text


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text, in 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def question_hash(*, study: str, inputs: str, data_version: str, code_version: str) -> str:
    """Return what two runs share when they put the same question to the same data and code."""
    return text_hash(canonical_json([study, inputs, data_version, code_version]))
