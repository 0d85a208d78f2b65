"""The one place that reads configuration from files and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from os.path import dirname, join
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from streams.compiled import SWITCH
from streams.delivery import Notify
from streams.errors import ConfigError
from streams.records.document import Document
from streams.records.explain import Path, explain, meant, shown
from streams.records.registry import Registry, parse_registry
from streams.settings import Influx, Kafka, Settings

Section = TypeVar("Section", Kafka, Influx)
PREFIX = "FLOORWALKER_"
KEY = "FLOORWALKER_KEY"
PASSWORD = "FLOORWALKER_KAFKA_PASSWORD"  # noqa: S105 - where it is found, not what it is
INFLUX_TOKEN = "FLOORWALKER_INFLUX_TOKEN"  # noqa: S105
WEB_TOKEN = "FLOORWALKER_WEB_TOKEN"  # noqa: S105
APART = (KEY, PASSWORD, INFLUX_TOKEN, WEB_TOKEN, SWITCH)  # that set nothing of the configuration
SECRET = "FLOORWALKER_SECRET_"  # noqa: S105 - before the name of a receiver
INFLUX_FILES = ("ca_file", "token_file")
KAFKA_FILES = ("ca_file", "cert_file", "key_file", "password_file")
MIN_KEY_BYTES = 16  # a shorter secret can be guessed


class Configuration(Struct, frozen=True, kw_only=True):
    """All that a start needs. key: secret for keyed hashes, 32 bytes; empty: hashes are not keyed.

    kafka_password: of `settings.kafka.username`; None without SASL. influx_token: empty where none is needed.
    Paths in `settings.kafka` and `settings.influx` can be opened as they stand.
    """

    settings: Settings
    registry: Registry | None
    key: bytes
    kafka_password: str | None = None
    influx_token: str = ""

    def __repr__(self) -> str:  # secrets stay out of logs and tracebacks
        return f"Configuration(settings={self.settings!r})"


def load(path: str | None, environ: Mapping[str, str], registry: str | None = None) -> Configuration:
    """Settings from a file (None: the defaults) and the environment, and the files they name.

    registry: a file given on the command line, which goes before the configured one. ConfigError where a file
    cannot be read, or is wrong.
    """
    settings = parse_settings(_read(path) if path else b"", path or "defaults", environ)
    # In a file, paths are relative to it; in the environment, to the working directory.
    beside = {name: dirname(path or "") for name in ("registry", "key_file")}
    beside |= {name: "" for name in beside if PREFIX + name.upper() in environ}
    if registry is None and settings.registry:
        registry = join(beside["registry"], settings.registry)
    kafka = _opened(settings.kafka, "KAFKA", KAFKA_FILES, path, environ)
    influx = _opened(settings.influx, "INFLUX", INFLUX_FILES, path, environ)
    return Configuration(
        settings=replace(settings, kafka=kafka, influx=influx, notify=_notify(settings.notify, path)),
        registry=parse_registry(_read(registry), registry) if registry else None,
        key=_key(environ.get(KEY), settings.key_file and join(beside["key_file"], settings.key_file)),
        kafka_password=_password(kafka, environ.get(PASSWORD)),
        influx_token=_token(influx, environ.get(INFLUX_TOKEN)),
    )


def parse_settings(data: bytes, name: str, environ: Mapping[str, str]) -> Settings:
    """Settings from YAML (errors call it `name`) and variables; unknown names in either are refused."""
    document = Document(data, name)
    if document.tree is None:
        document.tree = {}
    if not isinstance(document.tree, dict):
        raise document.error((), "expected a map of settings")
    document.tree = {key: value for key, value in document.tree.items() if value is not None}
    origins: dict[Path, str] = {}
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable not in APART and not variable.startswith(SECRET):
            path, value = _override(variable, environ[variable])
            _put(document, path, value)
            origins[path] = variable
    try:
        return msgspec.convert(document.tree, Settings)
    except msgspec.ValidationError as error:
        path, text = explain(error, document.tree, Settings)
        variable = origins.get(path) or ""
        raise (ConfigError(variable, text) if variable else document.error(path, text)) from None


def _override(variable: str, text: str) -> tuple[Path, Any]:
    """The key path of a variable, and its value as the field there wants it."""
    path: Path = ()
    kind: Any = Settings
    for name in variable.removeprefix(PREFIX).lower().split("__"):
        fields = {field.encode_name: field.type for field in _fields(kind)}
        if name not in fields:
            raise ConfigError(variable, f"no such setting: {shown((*path, name))}{meant(name, fields)}")
        path, kind = (*path, name), fields[name]
    return path, _value(variable, text, kind)


def _fields(kind: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    is_record = isinstance(kind, type) and issubclass(kind, Struct)
    return msgspec.structs.fields(kind) if is_record else ()


def _value(variable: str, text: str, kind: Any) -> Any:
    try:
        msgspec.convert(text, kind)  # where text will do it stays text: a file may be called `no` or `12`
    except msgspec.ValidationError:
        value = Document(text.encode(), variable).tree
    else:
        return text or None
    try:
        converted = msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as error:
        path, why = explain(error, value, kind)
        raise ConfigError(f"{variable}: {shown(path)}" if path else variable, why) from None
    return converted if isinstance(value, str) else value  # YAML takes 1e3 for text


def _put(document: Document, path: Path, value: Any) -> None:
    at: dict[str, Any] = document.tree
    *sections, last = map(str, path)
    for index, step in enumerate(sections):
        at[step] = {} if at.get(step) is None else at[step]
        if not isinstance(at[step], dict):
            raise document.error(path[: index + 1], "expected a map")
        at = at[step]
    at[last] = value


def _key(text: str | None, path: str | None) -> bytes:
    if text is None and path is None:
        return b""
    where = KEY if text is not None else str(path)
    secret = (text.encode() if text is not None else _read(where)).strip()
    if len(secret) < MIN_KEY_BYTES:
        raise ConfigError(where, f"a key of less than {MIN_KEY_BYTES} bytes can be guessed")
    return blake2b(secret, digest_size=32).digest()


def _opened(
    section: Section, prefix: str, names: tuple[str, ...], path: str | None, environ: Mapping[str, str]
) -> Section:
    """The same with paths that can be opened: those of the file are relative to it."""
    beside = dirname(path or "")
    files = {name: getattr(section, name) for name in names}
    found = {
        name: join(beside, file)
        for name, file in files.items()
        if file is not None and f"{PREFIX}{prefix}__{name.upper()}" not in environ
    }
    return replace(section, **found)


def _token(influx: Influx, text: str | None) -> str:
    """No token is no mistake: version 1 often asks for none."""
    if text is None and influx.token_file is not None:
        text = _read(influx.token_file).decode("utf-8", "replace")
    return (text or "").strip()


def _notify(notify: Notify, path: str | None) -> Notify:
    """The same with paths that can be opened: they are relative to the file."""
    receivers = {
        name: replace(one, secret_file=one.secret_file and join(dirname(path or ""), one.secret_file))
        for name, one in notify.receivers.items()
    }
    return replace(notify, receivers=receivers)


def secrets(notify: Notify, environ: Mapping[str, str]) -> dict[str, str]:
    """Secrets of those receivers that have one, by name: read when they are needed, by who needs them.

    ConfigError names the file that cannot be read or is empty.
    """
    found: dict[str, str] = {}
    for name, receiver in notify.receivers.items():
        text = environ.get(SECRET + name.upper())
        where = receiver.secret_file
        if text is None and where is not None:
            text = _read(where).decode("utf-8", "replace").strip()
            if not text:
                raise ConfigError(where, f"is empty: the secret of receiver {name}")
        if text:
            found[name] = text
    return found


def _password(kafka: Kafka, text: str | None) -> str | None:
    if kafka.sasl is None:
        return None
    if text is None and kafka.password_file is not None:
        text = _read(kafka.password_file).decode("utf-8", "replace").strip()
    if not text:
        raise ConfigError("kafka.password_file", f"missing: sasl needs a password, here or in {PASSWORD}")
    return text


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(path, error.strerror or "cannot be read") from None
