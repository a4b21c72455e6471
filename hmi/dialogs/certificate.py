"""Shows who a server says it is, and lets a person who may trust it, refuse it, or take the trust back. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from drivers.certificate_facts import ServerCertificate, Standing
from hmi.context import Context
from hmi.devices.certificate_words import expiry_words, standing_words
from hmi.dialogs.certificate_grid import CertificateGrid
from hmi.dialogs.notes import NotesBox
from hmi.dialogs.outcome import Outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.reason_field import ReasonField
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import button, set_text, wrapped
from station.protocol import ActResult, CertificateDecision
from station.session import TRUSTERS

_WIDTH: Final = 940
_LEAST_WIDTH: Final = 104


class CertificateDialog(Sheet):
    """One dialog carries out one decision about the certificate that it shows, whatever the server shows by now."""

    def __init__(self, context: Context, device: str, shown: ServerCertificate) -> None:
        title = tr("Certificate of {device}").format(device=device)
        super().__init__(title, context.plant.devices[device].description, _WIDTH)
        self._context, self._device, self._shown = context, device, shown
        self._is_deciding = self._is_sent = False
        self._may_decide = bool(context.session.roles & TRUSTERS)
        self.reason = ReasonField(is_needed=True)
        self.progress = Progress()
        self.leave = button(tr("Cancel") if self._can_change else tr("Close"), "command")
        self.refuse = button(tr("Refuse"), "command")
        self.trust = button(tr("Trust"), "primary")
        self.trust.setProperty("scale", "command")
        self.revoke = button(tr("Trust no longer"), "primary")
        self.revoke.setProperty("scale", "command")
        self._build()

    @property
    def may_close(self) -> bool:
        """A dialog whose decision is on its way stays: leaving it must not look like taking it back."""
        return not self._is_deciding

    def first_focus(self) -> QPushButton:
        return self.leave

    def decide(self, is_trusted: bool) -> None:
        """Have the station carry out a decision; a second click finds nothing to do."""
        if self._is_sent or not self.reason.text():
            return
        self._is_sent = True
        self._set_deciding(True)
        self.reason.lock()
        self.progress.show_writing(tr("Deciding…"))
        sha256, why = self._shown.facts.sha256, self.reason.text()
        decision = CertificateDecision(device=self._device, sha256=sha256, is_trusted=is_trusted, reason=why)
        self._context.tasks.start(self._send(decision))

    @property
    def _is_unknown(self) -> bool:
        return self._shown.standing is Standing.UNKNOWN

    @property
    def _can_change(self) -> bool:
        return self._may_decide and self._shown.standing is not Standing.BY_AUTHORITY

    async def _send(self, decision: CertificateDecision) -> None:
        try:
            result = await self._context.station.decide_certificate(decision, self._context.session)
        except BaseException:
            self._end(Outcome(False, tr("The outcome is unknown"), tr("Look at the state of the device.")))
            raise
        self._end(self._outcome(decision, result))

    def _outcome(self, decision: CertificateDecision, result: ActResult) -> Outcome:
        if not result.is_done:
            return Outcome(False, tr("Nothing was changed"), tr(result.message))
        words = tr(result.message)
        if decision.is_trusted:
            seconds = self._context.plant.devices[self._device].back_off_s
            next_try = tr("The next attempt to connect comes within {seconds} s.").format(seconds=f"{seconds:g}")
            return Outcome(not words, tr("The certificate is trusted"), words or next_try)
        done = tr("The certificate is refused") if self._is_unknown else tr("The certificate is trusted no longer")
        return Outcome(not words, done, words or tr("No connection is made with it."))

    def _end(self, end: Outcome) -> None:
        self._set_deciding(False)
        set_text(self.leave, tr("Close"))
        for each in (self.trust, self.refuse, self.revoke):
            each.hide()
        self.leave.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.show_outcome(end)

    def _set_deciding(self, is_deciding: bool) -> None:
        self._is_deciding = is_deciding
        for each in (self.trust, self.refuse, self.revoke, self.leave, self.close_button):
            each.setEnabled(not is_deciding)

    def _refresh(self) -> None:
        for each in (self.trust, self.refuse, self.revoke):
            each.setEnabled(bool(self.reason.text()) and not self._is_sent)

    def _build(self) -> None:
        self._add_notes()
        self.body.addWidget(CertificateGrid(self._shown.facts, self._context.zone))
        if self._can_change:
            self.body.addWidget(self.reason)
        elif not self._may_decide:
            rule = tr("Only a supervisor, an engineer or an administrator may decide whom the station trusts.")
            self.body.addWidget(wrapped(rule, "text2"))
        self.reason.edited.connect(self._refresh)
        self.leave.clicked.connect(self.close_sheet)
        self.trust.clicked.connect(lambda: self.decide(True))
        self.refuse.clicked.connect(lambda: self.decide(False))
        self.revoke.clicked.connect(lambda: self.decide(False))
        self.footer.addWidget(self.progress, 1)
        for each in (self.leave, self.refuse, self.trust, self.revoke):
            each.setMinimumWidth(_LEAST_WIDTH)
            self.footer.addWidget(each)
        self.trust.setVisible(self._can_change and self._is_unknown)
        self.refuse.setVisible(self._can_change and self._is_unknown)
        self.revoke.setVisible(self._can_change and not self._is_unknown)
        self._refresh()

    def _add_notes(self) -> None:
        expiry = expiry_words(self._shown.facts, self._context.clock.wall_us(), self._context.zone)
        standing = standing_words(self._shown)
        problems = tuple(tr(each) for each in self._shown.problems)
        notes: list[tuple[str, tuple[str, ...]]] = []
        if self._is_unknown:
            advice = tr("Before you trust it, compare its thumbprint with what the server itself shows.")
            notes.append((standing, (advice,)))
        else:
            self.body.addWidget(wrapped(standing, "strong"))
        if problems:
            notes.append((tr("No connection is made with it as it is:"), problems))
        elif expiry:
            notes.append((expiry, (tr("Renew it on the server before that."),)))
        if notes:
            self.body.addWidget(NotesBox(*notes))
