package io.semnal.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.semnal.core.agent.AgentThread;
import io.semnal.gateway.GatewayLoop;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;

/**
 * A Netty event loop that one of our threads drives: an agent when there is other work, the place
 * to block when there is none.
 */
final class IoLoop implements Agent, AgentThread.Blocker {
  private static final long CLOSING = 2_000_000_000L;
  private final String name;
  private final ManualIoEventLoop loop;
  private final Class<? extends ServerChannel> serverChannel;

  /** Epoll where the machine has it, else NIO. */
  IoLoop(String name) {
    this.name = name;
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    loop = new ManualIoEventLoop(null, factory);
    serverChannel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** Before anything registers with the loop. */
  void ownedBy(Thread thread) {
    loop.setOwningThread(thread);
  }

  ManualIoEventLoop loop() {
    return loop;
  }

  GatewayLoop gatewayLoop() {
    return new GatewayLoop(loop, serverChannel);
  }

  Class<? extends ServerChannel> serverSocket() {
    return serverChannel;
  }

  Class<? extends Channel> socket() {
    return serverChannel == EpollServerSocketChannel.class
        ? EpollSocketChannel.class
        : NioSocketChannel.class;
  }

  ChannelFactory<? extends ServerChannel> channels() {
    return new ReflectiveChannelFactory<>(serverChannel);
  }

  @Override
  public int doWork() {
    return loop.runNow();
  }

  @Override
  public void block(long nanos) {
    loop.run(nanos);
  }

  @Override
  public void wakeup() {
    loop.wakeup();
  }

  /** Lets what was written go out and the channels close. */
  @Override
  public void onClose() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    long deadline = System.nanoTime() + CLOSING;
    while (!loop.isTerminated() && System.nanoTime() < deadline) {
      loop.run(1_000_000L);
    }
  }

  @Override
  public String roleName() {
    return name;
  }
}
