"""What is written down of people coming in and going out. The subject is the worker."""

from __future__ import annotations

from typing import ClassVar, Literal
from uuid import UUID

from throughcare.kernel.audit import Event

NOBODY = UUID(int=0)
Factor = Literal["password", "code", "recovery_code", "set_up_code", "demonstration"]


class SignedIn(Event):
    name: ClassVar[str] = "signin.succeeded"
    said: ClassVar[str] = "Signed in"
    by: Factor


class SignInFailed(Event):
    """`subject_id` is the worker's, or zero where there is no such account."""

    name: ClassVar[str] = "signin.failed"
    said: ClassVar[str] = "Failed to sign in"
    by: Factor


class RecoveryCodeUsed(Event):
    name: ClassVar[str] = "signin.recovery_code_used"
    said: ClassVar[str] = "Signed in with a recovery code"


class RecoveryCodesMade(Event):
    name: ClassVar[str] = "signin.recovery_codes_made"
    said: ClassVar[str] = "Made new recovery codes"


class PasswordChanged(Event):
    name: ClassVar[str] = "signin.password_changed"
    said: ClassVar[str] = "Changed their password"


class SignedOut(Event):
    name: ClassVar[str] = "signin.signed_out"
    said: ClassVar[str] = "Signed out"
