package io.semnal.protocol.session;

/**
 * What the server's {@code Accepted} says.
 *
 * @param epoch of the outbound numbering
 * @param oldestOutSeq the oldest outbound message that a client can resume after
 * @param headOutSeq the newest outbound message
 * @param sourceId feeds: the id of the source; else 0
 * @param lastSourceSeq feeds: the last journaled quote of the source
 * @param heartbeatMillis silence after which either side sends a heartbeat; 0 = never
 * @param maxFrame most bytes of a frame from the client, framing header included
 * @param admin whether engine commands are taken
 * @param channels the schema's {@code Channels} bits that the key allows
 */
public record SessionTerms(
    long sessionId,
    long epoch,
    long oldestOutSeq,
    long headOutSeq,
    int sourceId,
    long lastSourceSeq,
    int heartbeatMillis,
    int maxFrame,
    boolean admin,
    int channels,
    String serverName) {}
