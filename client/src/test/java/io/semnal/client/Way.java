package io.semnal.client;

import io.semnal.protocol.session.ClientKey;

/** The ways in which a client and a server speak. */
enum Way {
  TCP,
  WS_SBE,
  WS_JSON;

  boolean isJson() {
    return this == WS_JSON;
  }

  int port(GatewayRig rig) {
    return this == TCP ? rig.tcp.getPort() : rig.ws.getPort();
  }

  ClientOptions options(String host, int port, boolean tls, ClientKey key) {
    String scheme = (this == TCP ? "tcp" : "ws") + (tls ? "s" : "");
    String uri = scheme + "://" + host + ":" + port + (this == TCP ? "" : "/ws");
    ClientOptions options = ClientOptions.of(uri, key);
    return isJson() ? options.withJson() : options;
  }

  ClientOptions options(GatewayRig rig) {
    return options("127.0.0.1", port(rig), false, GatewayRig.CLIENT);
  }
}
