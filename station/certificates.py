"""Whom the station trusts, decided by a person at a window. On the station's workers.

The driver notices by itself: it connects within its back-off, or ends the connection at once.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from drivers.certificate_facts import CertificateFacts, Standing
from plant_models.message import Message, message
from station.acts import Acts, act_entry
from station.parts import StationParts
from station.protocol import ActResult, CertificateDecision, OwnCertificate
from station.session import TRUSTERS, Session

KIND: Final = "certificate"
ONLY_TRUSTERS: Final = message("Only a supervisor, an engineer or an administrator may decide whom the station trusts")


class Certificates:
    """The certificates of one station; `folder` is its data folder."""

    def __init__(self, parts: StationParts, acts: Acts, folder: Path) -> None:
        self._parts = parts
        self._acts = acts
        self._folder = folder

    def decide(self, decision: CertificateDecision, session: Session) -> ActResult:
        """Trust the certificate that a server shows, or trust it no longer."""
        shown = self._shown(decision.device)
        name = shown.name if shown is not None and shown.sha256 == decision.sha256 else ""
        title = act_title(name, decision.sha256, decision.is_trusted)
        entry = act_entry(KIND, decision.device, title, session, decision.reason)
        return self._acts.carry_out(
            entry, lambda: self._refusal(decision, session), lambda: self._put(decision.device, decision.is_trusted)
        )

    def own(self) -> OwnCertificate:
        """Return the station's own certificate; it is made if there is none yet."""
        from drivers.opcua.certificates import FOLDER
        from drivers.opcua.own_certificate import CERTIFICATE_FILE, own_certificate
        from drivers.opcua.read_facts import facts_of
        from drivers.opcua.security_error import SecurityError

        folder = self._folder / FOLDER
        try:
            now = datetime.fromtimestamp(self._parts.clock.wall_us() / 1e6, UTC)
            facts = facts_of(own_certificate(folder, now).certificate)
        except SecurityError as error:
            return OwnCertificate(None, str(folder / CERTIFICATE_FILE), error.words)
        return OwnCertificate(facts, str(folder / CERTIFICATE_FILE))

    def _refusal(self, decision: CertificateDecision, session: Session) -> str:
        if decision.device not in self._parts.plant.devices:
            return message("There is no device {device}", device=decision.device)
        if not session.user or not session.roles & TRUSTERS:
            return ONLY_TRUSTERS
        if not decision.reason.strip():
            return message("It needs a reason")
        shown = self._shown(decision.device)
        if shown is None or shown.sha256 != decision.sha256:
            return message("{device} shows another certificate now; look at it again", device=decision.device)
        return "" if decision.is_trusted else self._irrevocable(decision.device)

    def _irrevocable(self, device: str) -> str:
        """Return that a certificate is trusted for its issuer's sake, "" if it isn't."""
        found = next((each.certificate for each in self._parts.pool.health() if each.device == device), None)
        if found is None or found.standing is not Standing.BY_AUTHORITY:
            return ""
        return message(
            "It is trusted because {authority} issued it; take that authority's certificate out of the folder trusted, "
            "or put its list of revoked certificates there",
            authority=found.authority,
        )

    def _shown(self, device: str) -> CertificateFacts | None:
        """Return the certificate that a server showed last."""
        found = next((each.certificate for each in self._parts.pool.health() if each.device == device), None)
        return found.facts if found is not None else None

    def _put(self, device: str, is_trusted: bool) -> str:
        from drivers.opcua.certificates import FOLDER, read_certificate
        from drivers.opcua.trust_list import TrustList

        shown = self._shown(device)
        assert shown is not None
        TrustList(self._folder / FOLDER).put(read_certificate(shown.der), is_trusted)
        return ""


def act_title(name: str, sha256: str, is_trusted: bool) -> Message:
    """Return what the audit says of a decision about a certificate."""
    if is_trusted:
        return message("Trust certificate {name} {thumbprint}", name=name, thumbprint=sha256)
    return message("Refuse certificate {name} {thumbprint}", name=name, thumbprint=sha256)
