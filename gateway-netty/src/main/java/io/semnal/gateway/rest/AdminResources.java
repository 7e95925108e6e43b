package io.semnal.gateway.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import io.semnal.gateway.ModelAdmin;
import io.semnal.gateway.json.AdminRequests;
import io.semnal.gateway.json.BadRequestException;
import io.semnal.gateway.rest.Problem.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** What an admin's key may see and do: models, sessions, engine commands. Loop thread. */
public final class AdminResources {
  private static final int COST = 1;

  private AdminResources() {}

  /**
   * The operators' port.
   *
   * @param gate who may come in
   * @param desk {@code null} = there is no gateway, hence no sessions and commands
   */
  public static RestPort port(
      RestGate gate, LongSupplier clockMillis, ModelAdmin models, EngineDesk desk) {
    List<Route> routes = new ArrayList<>();
    routes.add(ClientResources.document());
    routes.add(get("models", c -> ClientResources.done(Reply.json(models.active()))));
    routes.add(get("models/drift", c -> ClientResources.done(Reply.json(models.drift()))));
    routes.add(post("models/promote", call -> promote(models, call)));
    if (desk != null) {
      routes.add(get("sessions", c -> ClientResources.done(sessions(desk))));
      routes.add(post("engine/commands", call -> command(desk, call)));
    }
    return new RestPort(routes, List.of(), gate, true, clockMillis);
  }

  private static Route get(String name, Route.Resource resource) {
    return new Route("GET", ClientResources.BASE + name, false, COST, Set.of(), resource);
  }

  private static Route post(String name, Route.Resource resource) {
    return new Route("POST", ClientResources.BASE + name, false, COST, Set.of(), resource);
  }

  private static CompletionStage<Reply> promote(ModelAdmin models, Call call) throws Problem {
    String reference;
    try {
      reference = AdminRequests.text(call.body(), "model");
    } catch (BadRequestException e) {
      throw new Problem(Code.MALFORMED, e.getMessage());
    }
    return models
        .promote(reference, call.key().id())
        .thenApply(
            answer -> {
              if (answer.status() == 200) {
                return Reply.json(answer.json());
              }
              throw new CompletionException(refused(answer));
            });
  }

  private static Problem refused(ModelAdmin.Answer answer) {
    Code code =
        switch (answer.status()) {
          case 409 -> Code.NOT_ACTIVATED;
          case 503 -> Code.BUSY;
          default -> Code.INTERNAL;
        };
    try {
      byte[] json = answer.json().getBytes(StandardCharsets.UTF_8);
      return new Problem(code, AdminRequests.text(json, "error"));
    } catch (BadRequestException e) {
      return new Problem(code, answer.json());
    }
  }

  private static CompletionStage<Reply> command(EngineDesk desk, Call call) throws Problem {
    return desk.command(call.key(), call.body())
        .thenApply(
            seq ->
                Reply.json(
                    Json.object(out -> out.writeStringField("journalSeq", Long.toString(seq)))));
  }

  private static Reply sessions(EngineDesk desk) {
    return Reply.json(
        Json.object(
            out -> {
              out.writeArrayFieldStart("sessions");
              for (SessionRow row : desk.sessions()) {
                write(out, row);
              }
              out.writeEndArray();
            }));
  }

  private static void write(JsonGenerator out, SessionRow row) throws IOException {
    out.writeStartObject();
    out.writeStringField("sessionId", Long.toString(row.id()));
    out.writeStringField("keyId", row.keyId());
    out.writeStringField("clientName", row.clientName());
    out.writeStringField("peer", row.peer());
    out.writeStringField("encoding", row.encoding());
    out.writeStringField("loop", row.loop());
    out.writeStringField("since", Long.toString(row.since()));
    out.writeEndObject();
  }
}
