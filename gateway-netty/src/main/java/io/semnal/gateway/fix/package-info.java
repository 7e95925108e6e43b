/** Outbound messages as FIX application messages, and FIX requests as those of the session. */
package io.semnal.gateway.fix;
