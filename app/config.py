"""Settings: the only reader of the environment."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_LENGTH = 32
DEVELOPMENT_SECRET = "assent-development-only"  # noqa: S105 - refused outside development


class Settings(BaseSettings):
    """What an operator can set. Durations are seconds, sizes are bytes."""

    model_config = SettingsConfigDict(extra="ignore", validate_default=True)

    environment: Literal["development", "production"] = Field(
        default="development", validation_alias="ASSENT_ENVIRONMENT"
    )
    host: str = Field(default="127.0.0.1", validation_alias="HOST")
    port: int = Field(default=8000, ge=0, le=65535, validation_alias="PORT")
    workers: int = Field(default=1, ge=1, le=64, validation_alias="WORKERS")
    public_url: str = Field(default="", validation_alias="ASSENT_PUBLIC_URL")
    data_dir: Path = Field(default=Path(".data"), validation_alias="ASSENT_DATA_DIR")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    replica_url: str = Field(default="", validation_alias="DATABASE_REPLICA_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    secret_key: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_SECRET), validation_alias="ASSENT_SECRET_KEY"
    )
    log_format: Literal["console", "json"] = Field(
        default="console", validation_alias="ASSENT_LOG_FORMAT"
    )

    log_level: Literal["debug", "info", "warning"] = Field(
        default="info", validation_alias="ASSENT_LOG_LEVEL"
    )
    # The launcher sets it for several workers; the metrics library reads it by itself.
    metrics_dir: str = Field(default="", validation_alias="PROMETHEUS_MULTIPROC_DIR")

    database_pool: int = Field(default=8, ge=2, le=200, validation_alias="ASSENT_DATABASE_POOL")
    lane_bound: int = Field(default=2_000, ge=1, validation_alias="ASSENT_LANE_BOUND")
    max_body: int = Field(default=262_144, ge=1_024, validation_alias="ASSENT_MAX_BODY")
    max_streams: int = Field(default=20_000, ge=1, validation_alias="ASSENT_MAX_STREAMS")
    streams_per_user: int = Field(default=6, ge=1, validation_alias="ASSENT_STREAMS_PER_USER")
    stream_lifetime: float = Field(default=600, gt=0, validation_alias="ASSENT_STREAM_LIFETIME")
    heartbeat: float = Field(default=20, gt=0, validation_alias="ASSENT_HEARTBEAT")
    # Seconds until the people of a process that died are missed, and until who is missed is gone.
    presence_ttl: float = Field(default=10, ge=0.3, validation_alias="ASSENT_PRESENCE_TTL")
    presence_grace: float = Field(default=10, ge=0, validation_alias="ASSENT_PRESENCE_GRACE")
    # Webhooks and push may go into the operator's own network, and without TLS.
    private_targets: bool = Field(default=False, validation_alias="ASSENT_PRIVATE_TARGETS")
    webhook_lease: float = Field(default=60, ge=1, validation_alias="ASSENT_WEBHOOK_LEASE")
    # Whom push services write to (mailto: or https:); without one nothing is pushed.
    push_contact: str = Field(
        default="", pattern=r"^(mailto:|https://|$)", validation_alias="ASSENT_PUSH_CONTACT"
    )
    # Hours that somebody is away before a digest is mailed, and between two; 0 mails none.
    digest_hours: int = Field(default=0, ge=0, validation_alias="ASSENT_DIGEST_HOURS")
    unacknowledged: float = Field(default=20, gt=0, validation_alias="ASSENT_UNACKNOWLEDGED")
    arrival: float = Field(default=30, gt=0, validation_alias="ASSENT_ARRIVAL")
    # How long a lock on a block lives without a heartbeat.
    lease: float = Field(default=30, ge=1, le=600, validation_alias="ASSENT_LEASE")
    # A reload is not a departure: how long somebody may be away and keep their locks.
    lease_grace: float = Field(default=10, ge=0.1, le=600, validation_alias="ASSENT_LEASE_GRACE")
    # Days after its end that an event's log is kept; 0 keeps it for ever.
    keep_changes: int = Field(default=0, ge=0, validation_alias="ASSENT_KEEP_CHANGES_DAYS")
    drain: float = Field(default=5, ge=0, validation_alias="ASSENT_DRAIN")

    # Bytes of one image or file in a conversation.
    max_attachment: int = Field(
        default=10_000_000, ge=1_024, le=100_000_000, validation_alias="ASSENT_MAX_ATTACHMENT"
    )
    # Where attachments are kept: a bucket where one is named, else this folder, else one in the
    # data folder. Several machines need the bucket, or a folder that they share.
    attachments_dir: Path | None = Field(default=None, validation_alias="ASSENT_ATTACHMENTS_DIR")
    s3_bucket: str = Field(default="", validation_alias="ASSENT_S3_BUCKET")
    s3_endpoint: str = Field(default="", validation_alias="ASSENT_S3_ENDPOINT")
    s3_region: str = Field(default="us-east-1", validation_alias="ASSENT_S3_REGION")
    s3_key_id: str = Field(default="", validation_alias="ASSENT_S3_KEY_ID")
    s3_secret: SecretStr = Field(default=SecretStr(""), validation_alias="ASSENT_S3_SECRET")

    session_days: int = Field(default=30, ge=1, validation_alias="ASSENT_SESSION_DAYS")
    smtp_url: SecretStr = Field(default=SecretStr(""), validation_alias="ASSENT_SMTP_URL")
    mail_from: str = Field(default="Assent <assent@localhost>", validation_alias="ASSENT_MAIL_FROM")
    rate_limits: bool = Field(default=True, validation_alias="ASSENT_RATE_LIMITS")
    writes_per_minute: int = Field(
        default=30_000, ge=1, validation_alias="ASSENT_WRITES_PER_MINUTE"
    )

    @property
    def attachments_folder(self) -> Path:
        return self.attachments_dir or self.data_dir / "attachments"

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address as SQLAlchemy wants it, whatever dialect the operator wrote."""
        return with_scheme(self.database_url, "postgresql+psycopg")

    @property
    def sqlalchemy_replica_url(self) -> str:
        return with_scheme(self.replica_url, "postgresql+psycopg")

    @property
    def libpq_url(self) -> str:
        """The same address for psycopg and the PostgreSQL tools."""
        return with_scheme(self.database_url, "postgresql")

    @model_validator(mode="after")
    def _refuse_the_default_secret(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if self.environment == "production" and len(secret) < SECRET_LENGTH:
            raise ValueError(
                "ASSENT_SECRET_KEY must be set to at least 32 characters in production"
            )
        if self.environment == "production" and secret == DEVELOPMENT_SECRET:
            raise ValueError("ASSENT_SECRET_KEY still has its development value")
        return self

    @model_validator(mode="after")
    def _require_an_address_for_mails(self) -> Self:
        # A request's own Host header could lead whoever gets the mail to somebody else's server.
        mails = self.environment == "production" and self.smtp_url.get_secret_value()
        if mails and not self.public_url:
            raise ValueError("ASSENT_PUBLIC_URL must be set in production where mail is sent")
        return self


def with_scheme(url: str, scheme: str) -> str:
    """The same PostgreSQL address under another of its names; anything else is left as it is."""
    written, _, rest = url.partition("://")
    known = written.split("+")[0] in ("postgres", "postgresql")
    return f"{scheme}://{rest}" if known else url


def default_to_production() -> None:
    """From here on the environment is production unless it says otherwise."""
    os.environ.setdefault("ASSENT_ENVIRONMENT", "production")
    settings.cache_clear()


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
