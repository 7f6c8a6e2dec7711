"""What the environment says: every setting, its meaning and its default. Only `config` reads the environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from throughcare.kernel.actors import Jurisdiction

DEMO_SECRET = "demonstration-only-not-a-secret-000000"  # noqa: S105 - refused in production by check()
DEMO_KEY = "demonstration-only-not-a-key-0000000000"


def listed(said: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(each.strip() for each in said.split(",") if each.strip())


NOTIFY_SERVICE = slice(-73, -37)  # of a key: <its name>-<the service's id>-<the secret>, each id of 36 letters
TOLD_APART = 8  # letters of an account's id


class SealingSettings(BaseModel):
    """The keys to what people said. The newest seals; each opens what it sealed, and is kept until nothing is sealed by it."""

    keys: SecretStr = Field(default=SecretStr(DEMO_KEY), description="The newest first, commas between")
    clear_readable: bool = Field(
        default=False,
        description="Words from before there were seals are read; off once `throughcare check` says all are sealed",
    )

    @property
    def held(self) -> tuple[str, ...]:
        """The keys one by one, the newest first."""
        return listed(self.keys.get_secret_value())


class SmsSettings(BaseModel):
    """How texts leave. Seconds, and their order matters: HTTP time-out < lease; slowest accept < settle (checkins R4, R8)."""

    gateway: Literal["simulator", "twilio", "notify"] = "simulator"
    one_way: bool = Field(
        default=False,
        description="Said aloud where texts go by a provider whose texts cannot be answered: no check-ins, reminders alone",
    )
    sender_name: str = Field(
        default="Check-in team",
        max_length=18,
        description="The neutral name under every text; it may not say who we are",
    )
    http_timeout: float = Field(default=10, gt=0, description="Seconds before a call to the provider is given up")
    lease: float = Field(default=30, gt=0, description="Seconds a claimed text is held; longer than http_timeout")
    callback_wait: float = Field(default=300, gt=0, description="Seconds an ambiguous text waits for a receipt")
    settle: float = Field(default=120, gt=0, description="Seconds after which the provider's search is believed")
    per_second: float = Field(default=10, gt=0, description="Segments a second one sender may send")
    in_flight: int = Field(default=50, ge=1, le=500, description="Texts on the wire at once")
    live_numbers: str = Field(
        default="", description="In a rehearsal, the only numbers that may be texted, +44..., commas between (R49)"
    )
    countries: str = Field(default="GB", description="Whose numbers are texted: add JE, GG, IM, IE ..., commas between")
    special_rates: bool = Field(default=False, description="Whether premium rate numbers and the like are texted")
    daily_segments: int | None = Field(default=None, ge=1, description="Segments a day may cost; none: no limit (R49)")
    monthly_segments: int | None = Field(default=None, ge=1, description="Segments a month may cost; none: no limit")
    pence_per_segment: float | None = Field(
        default=None, ge=0, description="What one segment costs, to be shown beside a text; none: no price is shown"
    )


class TwilioSettings(BaseModel):
    """The account that sends. A second token is accepted while the first is being rotated (R19)."""

    account_sid: str = ""
    auth_token: SecretStr = SecretStr("")
    auth_token_secondary: SecretStr = SecretStr("")
    from_number: str = ""
    messaging_service_sid: str = ""
    api_base_url: str = Field(default="", description="A test server's address; empty for Twilio's own")


class NotifySettings(BaseModel):
    """The service at GOV.UK Notify that sends, one way. Its one template is nothing but ((body))."""

    api_key: SecretStr = SecretStr("")
    template_id: str = ""
    sender_id: str = Field(default="", description="The text message sender; empty for the service's default at Notify")
    callback_token: SecretStr = SecretStr("")
    callback_token_secondary: SecretStr = Field(
        default=SecretStr(""), description="Accepted while the first is changed"
    )
    keeps_days: int = Field(default=7, ge=3, le=90, description="How long Notify keeps a text, as set there")
    api_base_url: str = Field(default="", description="A test server's address; empty for Notify's own")


class MailSettings(BaseModel):
    """E-mail to staff when something cannot wait. Off until a server is named."""

    host: str = Field(default="", description="The mail server; empty: staff are told on their page alone")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="`none` only to a server on this machine"
    )
    username: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(default="", description="The address it comes from, such as alerts@example.org")
    timeout: float = Field(default=20, gt=0, le=60, description="Seconds before one e-mail is given up for now")


class Settings(BaseSettings):
    """All settings, prefix THROUGHCARE_, nested with a double underscore, or from a .env file."""

    model_config = SettingsConfigDict(
        env_prefix="THROUGHCARE_", env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True
    )

    environment: Literal["production", "rehearsal", "demo"] = "production"
    database_url: str = "sqlite:///var/throughcare.db"
    secret_key: SecretStr = SecretStr(DEMO_SECRET)
    service_name: str = "Throughcare"
    jurisdiction: Jurisdiction = Jurisdiction.ENGLAND_WALES
    host: str = "127.0.0.1"
    port: int = 8000
    public_base_url: str = Field(default_factory=lambda held: f"http://127.0.0.1:{held.get('port', 8000)}")
    test_numbers_allowed: bool = False
    metrics_token: SecretStr = SecretStr("")
    wording_packs: Path | None = Field(
        default=None, description="Folder of licensed instrument wording, <id>.wording.json"
    )
    spool: Path = Field(
        default=Path("var/spool"),
        description="Folder that keeps texts to us while the database is away; this machine's",
    )
    journal_witness: Path = Field(
        default=Path("var/journal.txt"),
        description="File outside the database that remembers the journal's checkpoints",
    )
    watcher_url: str = Field(
        default="",
        pattern="^(https?://.+)?$",
        description="Called each minute while every round is done; whoever watches raises the alarm when no call comes",
    )
    log_level: str = "INFO"
    sms: SmsSettings = SmsSettings()
    twilio: TwilioSettings = TwilioSettings()
    sealing: SealingSettings = SealingSettings()
    notify: NotifySettings = NotifySettings()
    mail: MailSettings = MailSettings()

    def account(self, kind: str) -> str:
        """The name of the account that these settings are for: "twilio:5a3f9c12". Another account is another provider (R15)."""
        key = self.notify.api_key.get_secret_value()
        ids = {"twilio": self.twilio.account_sid, "notify": key[NOTIFY_SERVICE]}
        account = ids.get(kind, "")[-TOLD_APART:]
        return f"{kind}:{account}" if account else kind

    @property
    def secure(self) -> bool:
        """Whether the public address is https: cookies are then __Host- and Secure."""
        return self.public_base_url.startswith("https://")


def faults_of(wrong: ValidationError) -> Iterator[str]:
    """Each setting that will not do, by the name it is set by, and never with what was given, which may be a secret."""
    for fault in wrong.errors():
        if fault["type"] != "default_factory_not_called":  # for want of another setting, which is told of
            name = "__".join(map(str, fault["loc"])).upper()
            yield f"- {Settings.model_config['env_prefix']}{name}: {fault['msg']}"
