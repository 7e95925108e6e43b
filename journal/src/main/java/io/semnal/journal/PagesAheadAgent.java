package io.semnal.journal;

import java.io.IOException;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The duty of a thread of its own beside a journal's writer: it readies the memory that the writer
 * comes to next. Without it, or where it is late, everything is the same but for the time that some
 * appends take.
 */
public final class PagesAheadAgent implements Agent {
  private static final Logger LOG = LoggerFactory.getLogger(PagesAheadAgent.class);

  private final List<PagesAhead> queues;
  private boolean broken;

  PagesAheadAgent(List<PagesAhead> queues) {
    this.queues = queues;
  }

  @Override
  public int doWork() {
    if (broken) {
      return 0;
    }
    int pages = 0;
    try {
      for (int i = 0; i < queues.size(); i++) {
        pages += queues.get(i).work();
      }
    } catch (IOException | RuntimeException | InternalError e) {
      // An InternalError is a page that the disk had no room for: the writer will meet it as well,
      // and knows what to do.
      broken = true;
      LOG.warn("the journal's pages are no longer made ready ahead of its writer", e);
    }
    return pages;
  }

  @Override
  public void onClose() {
    queues.forEach(PagesAhead::close);
  }

  @Override
  public String roleName() {
    return "pages-ahead";
  }
}
