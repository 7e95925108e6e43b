package io.semnal.gateway;

import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;

/**
 * The I/O loop that sessions live on.
 *
 * @param loop its thread calls everything else; run by an agent ({@code ManualIoEventLoop}) or by
 *     itself
 * @param serverChannel of the loop's kind: NIO or epoll
 */
public record GatewayLoop(EventLoop loop, Class<? extends ServerChannel> serverChannel) {}
