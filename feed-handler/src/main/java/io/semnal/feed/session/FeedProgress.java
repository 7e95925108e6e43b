package io.semnal.feed.session;

/**
 * How far a feed has come.
 *
 * @param read quotes of the input passed so far, those that the server had already included
 * @param present quotes that the server had when the feed first logged in
 * @param presentUntil event time of the last of these in the input, as far as it was read; 0 = none
 * @param sent quotes written to the server, those sent again after a reconnection included
 * @param acknowledged the quote up to which the server has settled all: journaled, or rejected
 * @param rejections complaints of the server about quotes; it leaves out some when there are many
 * @param lastRejection the last such complaint; empty = none
 * @param reconnects connections lost or refused for the moment
 * @param elapsedNanos since the start
 * @param connected whether a session stands
 */
public record FeedProgress(
    long read,
    long present,
    long presentUntil,
    long sent,
    long acknowledged,
    long rejections,
    String lastRejection,
    int reconnects,
    long elapsedNanos,
    boolean connected) {}
