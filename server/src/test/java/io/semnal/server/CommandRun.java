package io.semnal.server;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * A command run in this process, as its user would: the exit code and what it printed.
 *
 * @param exit 0 done, 1 failed, 2 misused
 */
record CommandRun(int exit, String out, String err) {
  static CommandRun of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Semnal.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new CommandRun(exit, out.toString(), err.toString());
  }

  /** The same, which must have gone well. */
  static CommandRun done(String... args) {
    CommandRun run = of(args);
    if (run.exit() != 0) {
      throw new AssertionError(String.join(" ", args) + " ended with " + run);
    }
    return run;
  }
}
