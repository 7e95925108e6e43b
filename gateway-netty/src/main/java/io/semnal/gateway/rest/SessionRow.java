package io.semnal.gateway.rest;

/**
 * A client session that stands, for operators.
 *
 * @param encoding of its messages, which tells the transport as well
 * @param loop that serves it: {@code hot} or {@code edge}
 * @param since UTC nanoseconds
 */
public record SessionRow(
    long id,
    String keyId,
    String clientName,
    String peer,
    String encoding,
    String loop,
    long since) {}
