package io.semnal.gateway.rest;

import io.semnal.core.access.Admission;
import io.semnal.core.access.AuditLog;
import io.semnal.protocol.session.KeyLookup;

/**
 * Who may come in over HTTP: the same keys, locks and audit log as the sessions have.
 *
 * @param admission counts connections and wrong proofs, of sessions too
 */
public record RestGate(KeyLookup keys, Admission admission, AuditLog audit) {}
