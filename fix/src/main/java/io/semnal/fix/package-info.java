/**
 * FIX 4.2, 4.3, 4.4 and FIXT.1.1: codec, session, message store and Netty adapters, none of which
 * starts a thread or, in a steady state, allocates.
 *
 * <p>To take part in a session:
 *
 * <pre>{@code
 * SessionConfig config =
 *     SessionConfig.initiator(FixVersion.FIX44, "US", "BROKER")
 *         .heartbeat(30).resetOnLogon(true).credentials(user, password).build();
 * FixApplication application = (session, message, now) -> {
 *   if (message.msgType() == MsgType.MARKET_DATA_SNAPSHOT) {
 *     group.open(message, Tag.NO_MD_ENTRIES);           // a FixGroup kept by the application
 *     while (group.next()) {
 *       char side = group.character(Tag.MD_ENTRY_TYPE);
 *       long price = group.decimal(Tag.MD_ENTRY_PX);    // mantissa of exponent -8, or NONE
 *     }
 *   }
 * };
 * FixSession session = new FixSession(config, new MemoryStore(), application);
 * FixInitiator initiator = new FixInitiator(loop, NioSocketChannel.class, session,
 *     List.of(address), new Backoff(SECOND, 60 * SECOND), tls, clock);
 * initiator.start();
 * // the agent, on the loop's thread:
 * loop.runNow();
 * initiator.doWork(clock.getAsLong());
 *
 * // to send, on that thread; from inside a callback, begin(type) takes the callback's time:
 * session.begin(MsgType.MARKET_DATA_REQUEST, now).text(Tag.MD_REQ_ID, "1").integer(264, 1);
 * session.send();
 * }</pre>
 *
 * An acceptor's port is a {@link io.semnal.fix.net.FixAcceptor} with a {@link
 * io.semnal.fix.session.SessionDirectory}, which finds or makes the session that a Logon names;
 * {@link io.semnal.fix.session.FixApplication#onLogonRequest} decides on it, {@link
 * io.semnal.fix.session.FixApplication#onResend} chooses between sending again and a gap fill. A
 * durable session has a {@link io.semnal.fix.store.MappedStore}. {@link
 * io.semnal.fix.session.FixSession#hold} and {@code release} make several messages leave in one
 * write.
 */
package io.semnal.fix;
